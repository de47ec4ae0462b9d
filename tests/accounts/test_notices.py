"""Notices: written with a verb, said in the reader's language, read in the inbox."""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.utils import translation

from accounts.actions import read_all_notices, read_notice, tell
from accounts.models import Notice
from accounts.notices import KINDS, LETTERS, tell_all
from tests.factories import a_company, a_lead, a_reason, an_mql, an_offer

TELLS = re.compile(
    r"(?:tell|tell_giver|_tell_about|_tell_takers)\(\s*[^()]*?\"([a-z_]+\.[a-z_]+)\"", re.S
)
DATA = {
    "clock.warning": {"clock": "accept", "due": "2026-11-20T08:00:00+00:00"},
    "clock.breach": {"clock": "contact", "due": "2026-11-20T08:00:00+00:00"},
    "handoff.returned": {"reason": "no_budget"},
    "deal.lost": {"reason": "price"},
    "absence.stand_in": {"person": "noa", "days": "2026-11-24/2026-11-24"},
    "agreement.in_force": {"version": 2},
    "seat.ending": {"seat": "team", "in_days": 7},
    "seat.ended": {"seat": "team"},
    "seat.handed_back": {"seat": "team"},
}


def sentence(notice, language="en"):
    with translation.override(language):
        return tell_all([notice], notice.to)[0].sentence


def one(to, kind, **what):
    return tell(to, kind, **what)[0]


@pytest.fixture
def lead(defaults):
    company = a_company("鳴瀬精密工業")
    return a_lead("佐伯", given_name="千尋", company=company)


@pytest.mark.nodb
def test_whatever_the_code_tells_has_a_sentence():
    told = set()
    for app in ("accounts", "leads", "handoff", "exchange", "kpi"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            told |= {kind for kind in TELLS.findall(path.read_text()) if "." in kind}
    assert {"handoff.lapsed", "question.asked"} <= told, "the pattern still finds them"
    assert told <= KINDS.keys()


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_kind_reads_as_a_whole_sentence(kind, language, noa, sota, lead):
    ids = {"noa": noa.pk, "team": noa.team_id}
    data = {key: ids.get(value, value) for key, value in DATA.get(kind, {}).items()}
    notice = one(sota, kind, by=noa, lead=lead, **data)
    said = sentence(notice, language)
    assert "%(" not in said
    assert "–" not in said, "every place is filled"
    assert said.rstrip(")").endswith(("。", ".")) or "理由" in said
    if language == "ja":
        assert re.search(r"[ぁ-ん]", said), said


def test_people_and_leads_are_called_as_each_language_does(noa, sota, lead):
    noa.given_name = "Misaki"
    noa.save()
    notice = one(sota, "handoff.accepted", by=noa, lead=lead)
    assert sentence(notice) == "Misaki Noa accepted 鳴瀬精密工業 千尋\u00a0佐伯."
    assert "鳴瀬精密工業 佐伯\u00a0千尋\u00a0様" in sentence(notice, "ja")


def test_a_reason_is_named_in_the_readers_language(noa, sota, lead):
    notice = one(noa, "handoff.returned", by=sota, lead=lead, reason="no_budget")
    reason = a_reason("no_budget")
    assert reason.name_en in sentence(notice)
    assert reason.name in sentence(notice, "ja")


def test_a_due_moment_is_told_in_the_readers_time_zone(noa, lead, as_user):
    noa.time_zone = "America/New_York"
    noa.save()
    one(noa, "clock.warning", lead=lead, clock="answer", due="2026-11-20T18:00:00+00:00")
    assert "13:00" in as_user(noa).get("/notices/").text


def test_a_claim_from_the_pool_and_a_named_offer_are_told_apart(noa, sota, rin):
    an_offer(by=noa)
    an_offer(by=noa, taker=sota)
    pool, named = Notice.objects.filter(to=sota).order_by("pk")
    assert "to your team" in sentence(pool)
    assert "offers you" in sentence(named)
    assert Notice.objects.filter(to=rin).count() == 1


def test_what_nobody_did_names_nobody(noa, lead):
    notice = one(noa, "lead.qualified", lead=lead, because="score")
    assert sentence(notice).startswith("鳴瀬精密工業")


def test_a_lead_a_partner_may_not_see_is_not_named(paz, noa, lead):
    notice = one(paz, "lead.commented", by=noa, lead=lead)
    assert "鳴瀬" not in sentence(notice)


def test_a_kind_of_later_versions_is_still_readable(noa, sota, lead):
    assert "Noa" in sentence(one(sota, "lead.sung_about", by=noa, lead=lead))


def test_nobody_is_told_of_their_own_doing_nor_who_has_left(noa, sota, rin):
    rin.is_active = False
    tell([noa, sota, rin, sota], "lead.commented", by=noa, lead=an_mql())
    assert list(Notice.objects.values_list("to", flat=True)) == [sota.pk]


def test_names_are_fetched_once_for_a_whole_inbox(noa, sota, django_assert_num_queries):
    leads = [an_mql() for _ in range(5)]
    told = [one(sota, "handoff.accepted", by=noa, lead=lead) for lead in leads]
    with django_assert_num_queries(1):
        tell_all(told, sota)


def test_the_inbox_shows_the_unread_and_all(noa, sota, as_user):
    read, _unread = (
        one(sota, "lead.commented", by=noa, lead=an_mql(name)) for name in ("Ab", "Cd")
    )
    read_notice(read, by=sota)
    client = as_user(sota)
    page = client.get("/notices/").text
    assert "Cd" in page
    assert "Ab" not in page
    assert "Ab" in client.get("/notices/?all=1").text


def test_an_empty_inbox_says_what_will_come(noa, as_user):
    assert "promises that are due appear here" in as_user(noa).get("/notices/").text
    assert "you read it here" in as_user(noa).get("/notices/?all=1").text


def test_letters_are_mailed_and_not_shown(noa, as_user):
    for kind in LETTERS:
        one(noa, kind, mail=True)
    page = as_user(noa).get("/notices/?all=1").text
    assert "Choose a new password" not in page
    assert Notice.objects.filter(to=noa).unread().count() == 0


def test_opening_a_notice_reads_it_and_leads_on(noa, sota, as_user):
    notice = one(sota, "lead.commented", by=noa, lead=an_mql(), path="/handoffs/?tab=claim")
    answer = as_user(sota).post(f"/notices/{notice.pk}/reading/")
    assert answer.url == "/handoffs/?tab=claim"
    notice.refresh_from_db()
    assert notice.read_at


def test_a_notice_never_leads_to_another_site(noa, sota, as_user):
    notice = one(sota, "lead.commented", by=noa, path="//evil.example/")
    assert as_user(sota).post(f"/notices/{notice.pk}/reading/").url == "/notices/"


def test_the_notices_of_others_are_not_there(noa, sota, as_user):
    notice = one(sota, "lead.commented", by=noa, lead=an_mql())
    assert as_user(noa).post(f"/notices/{notice.pk}/reading/").status_code == 404
    assert as_user(noa).get("/notices/").context["told"] == []


def test_what_came_while_one_was_looking_stays_unread(noa, sota, as_user):
    seen = one(sota, "lead.commented", by=noa, lead=an_mql())
    later = one(sota, "lead.commented", by=noa, lead=an_mql())
    as_user(sota).post("/notices/reading/", {"newest": seen.pk})
    unread = Notice.objects.filter(to=sota).unread()
    assert list(unread) == [later]
    for strange in ("", "x", "-1", "９"):
        assert as_user(sota).post("/notices/reading/", {"newest": strange}).status_code == 302
    assert read_all_notices(by=sota, up_to=later.pk) == 1


def test_a_long_inbox_pages_by_key(noa, sota, as_user):
    lead = an_mql()
    for _ in range(35):
        one(sota, "lead.commented", by=noa, lead=lead)
    client = as_user(sota)
    first = client.get("/notices/").context["page"]
    second = client.get("/notices/", {"after": first.next_key}).context["page"]
    assert (len(first), len(second), second.next_key) == (30, 5, None)
    assert not {row.pk for row in first} & {row.pk for row in second}
    assert client.get("/notices/?after=nonsense").status_code == 400


def test_the_inbox_costs_few_queries(noa, sota, as_user, django_assert_max_num_queries):
    for _ in range(30):
        one(sota, "handoff.returned", by=noa, lead=an_mql(), reason="no_budget")
    client = as_user(sota)
    client.get("/notices/")
    with django_assert_max_num_queries(6):  # session, person, shell, notices, leads, reasons
        client.get("/notices/")


def test_words_in_names_do_no_harm_in_the_page(noa, sota, as_user):
    one(sota, "lead.commented", by=noa, lead=a_lead("<script>alert(1)</script>"))
    assert "<script>alert(1)" not in as_user(sota).get("/notices/").text


def test_a_notice_of_the_past_keeps_its_moment(noa, sota):
    moment = datetime(2026, 1, 5, 3, tzinfo=UTC)
    assert one(sota, "lead.commented", by=noa, at=moment).created_at == moment
