"""Conditions judged by several at once, against people's own moves, and by a worker that dies."""

from datetime import timedelta
from functools import partial

import pytest

from accounts.models import Notice
from common import now
from common.refusals import Refusal
from handoff.actions import (
    Condition,
    accept_lead,
    offer_lead,
    qualify_lead,
    reassign_handoff,
    return_lead,
)
from handoff.actions.second_rounds import settle_condition
from handoff.models import Handoff, ReturnCondition
from handoff.tasks import follow_conditions, sweep_conditions
from leads.actions import learn_fact, log_touch
from leads.following import Horizon
from leads.models import LeadEvent, TimelineReader
from tests.factories import a_reason, the_lane
from tests.races.together import NIGHTLY, at_once, refusals, winners
from tests.races.world import an_accepted, an_offer
from tests.worker import wait_for

TIMES = 40 if NIGHTLY else 8
BUDGET = Condition("fact", field="budget")


def waited_for(noa, sota, condition=BUDGET):
    handoff = an_accepted(noa, sota)
    return return_lead(handoff, by=sota, reason=a_reason(), condition=condition)


def test_many_who_find_it_met_offer_it_once(noa, sota):
    for _ in range(TIMES):
        lead = waited_for(noa, sota).lead
        learn_fact(lead, by=noa, field="budget", value="3 million")
        at_once(
            *[partial(settle_condition, lead.pk)] * 2, follow_conditions, sweep_conditions,
        )  # fmt: skip
        offers = LeadEvent.objects.filter(lead=lead, verb="handoff.offer")
        assert offers.count() == 2
        assert lead.events.filter(verb="condition.met").count() == 1
        told = Notice.objects.filter(lead_id=lead.pk, kind="condition.met", to=sota)
        assert told.count() == 1


def test_it_is_met_while_a_marketer_decides_otherwise(noa, sota):
    for _ in range(TIMES):
        lead = waited_for(noa, sota).lead
        learn_fact(lead, by=noa, field="budget", value="3 million")
        judged, _settled = at_once(
            partial(qualify_lead, lead, by=noa, judgement="They called."),
            partial(settle_condition, lead.pk),
        )
        lead.refresh_from_db()
        assert lead.stage == "mql"
        met = ReturnCondition.objects.get(lead=lead).state == "met"
        assert (
            met
            == isinstance(judged, Refusal)
            == Handoff.objects.waiting().filter(lead=lead).exists()
        )


def test_it_is_met_in_the_moment_of_the_return_itself(noa, sota):
    for _ in range(TIMES):
        handoff = an_accepted(noa, sota)
        at_once(
            partial(return_lead, handoff, by=sota, reason=a_reason(), condition=BUDGET),
            partial(learn_fact, handoff.lead, by=noa, field="budget", value="3 million"),
            sweep_conditions,
        )
        sweep_conditions()
        condition = ReturnCondition.objects.get(lead=handoff.lead)
        # Heard before the return it was known already; heard after it, it met the condition.
        heard_after = handoff.lead.facts.get().at > condition.set_at
        assert condition.state == ("met" if heard_after else "watching")


def test_a_manager_moves_an_offer_while_somebody_accepts_it(noa, sota, rin, ren):
    for _ in range(TIMES):
        offered = an_offer(noa, taker=sota)
        moved, accepted = at_once(
            partial(reassign_handoff, offered, by=ren, taker=rin),
            partial(accept_lead, offered, by=sota),
        )
        offered.refresh_from_db()
        offered.lead.refresh_from_db()
        assert not isinstance(moved, Refusal)
        assert offered.taker == rin
        state = "waiting" if isinstance(accepted, Refusal) else "accepted"
        assert offered.state == state
        if state == "accepted":
            assert offered.lead.seller == rin


def test_two_offers_of_a_lead_that_came_back_are_one(noa, mio, sota):
    for _ in range(TIMES):
        lead = qualify_lead(waited_for(noa, sota).lead, by=noa, judgement="They called.")
        answers = at_once(
            *(
                partial(offer_lead, lead, by=by, lane=the_lane(), unchanged_because="x")
                for by in (noa, mio)
            )
        )
        assert (len(winners(answers)), len(refusals(answers))) == (1, 1)


def wait_until_read(lead):
    """Readers go as far as every transaction is over, also those of other tests' databases."""
    latest = LeadEvent.objects.filter(lead=lead).order_by("-id")[:1]
    seen = LeadEvent.objects.filter(pk__in=[event.pk for event in latest], xid__lt=Horizon())
    wait_for(seen.exists, patience=240)


@pytest.mark.slow
@pytest.mark.worker
def test_a_touch_brings_it_back_within_five_seconds_by_the_tasks_alone(
    celery_worker_process, noa, sota
):
    follow_conditions()  # the reader begins here
    lead = waited_for(noa, sota, Condition("touch", touch_kind="form")).lead
    log_touch(lead, by=None, kind="form", machine=True)
    wait_until_read(lead)
    began = now()
    follow_conditions.delay()
    wait_for(lambda: Handoff.objects.waiting().filter(lead=lead).exists(), patience=5)
    assert now() - began < timedelta(seconds=5)
    assert TimelineReader.objects.filter(name="conditions").exists()


@pytest.mark.slow
@pytest.mark.worker
def test_a_worker_that_dies_in_the_middle_loses_nothing_and_does_nothing_twice(
    start_worker, noa, sota
):
    follow_conditions()
    leads = [waited_for(noa, sota).lead for _ in range(12)]
    for lead in leads:
        learn_fact(lead, by=noa, field="budget", value="3 million")
    wait_until_read(leads[-1])
    with start_worker() as worker:
        follow_conditions.delay()
        wait_for(lambda: Handoff.objects.waiting().exists(), patience=20, explain=worker.said)
        worker.kill()
    follow_conditions()
    for lead in leads:
        assert lead.events.filter(verb="handoff.offer").count() == 2
        assert lead.events.filter(verb="condition.met").count() == 1
    assert sweep_conditions() == 0
