"""Files of leads: who is new, who is known, what changes, and that the same file again changes nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from common import jobs
from common.refusals import Malformed, NotAllowed
from leads.models import (
    Campaign,
    Company,
    ImportedLead,
    Lead,
    LeadEvent,
    Source,
)
from leads.states import Via
from tests.factories import a_company, a_lead
from tests.imports.cards import NOBODY, SUZUKI, YAMADA, cards, state_of_the_world
from tests.imports.given import a_file, counts, csv_of, imported, reasons, started

pytestmark = pytest.mark.django_db

TOKYO = ZoneInfo("Asia/Tokyo")


def test_rows_become_leads_with_their_company_source_and_history(noa):
    job = imported(cards(YAMADA, SUZUKI), by=noa)
    assert counts(job) == (2, 0, 0, 0)
    lead = Lead.objects.get(external_id="A1")
    assert (lead.family_name, lead.email, lead.phone) == (
        "山田",
        "taro@example.com",
        "03-6739-8462",
    )
    assert lead.company.name == "(株)見本"
    assert lead.source.name == "展示会"
    assert lead.captured_at == datetime(2026, 11, 2, tzinfo=TOKYO)
    assert lead.team == noa.team
    assert Lead.objects.matching("見本").get() == lead
    made = lead.events.get()
    assert (made.verb, made.via, made.by, made.at) == (
        "lead.create",
        Via.IMPORT,
        noa,
        lead.captured_at,
    )
    assert Lead.objects.get(family_name="鈴木").source is None


def test_the_same_file_again_changes_nothing(noa):
    content = cards(YAMADA, SUZUKI, ("", "無", "垢", "どこか", "", "", "", "", ""))
    imported(content, by=noa)
    before = state_of_the_world()
    assert counts(imported(content, by=noa)) == (0, 0, 3, 0)
    assert state_of_the_world() == before


def test_a_file_that_speaks_twice_of_somebody_gives_the_same_result_again(noa):
    second = ("A1", "山田", "太郎", "", "部長", "taro@example.com", "", "Web", "")
    content = cards(YAMADA, SUZUKI, second, SUZUKI)
    assert counts(imported(content, by=noa)) == (2, 0, 2, 0)
    assert Lead.objects.get(external_id="A1").title == "課長"
    before = state_of_the_world()
    assert counts(imported(content, by=noa)) == (0, 0, 4, 0)
    assert state_of_the_world() == before


def test_later_rows_fill_the_gaps_of_earlier_ones_of_the_same_file(noa):
    bare = ("A1", "山田", "太郎", "", "", "", "", "", "")
    assert counts(imported(cards(bare, YAMADA), by=noa)) == (1, 1, 0, 0)
    assert Lead.objects.get().email == "taro@example.com"


def test_what_the_file_says_wins_but_a_blank_never_erases(noa):
    imported(cards(YAMADA), by=noa)
    changed = ("A1", "山田", "太郎", "", "部長", "", "", "", "")
    assert counts(imported(cards(changed), by=noa)) == (0, 1, 0, 0)
    lead = Lead.objects.get()
    assert (lead.title, lead.email, lead.phone) == ("部長", "taro@example.com", "03-6739-8462")
    edit = lead.events.get(verb="lead.edit")
    assert edit.data["fields"] == ["title"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-11-02 10:20:30", (0, 0, 1, 0)),
        ("2026-11-02 10:20", (0, 0, 1, 0)),
        ("2026-11-02", (0, 0, 1, 0)),
        ("2026-11-02 10:21", (0, 1, 0, 0)),
        ("2026-11-03", (0, 1, 0, 0)),
    ],
)
def test_a_moment_that_only_says_less_is_no_other_moment(noa, said, expected):
    moment = datetime(2026, 11, 2, 10, 20, 30, 123456, tzinfo=TOKYO)
    a_lead("山田", external_id="A1", captured_at=moment)
    row = ("A1", "山田", "", "", "", "", "", "", said)
    assert counts(imported(cards(row), by=noa)) == expected


@pytest.mark.parametrize(
    ("existing", "expected", "title", "phone"),
    [
        ("update", (0, 1, 0, 0), "部長", "03-6739-8462"),
        ("fill", (0, 1, 0, 0), "課長", "03-6739-8462"),
        ("skip", (0, 0, 1, 0), "課長", ""),
    ],
)
def test_people_decide_what_a_file_does_to_those_we_have(noa, existing, expected, title, phone):
    a_lead("山田", external_id="A1", title="課長")
    row = ("A1", "山田", "", "", "部長", "", "03-6739-8462", "", "")
    assert counts(imported(cards(row), by=noa, existing=existing)) == expected
    lead = Lead.objects.get()
    assert (lead.title, lead.phone) == (title, phone)


def test_a_person_is_known_by_id_else_by_address_and_name(noa):
    by_id = a_lead("旧姓", external_id="A1", email="old@example.com")
    by_mail = a_lead("鈴木", given_name="花子", email="hana@example.com")
    imported(cards(YAMADA, SUZUKI), by=noa)
    by_id.refresh_from_db()
    by_mail.refresh_from_db()
    assert (by_id.family_name, by_id.email) == ("山田", "taro@example.com")
    assert by_mail.company.name == "例示商事"
    assert Lead.objects.count() == 2


def test_two_names_at_one_address_are_two_people(noa):
    a_lead("鈴木", given_name="一郎", email="hana@example.com")
    assert counts(imported(cards(SUZUKI), by=noa)) == (1, 0, 0, 0)


def test_an_address_alone_that_several_share_is_not_guessed(noa):
    a_lead("鈴木", email="info@example.com")
    a_lead("佐藤", email="info@example.com")
    row = ("", "", "", "", "", "info@example.com", "", "", "")
    job = imported(cards(row), by=noa)
    assert reasons(job) == [(2, "メールアドレス", "email_of_several")]


def test_two_ids_are_two_people_whatever_else_they_share(noa):
    twin = ("A2", *YAMADA[1:])
    assert counts(imported(cards(YAMADA, twin), by=noa)) == (2, 0, 0, 0)
    assert counts(imported(cards(YAMADA, twin), by=noa)) == (0, 0, 2, 0)


def test_an_id_is_given_to_somebody_who_had_none(noa):
    a_lead("山田", given_name="太郎", email="taro@example.com")
    assert counts(imported(cards(YAMADA), by=noa)) == (0, 1, 0, 0)
    assert Lead.objects.get().external_id == "A1"


def test_rows_that_cannot_go_in_say_line_column_and_reason_and_the_others_go_in(noa):
    content = cards(
        YAMADA,
        NOBODY,
        ("A2", "佐藤", "", "", "", "sato.example.com", "058-000-12", "", "令和8年9月4日"),
        SUZUKI,
    )
    job = imported(content, by=noa)
    assert counts(job) == (2, 0, 0, 2)
    assert reasons(job) == [(3, "", "nobody"), (4, "メールアドレス", "email_no_at")]
    rejected = job.rejections.get(line=4)
    assert [(column, code) for column, code, _data in rejected.data["also"]] == [
        ("電話番号", "phone_digits"),
        ("獲得日", "not_a_date"),
    ]
    assert rejected.row[1] == "佐藤"


def test_a_blank_source_is_none_and_unknown_is_one(noa):
    imported(cards(("A1", *YAMADA[1:7], "unknown", ""), ("A2", *YAMADA[1:7], "", "")), by=noa)
    assert Lead.objects.get(external_id="A1").source.name == "unknown"
    assert Lead.objects.get(external_id="A2").source is None


def test_a_source_written_a_little_differently_is_the_one_we_have(noa):
    Source.objects.create(name="organic_search")
    imported(cards(("A1", *YAMADA[1:7], "Organic Search", "")), by=noa)
    assert Source.objects.get().name == "organic_search"


@pytest.mark.parametrize(
    ("names", "companies"),
    [
        (("株式会社見本", "(株)見本", "㈱見本", "株式会社　見本"), 1),
        (("岡部株式会社", "株式会社岡部"), 2),
        (("見本", "見本 "), 1),
    ],
)
def test_a_company_is_one_however_its_form_is_written_but_the_place_of_the_form_counts(
    noa, names, companies
):
    rows = [(f"A{n}", "山田", "", name, "", "", "", "", "") for n, name in enumerate(names)]
    imported(cards(*rows), by=noa)
    assert Company.objects.count() == companies


def test_known_companies_only_gain(noa):
    a_company("見本", industry="製造")
    imported(
        csv_of(("姓", "会社名", "業種", "従業員数"), ("山田", "見本", "小売", "300名")), by=noa
    )
    company = Company.objects.get()
    assert (company.industry, company.employees) == ("製造", 300)
    assert Lead.objects.get().fit_points > 0


def test_rows_can_be_said_to_be_mql(noa):
    job = imported(cards(YAMADA, SUZUKI), by=noa, whole={"stage": "mql"})
    assert counts(job) == (2, 0, 0, 0)
    lead = Lead.objects.get(external_id="A1")
    assert (lead.stage, lead.mql_at, lead.stage_since) == (
        "mql",
        lead.captured_at,
        lead.captured_at,
    )
    assert list(lead.events.order_by("id").values_list("verb", "stage_from", "stage_to", "at")) == [
        ("lead.create", "", "new", lead.captured_at),
        ("lead.qualify", "new", "mql", lead.captured_at),
    ]
    assert LeadEvent.objects.filter(verb="lead.qualify", data__imported=True).count() == 2


def test_who_was_further_before_is_not_moved_back_or_again(noa):
    a_lead("山田", external_id="A1", stage="nurturing", mql_at=datetime(2026, 1, 1, tzinfo=TOKYO))
    a_lead("鈴木", external_id="A2", stage="new")
    rows = (("A1", "山田", *[""] * 7), ("A2", "鈴木", *[""] * 7))
    job = imported(cards(*rows), by=noa, whole={"stage": "mql"})
    assert counts(job) == (0, 1, 1, 0)
    assert set(Lead.objects.values_list("external_id", "stage")) == {
        ("A1", "nurturing"),
        ("A2", "mql"),
    }


def test_stages_that_sales_holds_come_in_as_deals_only(noa):
    content = csv_of(("管理番号", "ステージ"), ("A1", "SAL"), ("A2", "育成中"))
    job = imported(content, by=noa)
    assert reasons(job) == [(2, "ステージ", "stage_not_importable")]
    assert Lead.objects.get().stage == "nurturing"


def test_what_holds_for_all_rows_fills_only_gaps(noa):
    Campaign.objects.create(name="秋の展示会", created_at=datetime(2026, 9, 1, tzinfo=TOKYO))
    whole = {
        "source": "名刺",
        "campaign": "秋の展示会",
        "captured_at": "2026-09-04",
        "marketer": noa.email,
    }
    imported(cards(YAMADA, ("A3", "無日", *[""] * 7)), by=noa, whole=whole)
    yamada, other = Lead.objects.get(external_id="A1"), Lead.objects.get(external_id="A3")
    assert (yamada.source.name, other.source.name) == ("展示会", "名刺")
    assert yamada.captured_at.astimezone(TOKYO).day == 2
    assert other.captured_at == datetime(2026, 9, 4, tzinfo=TOKYO)
    assert {yamada.marketer, other.marketer} == {noa}
    assert Campaign.objects.get().members.count() == 2
    before = state_of_the_world()
    imported(cards(YAMADA, ("A3", "無日", *[""] * 7)), by=noa, whole=whole)
    assert state_of_the_world() == before


@pytest.mark.parametrize(
    "whole",
    [{"stage": "foo"}, {"stage": "sql"}, {"email": "a@example.com"}, {"captured_at": "gestern"}],
)
def test_what_cannot_hold_for_all_rows_is_refused_before_anything_begins(noa, whole):
    with pytest.raises(Malformed):
        started(cards(YAMADA), by=noa, whole=whole)


def test_a_check_judges_everything_and_writes_nothing(noa):
    a_lead("山田", external_id="A1", title="係長")
    before = state_of_the_world()
    job = imported(cards(YAMADA, SUZUKI, SUZUKI, NOBODY), by=noa, dry_run=True)
    assert counts(job) == (1, 1, 1, 1)
    assert state_of_the_world() == before
    assert ["title", "係長", "課長"] in job.result["examples"][0]["changes"]
    assert not ImportedLead.objects.exists()


def test_the_counts_open_their_lists(noa, as_user):
    a_lead("山田", external_id="A1", title="係長")
    job = imported(cards(YAMADA, SUZUKI), by=noa)
    page = as_user(noa).get(f"/leads/?imported={job.pk}&imported_as=new").content.decode()
    assert "鈴木" in page
    assert "山田" not in page


def test_only_who_may_import_can(paz):
    with pytest.raises(NotAllowed):
        imported(cards(YAMADA), by=paz)
    assert not Lead.objects.exists()


def test_a_file_without_any_place_for_its_columns_is_refused(noa):
    with pytest.raises(Malformed):
        started(a_file("foo,bar\n1,2\n"), by=noa)


def test_a_set_costs_as_many_queries_however_many_rows_it_has(noa, django_assert_max_num_queries):
    rows = [
        (f"B{n}", "山田", str(n), f"会社{n % 7}", "", f"b{n}@example.com", "", "展示会", "")
        for n in range(300)
    ]
    job = started(cards(*rows), by=noa)
    with django_assert_max_num_queries(60):
        counts(jobs.run_here(job))
