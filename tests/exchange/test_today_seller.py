"""Today for those who take leads over: reps, inside sales, partners."""

from datetime import UTC, datetime

import pytest

from accounts.states import Role
from common.clock import time_at
from exchange.measures import promises
from handoff.actions import accept_lead, acknowledge_return, log_contact, return_lead
from handoff.models import Terms
from leads.actions import plan_follow_up
from leads.models import FollowUp
from tests.exchange.wednesday import DAY, HOUR, NOON, at
from tests.factories import (
    a_company,
    a_reason,
    a_user,
    an_accepted,
    an_mql,
    an_offer,
    the_team,
)


def leads_of(section):
    return [clock.handoff.lead.family_name for clock in section.rows]


def now_of(page):
    """Of each row of the now list who it is about, and why it stands there."""
    return [(item.lead.family_name, item.why) for item in page.context["now"].rows]


def test_offers_to_me_and_to_my_team_lie_there_the_most_urgent_first(noa, sota, rin, today):
    at(NOON - HOUR, an_offer, an_mql("Later"), by=noa, taker=sota, why_now="Budget in December.")
    at(NOON - 3 * HOUR, an_offer, an_mql("Pool"), by=noa)
    at(NOON, an_offer, an_mql("Others"), by=noa, taker=rin)
    page = today(sota)
    assert leads_of(page.context["offers"]) == ["Pool", "Later"]
    assert "Budget in December." in page.text
    assert "Anyone in" in page.text
    assert "To you" in page.text


def test_an_offer_can_be_claimed_from_the_page(noa, sota, today):
    offer = at(NOON, an_offer, by=noa)
    page = today(sota)
    url = f"/handoffs/{offer.pk}/acceptance/"
    assert f'action="{url}"' in page.text
    assert page.client.post(url).status_code == 302
    page = today(sota, NOON + HOUR)
    assert not page.context["offers"]
    assert [why for _who, why in now_of(page)] == ["contact"]


def test_whom_i_accepted_waits_with_the_number_to_tap_the_late_first(noa, sota, today):
    early = an_mql("Early", phone="03-1234-5678")
    late = an_mql("Late", phone="090-1111-2222")
    at(NOON - HOUR, an_accepted, early, by=noa, taker=sota)
    at(NOON - 20 * DAY, an_accepted, late, by=noa, taker=sota)
    page = today(sota)
    assert now_of(page) == [("Late", "contact"), ("Early", "contact")]
    assert 'href="tel:0312345678"' in page.text
    assert "clock--late" in page.text


def test_who_does_not_want_calls_is_not_to_be_tapped(noa, sota, today):
    lead = an_mql(phone="03-1234-5678", email="x@example.com", consent_phone=False)
    at(NOON, an_accepted, lead, by=noa, taker=sota)
    page = today(sota)
    assert "tel:" not in page.text
    assert "Does not want to be called" in page.text
    assert 'href="mailto:x@example.com"' in page.text


def test_after_the_first_try_it_is_for_me_to_decide(noa, sota, iku, today):
    handoff = at(NOON - 2 * DAY, an_accepted, by=noa, taker=sota)
    at(
        NOON - DAY,
        log_contact,
        handoff.lead,
        by=sota,
        kind="call",
        direction="out",
        result="reached",
    )
    page = today(sota)
    assert now_of(page) == [(handoff.lead.family_name, "step")], "nobody has said what comes next"
    assert "No next step" in page.text
    assert "Open a deal" in page.text
    at(NOON, plan_follow_up, handoff.lead, by=sota, what="Quote", due_at=NOON + 3 * DAY)
    page = today(sota)
    assert now_of(page) == [(handoff.lead.family_name, "decide")]
    assert "To be decided: deal or return" in page.text


def test_inside_sales_passes_on(noa, iku, today):
    handoff = at(NOON - 2 * DAY, an_accepted, by=noa, taker=iku, lane="inside")
    at(
        NOON - DAY,
        log_contact,
        handoff.lead,
        by=iku,
        kind="call",
        direction="out",
        result="reached",
    )
    page = today(iku)
    assert now_of(page) == [(handoff.lead.family_name, "step")]
    assert f"/handoffs/offers/new/?lead={handoff.lead_id}" in page.text


def test_follow_ups_of_today_and_late_ones_are_ticked_off(noa, sota, today):
    lead = an_mql(team=the_team("sales"))
    for what, due in (("Late one", -3 * DAY), ("Now", HOUR), ("Next week", 5 * DAY)):
        when = NOON + due
        at(when - HOUR, plan_follow_up, lead, by=sota, what=what, due_at=when)
    page = today(sota)
    steps = [item.follow_up.what for item in page.context["now"].rows]
    assert steps == ["Late one", "Now"]
    late = FollowUp.objects.get(what="Late one")
    url = f"/today/follow-ups/{late.pk}/"
    with time_at(NOON):
        line = page.client.post(url, headers={"hx-request": "true"})
        assert 'aria-pressed="true"' in line.text
        assert f'id="follow-up-{late.pk}"' in line.text
        late.refresh_from_db()
        assert late.done_by == sota
        assert "Late one" in page.client.get("/").text, "what is done today stays in sight"
        assert page.client.post(url, {"undo": "1"}).status_code == 302
    late.refresh_from_db()
    assert late.done_at is None


def test_a_follow_up_of_a_lead_one_may_not_see_is_not_there(noa, paz, today, as_user):
    lead = an_mql()
    row = at(NOON, plan_follow_up, lead, by=noa, what="Call", due_at=NOON + HOUR)
    assert as_user(paz).post(f"/today/follow-ups/{row.pk}/").status_code == 404


def test_what_became_of_my_returns(noa, sota, today):
    reason = a_reason("no_budget")
    handoff = at(NOON - 2 * DAY, an_accepted, an_mql("Saeki"), by=noa, taker=sota)
    handoff = at(NOON - DAY, return_lead, handoff, by=sota, reason=reason, note="Next year.")
    assert "Not acknowledged yet" in today(sota).text
    at(NOON, acknowledge_return, handoff, by=noa, answer="nurture", note="We write in April.")
    page = today(sota)
    assert "We write in April." in page.text
    assert "Noa: We nurture it again" in page.text


def test_promises_of_the_month_are_those_that_fell_due(noa, sota, rin, today):
    terms = Terms()
    kept = at(NOON - 6 * DAY, an_offer, by=noa, taker=sota)
    at(NOON - 6 * DAY + HOUR, accept_lead, kept, by=sota)
    missed = at(NOON - 5 * DAY, an_offer, by=noa, taker=sota)
    at(NOON - DAY, accept_lead, missed, by=sota)
    at(NOON - 6 * DAY, an_offer, by=noa, taker=rin)
    pool = at(NOON - 6 * DAY, an_offer, by=noa)
    at(NOON - DAY, accept_lead, pool, by=sota)  # the team was late, not who claimed it
    found = {one.kind: one for one in promises.promises_of(sota, at=NOON, terms=terms)}
    assert (found["accept"].kept, found["accept"].due) == (1, 2)
    assert found["accept"].percent == 50
    page = today(sota)
    assert "1 / 2" in page.text
    with time_at(NOON):
        listed = page.client.get("/today/promises/accept/")
        assert len(listed.context["page"].rows) == 2, "the list has as many rows as the figure says"
    in_december = datetime(2026, 12, 2, tzinfo=UTC)
    assert not [
        one
        for one in promises.promises_of(sota, at=in_december, terms=terms)
        if one.kind == "accept"
    ]


def test_a_withdrawn_offer_counts_in_no_promise(noa, sota):
    from handoff.actions import withdraw_offer

    offer = at(NOON - 6 * DAY, an_offer, by=noa, taker=sota)
    at(NOON - 6 * DAY + HOUR, withdraw_offer, offer, by=noa)
    assert promises.promises_of(sota, at=NOON, terms=Terms()) == []


def test_empty_sections_say_what_will_appear(sota, today):
    page = today(sota).text
    assert "When marketing offers a lead to you" in page
    assert "with the number to tap" in page
    assert "the next steps you note on their day" in page
    assert "None has fallen due this month yet" in page
    assert "When you return a lead" in page


def test_the_clocks_of_the_page_are_explained(sota, today):
    assert "Business hours end at 18:00. The clocks go on: Tomorrow 9:00." in today(sota).text
    evening = NOON + 8 * HOUR
    assert "Outside business hours. The clocks go on: Tomorrow 9:00." in today(sota, evening).text


def test_a_partner_sees_only_what_is_entrusted(noa, paz, today):
    at(NOON, an_offer, an_mql("Secret"), by=noa)
    page = today(paz)
    assert "Secret" not in page.text
    assert not page.context["offers"]
    assert "/handoffs/deals/" not in page.text


def test_names_of_companies_lead_the_sheet(noa, sota, today):
    company = a_company("鳴瀬精密工業", industry="金属加工", employees=320)
    at(NOON, an_offer, an_mql("佐伯", company=company), by=noa)
    text = today(sota).text
    assert "鳴瀬精密工業" in text
    assert "金属加工 · 320 employees" in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_full_page_costs_few_queries(
    language, noa, sota, today, django_assert_max_num_queries, as_user
):
    sota.language = language
    sota.save()
    reason = a_reason("no_budget")
    for n in range(12):
        company = a_company()
        at(NOON - n * HOUR, an_offer, an_mql(company=company), by=noa)
        at(NOON - n * DAY, an_accepted, an_mql(company=company, phone="03"), by=noa, taker=sota)
        handoff = at(NOON - n * DAY, an_accepted, an_mql(company=company), by=noa, taker=sota)
        at(NOON, log_contact, handoff.lead, by=sota, kind="call", direction="out", result="reached")
        given_back = at(NOON - n * DAY, an_accepted, an_mql(company=company), by=noa, taker=sota)
        at(NOON, return_lead, given_back, by=sota, reason=reason)
        at(NOON, plan_follow_up, handoff.lead, by=sota, what="Call", due_at=NOON + n * HOUR / 2)
    client = as_user(sota)
    with time_at(NOON):
        client.get("/")
        with django_assert_max_num_queries(15):  # thirteen, and what is read anew every few seconds
            page = client.get("/")
    assert page.context["offers"].more == 6
    assert "6 more" in page.text or "ほか6件" in page.text
    assert len(page.content) < 90_000


def test_somebody_without_anything_to_take_over_sees_their_own_day(defaults, today):
    """A member of a team that no lane leads to: nothing fails."""
    lone = a_user("Lone", team=the_team("sales"), role=Role.MEMBER)
    assert today(lone).status_code == 200
