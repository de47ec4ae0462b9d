"""Today for a head: both sides' late promises, what nobody holds, the week, the load, the forecast."""

from datetime import date, timedelta

import pytest

from accounts.actions import deactivate_person
from common.clock import time_at
from exchange.measures import managing
from handoff.actions import (
    accept_lead,
    ask_question,
    lapse_offer,
    log_contact,
    offer_lead,
    open_deal,
    qualify_lead,
    return_lead,
)
from tests.exchange.wednesday import DAY, HOUR, NOON, at
from tests.factories import (
    a_lead,
    a_reason,
    an_accepted,
    an_agreement,
    an_mql,
    an_offer,
    the_lane,
)


def late_world(noa, sota):
    """Late on sales' side: an offer and a first contact. On marketing's: a return and a question."""
    at(NOON - 20 * DAY, an_offer, an_mql("Unclaimed"), by=noa)
    at(NOON - 19 * DAY, an_accepted, an_mql("Uncalled"), by=noa, taker=sota)
    handoff = at(NOON - 18 * DAY, an_accepted, an_mql("Unheard"), by=noa, taker=sota)
    at(NOON - 17 * DAY, return_lead, handoff, by=sota, reason=a_reason("no_budget"))
    asked = an_mql("Unanswered", marketer=noa)
    at(NOON - 16 * DAY, ask_question, asked, by=sota, text="How much?")


@pytest.mark.parametrize("who", ["ren", "mio"])
def test_both_heads_see_both_sides_late_promises(who, request, noa, sota, today):
    late_world(noa, sota)
    page = today(request.getfixturevalue(who))
    marketing, sales = page.context["late"]
    assert (marketing.side, marketing.n, sales.side) == ("marketing", 2, "sales")
    assert sales.n >= 2
    for name in ("Unclaimed", "Uncalled", "Unheard", "Unanswered"):
        assert name in page.text


@pytest.mark.parametrize("side", ["marketing", "sales"])
def test_the_number_of_late_promises_opens_exactly_its_list(side, noa, sota, ren, as_user):
    late_world(noa, sota)
    client = as_user(ren)
    with time_at(NOON):
        figure = next(one.n for one in managing.overview(ren, at=NOON).late if one.side == side)
        listed = client.get(f"/today/late/{side}/").context["page"].rows
    assert len(listed) == figure
    assert all(clock.side == side and clock.due_at <= NOON for clock in listed)


def test_more_late_promises_than_fit_are_counted(noa, ren, today):
    for _ in range(9):
        at(NOON - 20 * DAY, an_offer, by=noa)
    sales = today(ren).context["late"][1]
    assert (sales.n, len(sales.rows), sales.more) == (9, 6, 3)


def test_an_offer_nobody_claimed_can_be_assigned_by_its_own_head(noa, ren, mio, today):
    offer = at(NOON - HOUR, an_offer, an_mql("Pool"), by=noa)
    url = f"/handoffs/{offer.pk}/taker/"
    assert url in today(ren).text
    page = today(mio).text
    assert "Pool" in page
    assert url not in page


def test_a_lapsed_offer_is_nobodys_turn_until_it_is_offered_again(noa, ren, mio, today):
    lead = an_mql("Forgotten")
    offer = at(NOON - 20 * DAY, an_offer, lead, by=noa)
    at(NOON - DAY, lapse_offer, offer)
    assert "Forgotten" in today(mio).text
    assert f"/handoffs/offers/new/?lead={lead.pk}" in today(mio).text
    assert f"/handoffs/offers/new/?lead={lead.pk}" not in today(ren).text
    assert f"The managers of {lead.team.name} offer this lead." in today(ren).text
    assert "offer this lead." not in today(mio).text
    at(NOON, offer_lead, lead, by=noa, lane=the_lane())
    assert managing.queue_section().n == 0


def test_the_week_counts_moves_by_day_and_each_opens_its_list(noa, sota, ren, today, as_user):
    monday, tuesday, last_tuesday = NOON - 2 * DAY, NOON - DAY, NOON - 8 * DAY
    lead = a_lead(at=NOON - 30 * DAY)
    at(monday, qualify_lead, lead, by=noa, judgement="Spoke at the fair.")
    handoffs = [at(monday, an_offer, by=noa), at(tuesday, an_offer, by=noa)]
    at(last_tuesday, an_offer, by=noa)
    for handoff in handoffs:
        at(tuesday, accept_lead, handoff, by=sota)
        what = {"kind": "call", "direction": "out", "result": "no_answer"}
        at(NOON, log_contact, handoff.lead, by=sota, **what)
    # A second try that reaches them is no second first contact.
    what = {"kind": "call", "direction": "out", "result": "reached"}
    at(NOON, log_contact, handoffs[0].lead, by=sota, **what)
    at(NOON, open_deal, handoffs[0].lead, by=sota, amount=1)
    at(NOON, return_lead, handoffs[1], by=sota, reason=a_reason("no_budget"))
    page = today(ren)
    week = {row.code: row for row in page.context["week"]}
    by_day = {code: [n for _day, n, _before in row.days] for code, row in week.items()}
    assert by_day["ready"] == [1, 0, 0, None, None]
    assert by_day["offered"] == [1, 1, 0, None, None]
    assert by_day["accepted"] == [0, 2, 0, None, None]
    assert by_day["contacted"] == [0, 0, 2, None, None]
    assert by_day["deal"] == [0, 0, 1, None, None]
    assert by_day["returned"] == [0, 0, 1, None, None]
    assert week["offered"].days[1] == (date(2026, 11, 17), 1, 1), "and the same day last week"
    client = as_user(ren)
    for code, row in week.items():
        for day, n, _before in row.days:
            if n:
                assert f'/today/week/{code}/{day}/"' in page.text
                listed = client.get(f"/today/week/{code}/{day}/").context["page"].rows
                assert len(listed) == n


def test_the_load_shows_each_persons_promises_and_the_pool(noa, sota, rin, ren, today, as_user):
    at(NOON - HOUR, an_offer, by=noa)
    at(NOON - HOUR, an_offer, by=noa, taker=rin)
    at(NOON - 20 * DAY, an_accepted, by=noa, taker=sota)
    page = today(ren)
    load = {row.who: row for row in page.context["load"]}
    assert load["pool"].counts["accept"] == 1
    assert load[str(rin.pk)].counts["accept"] == 1
    mine = load[str(sota.pk)]
    assert (mine.counts["contact"], mine.counts["decide"], mine.late) == (1, 1, 2)
    assert load[str(ren.pk)].total == 0
    client = as_user(ren)
    with time_at(NOON):
        for who, row in load.items():
            for what, n in [*row.counts.items(), ("late", row.late)]:
                listed = client.get(f"/today/load/{who}/{what}/").context["page"].rows
                assert len(listed) == n, (who, what)


def test_who_left_and_still_owes_is_seen(ada, noa, sota, ren, today):
    at(NOON - HOUR, an_accepted, an_mql("Orphan"), by=noa, taker=sota)
    deactivate_person(sota, by=ada)
    page = today(ren)
    assert sota in [row.person for row in page.context["load"]]
    assert "account closed" in page.text


def test_open_deals_stand_by_month_with_their_forecast(noa, sota, ren, today):
    handoff = at(NOON - 2 * DAY, an_accepted, by=noa, taker=sota)
    what = {"amount": 10_000_000, "probability": 40, "expected_on": date(2026, 12, 1)}
    at(NOON, open_deal, handoff.lead, by=sota, **what)
    text = today(ren).text
    assert "¥4M" in text
    assert "/handoffs/deals/?month=2026-12" in text


def test_a_head_who_takes_leads_too_sees_their_own_promises(noa, ren, today):
    at(NOON, an_accepted, an_mql("Mine"), by=noa, taker=ren)
    page = today(ren)
    assert "Your own promises" in page.text
    assert len(page.context["own"].rows) == 2


@pytest.mark.parametrize("who", ["noa", "sota", "iku", "ada", "paz"])
def test_the_lists_behind_a_heads_figures_are_a_heads(who, request, as_user):
    client = as_user(request.getfixturevalue(who))
    for url in ("late/sales", "queue/pool", "week/offered/2026-11-18", "load/pool/accept"):
        assert client.get(f"/today/{url}/").status_code == 403


@pytest.mark.parametrize(
    "url",
    [
        "late/nobody",
        "queue/else",
        "week/dance/2026-11-18",
        "week/offered/2026-13-40",
        "week/offered/0001-01-01",
        "week/offered/9999-12-31",
        "load/pool/nothing",
        "load/0/accept",
        "load/x/accept",
        "load/99999999999999999999/accept",
    ],
)
def test_addresses_that_name_nothing_are_not_found(url, ren, as_user):
    assert as_user(ren).get(f"/today/{url}/").status_code in (200, 404)


def test_an_empty_installation_says_what_will_appear(ren, today):
    text = today(ren).text
    assert text.count("Nothing is late on this side.") == 2
    assert "Every offer to a team has found somebody." in text
    assert "their forecast stands here" in text


def test_the_weekend_shows_the_whole_week(ren, today):
    sunday = NOON + timedelta(days=4)
    days = [day for day, _n, _before in today(ren, sunday).context["week"][0].days]
    assert (len(days), days[-1]) == (7, date(2026, 11, 22))


def test_a_full_page_costs_few_queries(
    noa, sota, ren, today, as_user, django_assert_max_num_queries
):
    late_world(noa, sota)
    for _ in range(8):
        at(NOON - HOUR, an_offer, by=noa)
        at(NOON - HOUR, an_accepted, by=noa, taker=ren)
        offer = at(NOON - 20 * DAY, an_offer, by=noa)
        at(NOON, lapse_offer, offer)
    client = as_user(ren)
    with time_at(NOON):
        client.get("/")
        with django_assert_max_num_queries(15):
            page = client.get("/")
    assert len(page.content) < 90_000


def test_headings_speak_of_new_offers_and_not_of_older_promises(noa, sota, today):
    at(NOON - HOUR, an_offer, by=noa, taker=sota)
    an_agreement(accept_within=300, hot_accept_within=60)
    page = today(sota).text
    assert "New offers: accept within 5 h of business time, hot ones within 1 h" in page
    assert "Agreed: accept within" not in page
