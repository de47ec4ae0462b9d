"""Rows as they stand in a file: whatever the bytes, each line is a row or has a reason."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.importing.formats import CP932, UTF8, UTF16, guess_format
from leads.importing.problems import Unreadable
from leads.importing.reading import MOST_CELL, Table
from tests.imports.given import a_file, a_table, csv_of, xlsx_of

pytestmark = pytest.mark.django_db

HEADING = ("氏名", "メール")
ROWS = [("髙橋 一郎", "taka@example.com"), ("﨑山 花", "saki@example.com")]


def cells(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows()]


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", UTF8), ("utf-8-sig", UTF8), ("cp932", CP932), ("utf-16", UTF16)],
)
def test_the_encoding_is_recognised(encoding, expected):
    table = a_table(csv_of(HEADING, *ROWS, encoding=encoding))
    assert table.form.encoding == expected
    assert table.heading == list(HEADING)
    assert cells(table) == [list(row) for row in ROWS]


def test_utf_8_is_asked_before_cp932_since_many_of_its_words_are_both():
    word = next(w for w in ("会社", "営業部", "東京", "株式会社") if _decodes(w.encode(), "cp932"))
    assert a_table(f"{word},b\n1,2\n").form.encoding == UTF8


def _decodes(data, encoding):
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def test_bytes_of_no_encoding_are_refused_with_a_choice_and_read_line_by_line_once_chosen():
    content = "氏名,メール\n山田,a@example.com\n".encode("cp932") + b"\x81\xff,b@example.com\n"
    with pytest.raises(Unreadable):
        a_table(content)
    rows = list(a_table(content, encoding="cp932").rows())
    assert [row.problem and row.problem.code for row in rows] == [None, "undecodable"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_recognised(delimiter):
    table = a_table(csv_of(("a", "b", "c"), (1, "x, y", 3), delimiter=delimiter))
    assert table.form.delimiter == delimiter
    assert cells(table) == [["1", "x, y", "3"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_machine(end):
    table = a_table(end.join(["a,b", "1,2", "3,4", ""]))
    assert cells(table) == [["1", "2"], ["3", "4"]]


def test_a_cell_may_hold_lines_and_quotes():
    table = a_table('a,b\n"one\ntwo","say ""hi"""\n3,4\n')
    rows = list(table.rows())
    assert rows[0].cells == ["one\ntwo", 'say "hi"']
    assert [row.line for row in rows] == [2, 4]


def test_blank_lines_are_no_rows_and_a_note_above_the_heading_is_no_heading():
    table = a_table("Exported on Monday\n\na,b\n\n1,2\n,\n3,4\n\n")
    assert table.heading == ["a", "b"]
    assert [(row.line, row.cells) for row in table.rows()] == [(5, ["1", "2"]), (7, ["3", "4"])]


def test_headings_without_a_name_or_twice_the_same_can_still_be_told_apart():
    table = a_table("a,,a\n1,2,3\n")
    assert table.heading == ["a", "#2", "a (2)"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1,2", "too_few_cells"),
        ("1,2,3,4", "too_many_cells"),
        ("1,a\0b,3", "nul"),
        ('1,"a"b,3', "quote"),
        (f"1,{'x' * (MOST_CELL + 1)},3", "cell_too_long"),
        (f"1,{'x' * 200_000},3", "quote"),
    ],
    ids=["few", "many", "nul", "quote", "long cell", "huge cell"],
)
def test_a_row_that_cannot_be_taken_says_why_and_the_next_one_goes_in(line, code):
    rows = list(a_table(f"a,b,c\n{line}\n7,8,9\n").rows())
    assert [row.problem and row.problem.code for row in rows] == [code, None]
    assert [row.line for row in rows] == [2, 3]


def test_cells_that_are_too_many_but_blank_are_no_harm():
    assert cells(a_table("a,b\n1,2,,\n")) == [["1", "2"]]


def test_a_quotation_mark_nobody_closes_costs_one_row_not_the_rest_of_the_file():
    rest = "".join(f"{n},{n}\n" for n in range(200))
    rows = list(a_table(f'a,b\n1,"open\n{rest}').rows())
    assert rows[0].problem.code == "quote"
    assert [row.cells[0] for row in rows[1:]] == [str(n) for n in range(200)]


def test_a_file_that_is_no_csv_at_all_is_refused_before_it_costs_time():
    table = a_table("a,b\n" + '"x"y,1\n' * 2000)
    with pytest.raises(Unreadable):
        table.count()


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16"])
def test_reading_can_go_on_from_behind_any_row(encoding):
    lines = "氏名,b\r\n" + "".join(f'"{n}\r\n行",x\r\n\r\n' for n in range(7)) + '9"9,y\r\n山,z'
    table = a_table(lines.encode(encoding), encoding=encoding)
    rows = list(table.rows())
    for at, row in enumerate(rows):
        rest = [(one.line, one.cells, one.after) for one in table.rows(row.after)]
        assert rest == [(one.line, one.cells, one.after) for one in rows[at + 1 :]]


def test_a_workbook_reads_as_a_csv_of_it_would():
    import datetime

    day = datetime.datetime(2026, 11, 21)
    content = xlsx_of(
        ("氏名", "数", "日", "時", "可"),
        ("山田", 5, day, day.replace(hour=9, minute=30), True),
        ("鈴木", 1.5, None, "", False),
    )
    table = a_table(content)
    assert table.form.is_xlsx
    assert cells(table) == [
        ["山田", "5", "2026-11-21", "2026-11-21 09:30:00", "TRUE"],
        ["鈴木", "1.5", "", "", "FALSE"],
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"   \n", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old office", b"\n\n\n"],
    ids=["nothing", "blank", "broken zip", "xls", "no heading"],
)
def test_what_is_no_table_is_refused_in_a_sentence(content):
    with pytest.raises(Unreadable) as refused:
        a_table(content)
    assert str(refused.value).strip()


def test_a_zip_that_is_no_workbook_is_refused():
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("secret.txt", "x")
    with pytest.raises(Unreadable):
        a_table(out.getvalue())


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text(alphabet=st.characters(codec="utf-8"), max_size=300).map(lambda t: t.encode()),
        st.text(alphabet='",;\t\r\n\0a髙', max_size=200).map(lambda t: t.encode()),
        st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
        st.binary(max_size=200).map(lambda tail: b"\xff\xfe" + tail),
    ),
    encoding=st.sampled_from(["", UTF8, CP932, UTF16]),
)
def test_odd_bytes_give_rows_and_reasons_or_a_refusal_never_anything_else(content, encoding):
    file = a_file(content)
    try:
        form = guess_format(file, encoding=encoding)
        table = Table(file, form)
        rows = list(table.rows())
    except Unreadable:
        return
    for row in rows:
        assert row.problem or len(row.cells) == len(table.heading)
        assert row.problem or "\0" not in "".join(row.cells)
    assert [row.after.number for row in rows] == list(range(1, len(rows) + 1))
    places = [row.after for row in rows]
    assert places == sorted(places)
    if rows:
        assert [row.cells for row in table.rows(rows[0].after)] == [row.cells for row in rows[1:]]
