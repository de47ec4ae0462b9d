"""The same import from the command line: its report, its exit code, its refusals."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from handoff.models import Deal
from leads.importing import mapping
from leads.importing.targets import TARGETS
from leads.models import Lead
from tests.factories import a_lead, an_mql
from tests.imports.given import csv_of, xlsx_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(monkeypatch, defaults):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def a_path(tmp_path):
    def written(content, name="rows.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return written


def run(*args, code=0) -> str:
    out = io.StringIO()
    if code:
        with pytest.raises(SystemExit) as ended:
            call_command(*args, stdout=out, stderr=io.StringIO())
        assert ended.value.code == code
    else:
        call_command(*args, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_columns_are_recognised_mapped_and_left_out_and_it_is_said_which(a_path):
    content = csv_of(("mql_id", "when", "foo"), ("A1", "2018-02-01", "x"))
    said = run(
        "import_file", "leads", a_path(content), "--map", "when=captured_at", "--set", "stage=mql"
    )
    assert "mql_id → external_id" in said
    assert "when → captured_at" in said
    assert "Left out: foo" in said
    assert "New 1  Updated 0  Unchanged 0  Rejected 0" in said
    lead = Lead.objects.get()
    assert (lead.stage, lead.mql_at) == ("mql", lead.captured_at)


def test_rejected_rows_end_with_one_and_are_listed_by_line_column_and_reason(a_path):
    path = a_path("姓,メール\n山田,a@example.com\n林,b.example.com\n")
    said = run("import_file", "leads", path, code=1)
    assert "line 3: メール: “b.example.com” is not an e-mail address: there is no @." in said
    found = json.loads(run("import_file", "leads", path, "--json", code=1))
    assert (found["new"], found["unchanged"], found["rejected"], found["rows"]) == (0, 1, 1, 2)
    assert found["rejections"] == [
        {
            "line": 3,
            "reasons": [
                {
                    "column": "メール",
                    "reason": "“b.example.com” is not an e-mail address: there is no @.",
                }
            ],
        }
    ]


def test_many_rows_of_one_reason_are_told_together(a_path):
    rows = "".join(f"林{n},x{n}\n" for n in range(50))
    said = run("import_file", "leads", a_path(f"姓,メール\n{rows}"), code=1)
    assert "50 × メール:" in said
    assert "and 40 more" in said


def test_a_dry_run_writes_nothing(a_path):
    run("import_file", "leads", a_path("姓\n山田\n"), "--dry-run")
    assert not Lead.objects.exists()


def test_a_remembered_mapping_is_taken_by_name(a_path, noa):
    target = TARGETS["leads"]
    mapping.remember(target, ["x", "y"], {"x": "family_name", "y": ""}, name="Cards", by=noa)
    run("import_file", "leads", a_path("x,y\n山田,1\n"), "--mapping", "Cards", "--as", noa.email)
    lead = Lead.objects.get()
    assert (lead.family_name, lead.events.get().by) == ("山田", noa)


def test_deals_and_workbooks_come_in_too(a_path):
    an_mql("Sato", external_id="A1")
    content = xlsx_of(("mql_id", "won_date", "sr_id"), ("A1", "2026-03-20", "x9"))
    run("import_file", "deals", a_path(content, "deals.xlsx"), "--create-people")
    assert Deal.objects.get().owner.external_name == "x9"


@pytest.mark.parametrize(
    "args",
    [
        ("--map", "nothing=email"),
        ("--map", "姓=nothing"),
        ("--map", "姓"),
        ("--set", "stage"),
        ("--set", "stage=sql"),
        ("--set", "email=a@example.com"),
        ("--mapping", "unknown"),
        ("--as", "nobody@example.com"),
        ("--encoding", "ebcdic"),
        ("--delimiter", "and"),
        ("--delimiter", '"'),
        ("--map", "姓="),
    ],
    ids=lambda args: "=".join(args),
)
def test_a_slip_is_told_and_nothing_begins(a_path, args):
    with pytest.raises(CommandError) as told:
        run("import_file", "leads", a_path("姓\n山田\n"), *args)
    assert str(told.value).strip()
    assert not Lead.objects.exists()


def test_a_file_that_is_not_there_or_empty_is_told(a_path, tmp_path):
    for path in (str(tmp_path / "nowhere.csv"), a_path(""), str(tmp_path)):
        with pytest.raises(CommandError):
            run("import_file", "leads", path)


def test_who_may_not_import_is_told(a_path, paz):
    with pytest.raises(CommandError):
        run("import_file", "leads", a_path("姓\n山田\n"), "--as", paz.email)


def test_export_writes_what_the_filters_mean(tmp_path, noa):
    a_lead("山田", stage="mql", mql_at=noa.date_joined)
    a_lead("=林", phone="+1 415-555-2671")
    said = run("export", "leads", "--filter", "stage=mql")
    assert said.startswith("\ufeffExternal id,Family name")
    assert "山田" in said
    assert "林" not in said
    path = tmp_path / "all.csv"
    run("export", "leads", "--output", str(path))
    text = path.read_bytes().decode("utf-8-sig")
    assert "'=林" in text
    assert "'+1 415-555-2671" in text
    assert text.count("\r\n") == 3


@pytest.mark.parametrize(
    "args",
    [
        ("--filter", "sage=mql"),
        ("--filter", "stage=foo"),
        ("--filter", "stage"),
        ("--as", "x@example.com"),
    ],
)
def test_an_export_that_cannot_be_meant_is_told(args):
    with pytest.raises(CommandError):
        run("export", "leads", *args)
