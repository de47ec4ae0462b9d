"""Two who move one thing at the same time: exactly one of them does, or both in some order."""

from datetime import timedelta
from functools import partial

import pytest

from accounts.models import Notice
from common import now
from common.refusals import Refusal
from handoff.actions import (
    accept_lead,
    disqualify_lead,
    log_contact,
    open_deal,
    return_lead,
    win_deal,
    withdraw_offer,
)
from handoff.actions.ladder import breach_due, warn_due
from handoff.actions.offers import lapse_offer
from handoff.actions.routing_plans import begin_draft
from handoff.models import Clock, Handoff, RoutingPlan
from handoff.tasks import sweep_clocks
from leads.actions import log_touch
from leads.models import Interaction, LeadEvent
from tests.factories import a_reason
from tests.races.together import NIGHTLY, at_once, refusals, winners
from tests.races.world import a_lead, an_accepted, an_offer

TIMES = 40 if NIGHTLY else 8


def test_an_acceptance_and_a_withdrawal_one_of_them_happens(noa, sota):
    seen = set()
    for _ in range(TIMES):
        handoff = an_offer(noa)
        accepted, withdrawn = at_once(
            partial(accept_lead, handoff, by=sota), partial(withdraw_offer, handoff, by=noa)
        )
        assert isinstance(accepted, Refusal) != isinstance(withdrawn, Refusal)
        handoff.refresh_from_db()
        seen.add(handoff.state)
        assert handoff.state == ("withdrawn" if isinstance(accepted, Refusal) else "accepted")
    assert seen <= {"accepted", "withdrawn"}


def test_the_clock_lapses_an_offer_while_somebody_accepts_it(noa, sota):
    for _ in range(TIMES):
        handoff = an_offer(noa, at=now() - timedelta(days=30))
        accepted, lapsed = at_once(
            partial(accept_lead, handoff, by=sota), partial(lapse_offer, handoff)
        )
        assert isinstance(accepted, Refusal) == (lapsed is not None)


def test_the_taker_returns_while_a_deal_is_opened(noa, sota, ren):
    for _ in range(TIMES):
        handoff = an_accepted(noa, sota)
        answers = at_once(
            partial(return_lead, handoff, by=sota, reason=a_reason()),
            partial(open_deal, handoff.lead, by=ren, amount=1_000_000),
        )
        assert len(winners(answers)) == 1
        handoff.refresh_from_db()
        assert handoff.state in ("returned", "converted")


def test_both_sides_take_a_lead_out_at_once_and_it_is_out_once(noa, sota):
    handoff = an_accepted(noa, sota)
    at_once(*[partial(disqualify_lead, handoff.lead, by=sota, reason="A student.")] * 3)
    assert LeadEvent.objects.filter(verb="lead.disqualify").count() == 1
    assert LeadEvent.objects.filter(verb="handoff.return").count() == 1


def test_a_deal_is_won_once(noa, sota, ren):
    deal = open_deal(an_accepted(noa, sota).lead, by=sota, amount=1)
    press = partial(win_deal, deal, by=sota)
    answers = at_once(press, press, partial(win_deal, deal, by=ren))
    assert len(refusals(answers)) <= 2
    assert LeadEvent.objects.filter(verb="deal.win").count() == 1


def test_two_sweeps_at_once_record_a_breach_once(noa, sota, mio):
    offered = [an_offer(noa, at=now() - timedelta(days=4)) for _ in range(5)]
    at_once(sweep_clocks, sweep_clocks, sweep_clocks)
    assert Clock.objects.exclude(breached_at=None).count() == len(offered)
    told = Notice.objects.filter(kind="clock.breach", to=sota)
    assert told.count() == len(offered)


@pytest.mark.parametrize(
    ("telling", "kind"), [(warn_due, "clock.warning"), (breach_due, "clock.breach")]
)
def test_one_promise_is_warned_of_or_broken_once_whoever_finds_it(telling, kind, noa, sota):
    clock = an_offer(noa).clocks.get()
    at = clock.warn_at if telling is warn_due else clock.due_at
    answers = at_once(*[partial(telling, pks=[clock.pk], at=at)] * 4)
    assert sorted(answers) == [0, 0, 0, 1]
    assert Notice.objects.filter(kind=kind, to=sota).count() == 1


def test_touches_that_arrive_together_qualify_a_lead_once(noa):
    lead = a_lead(noa, title="部長", email="a@b.example", phone="03-0000-0000")
    log_form = partial(log_touch, lead, by=None, kind="form", machine=True)
    asks_for_demo = partial(log_touch, lead, by=None, kind="form", result="demo", machine=True)
    at_once(log_form, asks_for_demo, log_form, asks_for_demo, log_form, asks_for_demo)
    lead.refresh_from_db()
    assert lead.stage == "mql"
    assert LeadEvent.objects.filter(verb="lead.qualify").count() == 1
    assert Interaction.objects.filter(lead=lead).count() == 6


def test_the_weekly_cap_holds_for_touches_that_arrive_together(noa):
    lead = a_lead(noa)
    at_once(*[partial(log_touch, lead, by=None, kind="download", machine=True)] * 6)
    assert sorted(lead.touches.values_list("points", flat=True)) == [0, 0, 0, 10, 10, 10]


def test_the_same_touch_sent_twice_at_once_is_kept_once(noa):
    lead = a_lead(noa)
    send = partial(log_touch, lead, by=None, kind="visit", machine=True, external_id="v-1")
    answers = at_once(send, send, send)
    assert len({touch.pk for touch in answers}) == 1
    assert lead.touches.count() == 1


def test_two_people_make_the_first_contact_and_one_attempt_counts(noa, sota, rin):
    handoff = an_accepted(noa, sota)
    at_once(
        *(
            partial(log_contact, handoff.lead, by=by, kind="call", result="reached")
            for by in (sota, rin)
        )
    )
    assert LeadEvent.objects.filter(verb="handoff.contact").count() == 1
    assert Clock.objects.filter(handoff=handoff, kind="contact", stopped_at=None).count() == 0
    assert Handoff.objects.get(pk=handoff.pk).first_contact_at


def test_two_who_begin_the_rules_at_once_write_one_draft(mio, ren):
    RoutingPlan.objects.update(in_force=False)
    answers = at_once(lambda: begin_draft(by=mio), lambda: begin_draft(by=ren))
    assert len({plan.pk for plan in answers}) == 1
