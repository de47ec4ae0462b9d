"""The now list: one order over promises, follow-ups and missing next steps, each with its reason."""

from datetime import timedelta

import pytest

from common.clock import time_at
from handoff.actions import ask_question, log_contact, open_deal, return_lead
from handoff.models import Clock
from leads.actions import plan_follow_up
from tests.exchange.wednesday import DAY, HOUR, NOON, at
from tests.factories import a_reason, an_accepted, an_mql, an_offer


@pytest.fixture
def look(client):
    def at_noon(user, query=""):
        client.force_login(user)
        with time_at(NOON):
            return client.get(f"/now/{query}")

    return at_noon


def rows(page):
    return [(item.lead.family_name, item.why) for item in page.context["page"].rows]


def reached(handoff, *, by, when):
    at(when, log_contact, handoff.lead, by=by, kind="call", direction="out", result="reached")


def test_everything_stands_in_the_order_in_which_to_do_it(noa, sota, look):
    at(NOON - HOUR, an_offer, an_mql("Offer"), by=noa, taker=sota)
    at(NOON - 20 * DAY, an_accepted, an_mql("Overdue"), by=noa, taker=sota)
    asked = an_mql("Promised")
    at(
        NOON - DAY,
        plan_follow_up,
        asked,
        by=sota,
        what="Call back",
        due_at=NOON + HOUR,
        promised=True,
    )
    silent = at(NOON - DAY, an_accepted, an_mql("Silent"), by=noa, taker=sota)
    reached(silent, by=sota, when=NOON - HOUR)
    page = look(sota)
    assert rows(page) == [
        ("Overdue", "contact"),
        ("Promised", "follow_up"),
        ("Silent", "step"),
        ("Offer", "accept"),
    ]
    for words in ("First contact is due", "Promised for", "No next step", "Offered to you"):
        assert words in page.text


def test_a_deal_without_a_next_step_stands_there_too(noa, sota, look):
    handoff = at(NOON - DAY, an_accepted, an_mql("Dealt"), by=noa, taker=sota)
    reached(handoff, by=sota, when=NOON - HOUR)
    at(NOON - HOUR, open_deal, handoff.lead, by=sota, amount=1)
    assert rows(look(sota)) == [("Dealt", "step")]
    at(NOON, plan_follow_up, handoff.lead, by=sota, what="Quote", due_at=NOON + 3 * DAY)
    assert rows(look(sota)) == []


def test_marketing_owes_too(noa, sota, look):
    handoff = at(NOON - DAY, an_accepted, an_mql("Back"), by=noa, taker=sota)
    at(NOON - HOUR, return_lead, handoff, by=sota, reason=a_reason("no_budget"))
    at(NOON - HOUR, ask_question, an_mql("Asks", marketer=noa), by=noa, text="How much?")
    assert sorted(rows(look(noa))) == [("Asks", "answer"), ("Back", "acknowledge")]


def test_what_rests_for_the_customer_is_not_due(noa, sota, look):
    handoff = at(NOON - HOUR, an_accepted, by=noa, taker=sota)
    Clock.objects.running().filter(handoff=handoff).update(paused_at=NOON)
    assert rows(look(sota)) == []


def test_mine_and_my_teams(noa, sota, rin, look):
    at(NOON - HOUR, an_accepted, an_mql("Hers"), by=noa, taker=rin)
    assert rows(look(sota)) == []
    assert rows(look(sota, "?whose=team")) == [("Hers", "contact")]


def test_a_partner_has_only_what_is_entrusted(noa, paz, sota, look):
    at(NOON - HOUR, an_offer, an_mql("Ours"), by=noa)
    assert rows(look(paz)) == []
    assert rows(look(paz, "?whose=team")) == []


def test_it_pages_by_key_without_gap_or_repetition(noa, sota, look):
    for n in range(25):
        at(NOON - timedelta(minutes=n), an_offer, an_mql(f"L{n}"), by=noa, taker=sota)
    seen, key = [], ""
    for _page in range(2):
        page = look(sota, f"?after={key.replace('+', '%2B')}" if key else "")
        seen += [name for name, _why in rows(page)]
        key = page.context["page"].next_key
    assert sorted(seen) == sorted(f"L{n}" for n in range(25))
    assert key == ""


@pytest.mark.parametrize(
    "key", ["x", "a~b~c", "2026-01-01T00:00:00~c~1", "2026-01-01T00:00:00+09:00~z~1"]
)
def test_a_key_it_did_not_give_out_is_refused(key, sota, look):
    assert look(sota, f"?after={key}").status_code == 400


def test_it_costs_ten_queries(noa, sota, look, django_assert_max_num_queries):
    for n in range(12):
        at(NOON - timedelta(minutes=n), an_offer, by=noa, taker=sota)
        at(NOON, plan_follow_up, an_mql(), by=sota, what="Call", due_at=NOON + HOUR)
    look(sota)
    with django_assert_max_num_queries(14):  # four of them sign the client in again
        look(sota)
