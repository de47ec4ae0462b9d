"""Cells into values: in the many ways people and programs write them; what cannot be taken says why."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from leads.importing import dates, values
from leads.importing.dates import Order, order_of
from leads.importing.problems import SENTENCES, Bad, sentence

TOKYO = ZoneInfo("Asia/Tokyo")


def moment(text, order=Order.YMD):
    return dates.moment(text, TOKYO, order)


@pytest.mark.parametrize(
    "text",
    ["2018-04-24 03:00:00", "2018.04.24 3:00", "2018/4/24 3:00", "2018年4月24日 3時00分", "2018-04-24T03:00:00",
     "2018-04-24T03:00:00.000+09:00", "2018-04-23T18:00:00Z", "20180424 3:00", "2018. 4. 24. 3:00", "2018/4/24(火) 3:00",
     "2018-04-24 3:00 AM"],
)  # fmt: skip
def test_one_moment_however_it_is_written(text):
    assert moment(text) == datetime(2018, 4, 24, 3, tzinfo=TOKYO)


@pytest.mark.parametrize(
    "text", ["2018-02-01", "2018.02.01", "2018/2/1", "20180201", "1 Feb 2018", "Feb 1, 2018"]
)
def test_a_day_begins_at_midnight_of_the_organisation(text):
    assert moment(text) == datetime(2018, 1, 31, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("24/04/2018", Order.DMY, date(2018, 4, 24)),
        ("4/24/2018", Order.MDY, date(2018, 4, 24)),
        ("5.5.2018", Order.UNCLEAR, date(2018, 5, 5)),
        ("2018年4月", Order.YMD, date(2018, 4, 1)),
        ("2018-04", Order.YMD, date(2018, 4, 1)),
    ],
)
def test_days_and_months_in_other_orders(text, order, expected):
    assert dates.day(text, order) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("令和8年9月4日", "not_a_date"),
        ("20.máj", "not_a_date"),
        ("43132", "not_a_date"),
        ("2018-02-30", "date_impossible"),
        ("2018-13-01", "date_impossible"),
        ("2018-01-01 25:00", "date_impossible"),
        ("0001-01-01", "date_too_old"),
        ("3/4/2018", "date_unclear"),
        ("1 Foo 2018", "not_a_date"),
    ],
)
def test_what_is_no_day_says_so(text, code):
    with pytest.raises(Bad) as bad:
        moment(text, Order.UNCLEAR)
    assert bad.value.code == code


def test_something_that_happened_does_not_lie_in_the_future():
    at = datetime(2026, 11, 21, tzinfo=UTC)
    with pytest.raises(Bad) as bad:
        dates.past("2026-12-01", TOKYO, Order.YMD, at)
    assert bad.value.code == "date_in_future"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2018-02-01", ""], Order.YMD),
        (["1/2/2018", "24/4/2018"], Order.DMY),
        (["1/2/2018", "4/24/2018"], Order.MDY),
        (["1/2/2018", "3/4/2018"], Order.UNCLEAR),
        (["24/4/2018", "4/24/2018"], Order.UNCLEAR),
        (["never", ""], None),
    ],
)
def test_a_whole_column_says_what_comes_first(cells, expected):
    assert order_of(cells) == expected


@pytest.mark.parametrize(
    "text",
    [
        "03-6739-8462",
        "0367398462",
        "03(6739)8462",
        "０３－６７３９－８４６２",
        "03ー6739ー8462",
        "+81 3-6739-8462",
        "367398462",
    ],
)
def test_one_phone_number_however_it_is_written(text):
    assert values.phone(text, "JP") == "03-6739-8462"


@pytest.mark.parametrize(
    ("text", "code"),
    [("058-000-12", "phone_digits"), ("090-1234-567", "phone_digits"), ("0", "phone_invalid"), ("なし", "phone_invalid")],
)  # fmt: skip
def test_a_number_that_cannot_be_dialled_says_so(text, code):
    with pytest.raises(Bad) as bad:
        values.phone(text, "JP")
    assert bad.value.code == code


@pytest.mark.parametrize(
    "text",
    ["Taro.Yamada@Example.co.jp", " taro.yamada＠example.co.jp", "<taro.yamada@example.co.jp>"],
)
def test_one_address_however_it_is_written(text):
    assert values.email(values.one_line(text)) == "taro.yamada@example.co.jp"


@pytest.mark.parametrize(
    ("text", "code"),
    [("taro.example.com", "email_no_at"), ("a@b", "email_invalid"), ("a b@@c", "email_invalid")],
)
def test_what_is_no_address_says_so(text, code):
    with pytest.raises(Bad) as bad:
        values.email(text)
    assert bad.value.code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,280,000", 1_280_000), ("¥1280000", 1_280_000), ("128万円", 1_280_000), ("1.2億", 120_000_000), ("１００", 100),
     ("100.0", 100), ("99.5", 100)],
)  # fmt: skip
def test_amounts_as_people_write_them(text, expected):
    assert values.yen(text) == expected


@pytest.mark.parametrize("text", ["-5", "about 5", "1e400", "9" * 30, "", "NaN", "∞"])
def test_what_is_no_amount_says_so(text):
    with pytest.raises(Bad):
        values.yen(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("300名", 300), ("1,000人以上", 1000), ("100〜299名", 100), ("約50", 50)]
)
def test_sizes_of_companies(text, expected):
    assert values.people_count(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("30", 30), ("30%", 30), ("0.3", 30), ("100", 100), ("0", 0)]
)
def test_probabilities(text, expected):
    assert values.percent(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("○", True), ("×", False), ("はい", True), ("No", False), ("１", True), ("FALSE", False)],
)
def test_yes_and_no(text, expected):
    assert values.yes_or_no(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("佐伯 千尋", ("佐伯", "千尋")), ("佐伯千尋", ("佐伯千尋", "")), ("Chihiro Saeki", ("Saeki", "Chihiro")),
     ("Saeki, Chihiro", ("Saeki", "Chihiro")), ("Mary Jane Watson", ("Watson", "Mary Jane"))],
)  # fmt: skip
def test_a_full_name_in_two(text, expected):
    assert values.full_name(text) == expected


def test_lines_are_made_even_but_characters_of_names_stay():
    assert values.one_line("　髙橋　﨑子\u200b ＡＢＣ１２３ ｶﾅ  ") == "髙橋 﨑子 ABC123 カナ"
    assert values.many_lines("一行目  \r\n二行目\u0000") == "一行目\n二行目"


def test_what_we_defused_on_the_way_out_comes_back_as_it_was():
    assert values.one_line("'+81 90-1234-5678") == "+81 90-1234-5678"
    assert values.one_line("'quoted'") == "'quoted'"


def test_unknown_is_an_answer_and_select_is_none():
    assert not values.is_placeholder("unknown")
    assert values.is_placeholder("Select")


@pytest.mark.parametrize("code", SENTENCES)
def test_every_reason_has_its_sentence(code):
    data = dict.fromkeys(
        ("value", "most", "found", "expected", "choices", "encoding", "sentence"), "something"
    )
    assert sentence(code, data).strip()
