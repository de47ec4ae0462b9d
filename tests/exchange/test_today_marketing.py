"""Today for a marketer."""

from datetime import timedelta

import pytest

from common.clock import time_at
from exchange.measures import marketing
from handoff.actions import (
    accept_lead,
    ask_question,
    log_contact,
    lose_deal,
    open_deal,
    return_lead,
    win_deal,
)
from leads.scoring import heat_added
from tests.exchange.wednesday import DAY, HOUR, NOON, at
from tests.factories import a_company, a_reason, a_user, an_accepted, an_mql, an_offer, the_team

SINCE = timedelta(days=90)


@pytest.fixture
def mine(noa):
    """`mine("Saeki")`: an MQL that Noa looks after."""

    def make(name="", **fields):
        fields.setdefault("marketer", noa)
        return an_mql(name, **fields)

    return make


def returned(noa, sota, lead=None, **what):
    handoff = at(NOON - 2 * DAY, an_accepted, lead or an_mql(), by=noa, taker=sota)
    what.setdefault("reason", a_reason("no_budget"))
    return at(NOON - DAY, return_lead, handoff, by=sota, **what)


def test_returns_wait_with_reason_words_and_date(noa, sota, today):
    revisit = (NOON + 60 * DAY).date()
    returned(noa, sota, an_mql("Saeki"), note="Budget is spent.", revisit_on=revisit)
    page = today(noa)
    assert len(page.context["returns"].rows) == 1
    for words in ("Saeki", "Budget is spent.", a_reason("no_budget").name_en, "Sota"):
        assert words in page.text
    handoff = page.context["returns"].rows[0].handoff
    assert f"/handoffs/{handoff.pk}/acknowledgement/" in page.text


def test_what_another_marketer_has_to_acknowledge_is_not_mine(noa, sota, today):
    kei = a_user("Kei", kind="marketing")
    returned(kei, sota)
    assert not today(noa).context["returns"]


def test_ready_leads_are_mine_or_nobodys_and_the_warmest_first(noa, mine, today):
    kei = a_user("Kei", kind="marketing")
    mine("Cool", heat=heat_added(10, at=NOON))
    mine("Warm", heat=heat_added(90, at=NOON))
    mine("Free", marketer=None, heat=heat_added(50, at=NOON))
    mine("Keis", marketer=kei)
    mine("Sales", team=the_team("sales"))
    offered = mine("Offered")
    at(NOON, an_offer, offered, by=noa)
    page = today(noa)
    assert [row.lead.family_name for row in page.context["ready_rows"]] == ["Warm", "Free", "Cool"]
    assert round(page.context["ready_rows"][0].engagement) == 90
    assert 'name="lead"' in page.text


def test_a_ready_lead_says_what_its_brief_still_misses(noa, mine, today):
    mine("Bare")
    row = today(noa).context["ready_rows"][0]
    assert {"reach", "who", "need"} <= set(row.missing)
    assert row.filled + len(row.missing) == row.of == 6


def test_questions_owed_by_me_wait_with_their_words(noa, sota, mine, today):
    lead = mine("Saeki")
    question = at(NOON - HOUR, ask_question, lead, by=sota, text="Can it read our ledger?")
    page = today(noa)
    assert "Can it read our ledger?" in page.text
    assert f"/handoffs/questions/{question.pk}/answer/" in page.text


def journey(noa, sota):
    """Six leads handed over, each a step further."""
    offers = [at(NOON - 9 * DAY, an_offer, by=noa) for _ in range(6)]
    taken = [at(NOON - 8 * DAY, accept_lead, offer, by=sota) for offer in offers[1:]]
    for handoff in taken[1:]:
        what = {"kind": "call", "direction": "out", "result": "reached"}
        at(NOON - 7 * DAY, log_contact, handoff.lead, by=sota, **what)
    deals = [
        at(NOON - 6 * DAY, open_deal, one.lead, by=sota, amount=1_000_000) for one in taken[2:4]
    ]
    at(NOON - 5 * DAY, win_deal, deals[0], by=sota)
    at(NOON - 5 * DAY, return_lead, taken[4], by=sota, reason=a_reason("no_budget"))
    return deals


def test_what_became_of_what_i_handed_over(noa, sota, today):
    journey(noa, sota)
    page = today(noa)
    counts = {step.code: step.n for step in page.context["steps"]}
    assert counts == {
        "offered": 6,
        "accepted": 5,
        "contacted": 4,
        "deal": 2,
        "won": 1,
        "returned": 1,
    }


@pytest.mark.parametrize("step", list(marketing.STEPS))
def test_every_step_opens_exactly_its_list(step, noa, sota, today, as_user):
    journey(noa, sota)
    at(NOON - SINCE - DAY, an_offer, by=noa)  # too long ago
    at(NOON - DAY, an_offer, by=a_user("Kei", kind="marketing"))  # another's
    client = as_user(noa)
    with time_at(NOON):
        page = client.get(f"/today/handed/{step}/")
    figure = next(one.n for one in page.context["steps"] if one.code == step)
    assert len(page.context["page"].rows) == figure


def test_a_step_that_does_not_exist_is_not_found(noa, as_user):
    assert as_user(noa).get("/today/handed/nowhere/").status_code == 404
    assert as_user(noa).get("/today/promises/nothing/").status_code == 404


def test_the_latest_news_of_ones_leads(noa, sota, today):
    deals = journey(noa, sota)
    from tests.factories import a_lost_reason

    at(NOON - 4 * DAY, lose_deal, deals[1], by=sota, reason=a_lost_reason("price"))
    text = today(noa).text
    assert "Sota won the deal with" in text
    assert "Sota lost the deal with" in text


def test_an_empty_day_says_what_will_appear(noa, today):
    text = today(noa).text
    assert "No return waits for your answer" in text
    assert "As soon as one meets the agreed definition" in text
    assert "you see here how far each of them comes" in text
    assert "Agreed: fit" in text


def test_a_full_page_costs_few_queries(
    noa, sota, mine, today, as_user, django_assert_max_num_queries
):
    for n in range(12):
        company = a_company()
        mine(company=company)
        returned(noa, sota, an_mql(company=company, marketer=noa))
        at(NOON - HOUR, ask_question, mine(company=company), by=sota, text=f"Question {n}?")
    journey(noa, sota)
    client = as_user(noa)
    with time_at(NOON):
        client.get("/")
        with django_assert_max_num_queries(15):
            page = client.get("/")
    assert len(page.content) < 90_000
