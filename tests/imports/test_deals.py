"""Files of deals and touches: history that comes in with the milestones it implies, and no clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from accounts.states import TeamKind
from handoff.models import Clock, Deal, Handoff
from leads.models import Interaction, Lead, LeadEvent
from leads.scoring import engagement
from tests.factories import a_lead, a_user, an_accepted, an_mql, an_offer
from tests.imports.given import counts, csv_of, imported, reasons

pytestmark = pytest.mark.django_db

TOKYO = ZoneInfo("Asia/Tokyo")
HEADING = ("mql_id", "won_date", "sr_id", "sdr_id")


def at(month, day, hour=0):
    return datetime(2026, month, day, hour, tzinfo=TOKYO)


def deals(*rows, heading=HEADING) -> bytes:
    return csv_of(heading, *rows)


@pytest.fixture
def lead(noa):
    return an_mql("Sato", external_id="A1", captured_at=at(3, 1), mql_at=at(3, 1))


def history(lead):
    events = LeadEvent.objects.filter(lead=lead, stage_to__gt="").order_by("at", "id")
    return list(events.values_list("stage_from", "stage_to", "at"))


def test_a_won_deal_writes_the_milestones_its_lead_must_have_passed(lead, noa, sota, iku):
    job = imported(deals(("A1", "2026.03.20 3:00", sota.name, iku.email)), "deals", by=noa)
    assert counts(job) == (1, 0, 0, 0)
    won = at(3, 20, 3)
    deal = Deal.objects.get()
    assert (deal.state, deal.won_at, deal.owner, deal.inside_sales, deal.team) == (
        "won",
        won,
        sota,
        iku,
        sota.team,
    )
    assert deal.imported
    lead.refresh_from_db()
    assert (lead.stage, lead.seller, lead.team) == ("won", sota, sota.team)
    assert (lead.sal_at, lead.sql_at, lead.won_at, lead.mql_at) == (won, won, won, at(3, 1))
    assert history(lead) == [("mql", "sal", won), ("sal", "sql", won), ("sql", "won", won)]
    assert not Clock.objects.exists()
    assert not Handoff.objects.exists()


def test_the_same_deals_again_change_nothing_nor_does_a_copy_without_seconds(lead, noa, sota):
    imported(deals(("A1", "2026-03-20 19:58:54", sota.name, "")), "deals", by=noa)
    events = LeadEvent.objects.count()
    assert counts(
        imported(deals(("A1", "2026-03-20 19:58:54", sota.name, "")), "deals", by=noa)
    ) == (0, 0, 1, 0)
    assert counts(imported(deals(("A1", "2026.03.20 19:58", sota.name, "")), "deals", by=noa)) == (
        0,
        0,
        1,
        0,
    )
    assert (Deal.objects.count(), LeadEvent.objects.count()) == (1, events)


def test_unknown_people_are_refused_in_a_sentence_or_made_into_inactive_members(lead, noa):
    content = deals(("A1", "2026-03-20", "4ef15a", "a8387c"))
    job = imported(content, "deals", by=noa)
    assert reasons(job) == [(2, "sr_id", "person_unknown")]
    job = imported(content, "deals", by=noa, create_people=True)
    assert counts(job) == (1, 0, 0, 0)
    deal = Deal.objects.get()
    assert (deal.owner.name, deal.owner.team.kind, deal.owner.is_active) == (
        "4ef15a",
        TeamKind.SALES,
        False,
    )
    assert deal.inside_sales.team.kind == TeamKind.INSIDE_SALES
    assert not deal.owner.has_usable_password()
    assert sorted(job.result["people"]) == ["4ef15a", "a8387c"]
    assert counts(imported(content, "deals", by=noa)) == (0, 0, 1, 0)


def test_somebody_first_met_as_inside_sales_who_turns_out_to_sell_belongs_to_sales(lead, noa):
    an_mql("Ito", external_id="A2", captured_at=at(3, 1))
    rows = (("A1", "2026-03-20", "", "x1"), ("A2", "2026-03-21", "x1", ""))
    imported(deals(*rows), "deals", by=noa, create_people=True)
    assert User.objects.get(external_name="x1").team.kind == TeamKind.SALES
    assert Lead.objects.get(external_id="A2").team.kind == TeamKind.SALES


def test_a_name_of_two_people_is_not_guessed(lead, noa, sota):
    a_user(sota.family_name)
    job = imported(deals(("A1", "2026-03-20", sota.family_name, "")), "deals", by=noa)
    assert reasons(job) == [(2, "sr_id", "person_unclear")]


def test_a_deal_won_before_the_first_contact_is_kept_and_flagged(lead, noa, sota):
    job = imported(deals(("A1", "2026-02-01", sota.name, "")), "deals", by=noa)
    assert counts(job) == (1, 0, 0, 0)
    assert job.result["flags"] == {"won_before_captured": 1}
    lead.refresh_from_db()
    assert lead.won_before_captured


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("A9", "2026-03-20", "", ""), ("mql_id", "lead_unknown")),
        (("", "2026-03-20", "", ""), ("mql_id", "lead_not_named")),
        (("A1", "", "", ""), ("won_date", "deal_without_moment")),
        (("A1", "20.máj", "", ""), ("won_date", "not_a_date")),
        (("A1", "2126-03-20", "", ""), ("won_date", "date_in_future")),
    ],
)
def test_deals_that_cannot_go_in_say_why(lead, noa, row, expected):
    job = imported(deals(row), "deals", by=noa)
    assert reasons(job) == [(2, *expected)]
    assert not Deal.objects.exists()


def test_a_disqualified_lead_or_one_that_is_offered_keeps_its_state(noa, sota):
    a_lead("Mori", external_id="A1", stage="disqualified")
    an_offer(an_mql("Ito", external_id="A2"), by=noa)
    rows = (("A1", "2026-03-20", "", ""), ("A2", "2026-03-20", "", ""))
    job = imported(deals(*rows), "deals", by=noa)
    assert [code for _line, _column, code in reasons(job)] == ["lead_disqualified", "lead_offered"]


def test_a_deal_closes_the_handoff_it_came_from(noa, sota):
    handoff = an_accepted(an_mql("Ito", external_id="A2"), by=noa, taker=sota)
    imported(deals(("A2", "2026-11-01", sota.name, "")), "deals", by=noa)
    handoff.refresh_from_db()
    assert handoff.state == "converted"
    assert not Clock.objects.running().exists()
    assert Deal.objects.get().handoff == handoff


FULL = (
    "商談ID",
    "管理番号",
    "商談名",
    "フェーズ",
    "金額",
    "商談開始日",
    "受注日",
    "失注日",
    "失注理由",
    "受注予定月",
    "営業担当",
)


def test_an_open_deal_is_closed_by_a_later_file(lead, noa, sota):
    opened = (
        "D1",
        "A1",
        "ライン増設",
        "提案",
        "1,280万円",
        "2026-03-10",
        "",
        "",
        "",
        "2026-05",
        sota.name,
    )
    imported(deals(opened, heading=FULL), "deals", by=noa)
    deal = Deal.objects.get()
    assert (deal.state, deal.amount, deal.step.code, deal.probability) == (
        "open",
        12_800_000,
        "proposal",
        40,
    )
    assert str(deal.expected_on) == "2026-05-01"
    lead.refresh_from_db()
    assert (lead.stage, lead.sql_at) == ("sql", at(3, 10))

    lost = ("D1", "A1", "ライン増設", "失注", "", "", "", "2026-04-02", "価格", "", "")
    assert counts(imported(deals(lost, heading=FULL), "deals", by=noa)) == (0, 1, 0, 0)
    deal.refresh_from_db()
    assert (deal.state, deal.lost_at, deal.lost_reason.code, deal.amount) == (
        "lost",
        at(4, 2),
        "price",
        12_800_000,
    )
    lead.refresh_from_db()
    assert lead.stage == "lost"

    won = ("D1", "A1", "", "受注", "", "", "2026-04-03", "", "", "", "")
    job = imported(deals(won, heading=FULL), "deals", by=noa)
    assert [code for _line, _column, code in reasons(job)] == ["deal_closed_otherwise"]


def test_deals_of_one_lead_are_told_in_the_order_they_happened(lead, noa, sota):
    rows = (
        ("D2", "A1", "二件目", "", "", "", "2026-06-01", "", "", "", sota.name),
        ("D1", "A1", "一件目", "", "", "", "", "2026-04-01", "高い", "", sota.name),
    )
    assert counts(imported(deals(*rows, heading=FULL), "deals", by=noa)) == (2, 0, 0, 0)
    assert [(frm, to) for frm, to, _at in history(lead)] == [
        ("mql", "sal"), ("sal", "sql"), ("sql", "lost"),
        ("lost", "nurturing"), ("nurturing", "mql"), ("mql", "sal"), ("sal", "sql"), ("sql", "won"),
    ]  # fmt: skip
    assert Deal.objects.get(external_id="D1").lost_note == "高い"
    lead.refresh_from_db()
    assert (lead.stage, lead.sal_at, lead.won_at) == ("won", at(4, 1), at(6, 1))


def test_a_check_of_deals_writes_nothing(lead, noa):
    job = imported(
        deals(("A1", "2026-03-20", "x", "y")), "deals", by=noa, create_people=True, dry_run=True
    )
    assert counts(job) == (1, 0, 0, 0)
    assert job.result["people"] == ["x", "y"]
    assert not Deal.objects.exists()
    assert not User.objects.filter(external_name="x").exists()


TOUCHES = ("管理番号", "種別", "日時", "内容", "結果")


def test_touches_are_scored_once_and_show_on_the_lead(noa):
    lead = a_lead("Sato", external_id="A1", captured_at=at(1, 1))
    rows = (
        ("A1", "フォーム", "2026-11-20 10:00", "料金は？", ""),
        ("A1", "電話", "2026-11-21 9:00", "", "不在"),
    )
    content = csv_of(TOUCHES, *rows, rows[0])
    assert counts(imported(content, "touches", by=noa)) == (2, 0, 1, 0)
    lead.refresh_from_db()
    assert lead.touches.count() == 2
    assert lead.last_touch.startswith("call:")
    assert 19 < engagement(lead, at=at(11, 21)) < 21
    heat = lead.heat
    assert counts(imported(content, "touches", by=noa)) == (0, 0, 3, 0)
    lead.refresh_from_db()
    assert lead.heat == heat


def test_a_touch_that_qualifies_by_itself_does_so_at_its_moment(noa):
    lead = a_lead("Sato", external_id="A1", captured_at=at(1, 1))
    imported(csv_of(TOUCHES, ("A1", "form", "2026-11-20 10:00", "", "デモ希望")), "touches", by=noa)
    lead.refresh_from_db()
    assert (lead.stage, lead.mql_at) == ("mql", at(11, 20, 10))


def test_weekly_caps_hold_for_what_comes_in_by_file_too(noa):
    a_lead("Sato", external_id="A1", captured_at=at(1, 1))
    rows = [("A1", "email opened", f"2026-11-{day} 10:00", "", "") for day in range(10, 16)]
    imported(csv_of(TOUCHES, *rows), "touches", by=noa)
    assert Interaction.objects.exclude(points=0).count() == 3


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("A9", "電話", "2026-11-20", "", ""), "lead_unknown"),
        (("A1", "伝書鳩", "2026-11-20", "", ""), "not_a_choice"),
        (("A1", "", "2026-11-20", "", ""), "touch_without_kind"),
        (("A1", "電話", "", "", ""), "touch_without_moment"),
        (("A1", "メモ", "2026-11-20", "", ""), "note_without_words"),
    ],
)
def test_touches_that_cannot_go_in_say_why(noa, row, code):
    a_lead("Sato", external_id="A1")
    job = imported(csv_of(TOUCHES, row), "touches", by=noa)
    assert [found for _line, _column, found in reasons(job)] == [code]


def test_an_address_of_several_leads_needs_a_name(noa):
    a_lead("佐藤", given_name="一", email="info@example.com")
    a_lead("鈴木", given_name="二", email="info@example.com")
    heading = ("メールアドレス", "氏名", "種別", "日時")
    rows = (
        ("info@example.com", "鈴木 二", "電話", "2026-11-20"),
        ("info@example.com", "", "電話", "2026-11-20"),
    )
    job = imported(csv_of(heading, *rows), "touches", by=noa)
    assert counts(job) == (1, 0, 0, 1)
    assert Interaction.objects.get().lead.family_name == "鈴木"
    assert [code for _line, _column, code in reasons(job)] == ["lead_unclear"]
