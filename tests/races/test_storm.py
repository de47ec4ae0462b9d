"""Everybody presses everything on the same few leads: no deadlock, no broken promise."""

import random
from functools import partial

import pytest

from accounts.states import TeamKind
from common.refusals import Refusal
from handoff.models import Handoff
from handoff.states import RouteTo
from handoff.tasks import (
    follow_conditions,
    offer_qualified_leads,
    sweep_clocks,
    sweep_conditions,
)
from leads.models import Lead, LeadEvent
from tests.factories import a_user
from tests.handoff.routes import a_plan, in_turn
from tests.races.moves import MOVES
from tests.races.together import NIGHTLY, Crowd, assert_in_words
from tests.races.world import a_lead

PRESSES = 400 if NIGHTLY else 60
# What happens at a desk most of the day; the rest of MOVES comes in between.
USUAL = ["touch", "offer", "accept", "contact", "qualify", "return", "open_deal", "win", "lose"]


def pressing(seed: int, leads: list[Lead], people: list) -> None:
    """One person's hour: presses on random leads; what is refused is part of the day."""
    rng = random.Random(seed)
    for _ in range(PRESSES):
        name = rng.choice(rng.choice((USUAL, list(MOVES))))
        try:
            MOVES[name](rng, rng.choice(leads), rng.choice(people), people)
        except Refusal as refused:
            assert_in_words(refused)


def sweeping() -> None:
    """What the clock and the readers of the timeline do meanwhile."""
    for _ in range(20):
        for task in (sweep_clocks, offer_qualified_leads, follow_conditions, sweep_conditions):
            task()


@pytest.mark.slow
def test_a_storm_of_all_verbs_ends_without_deadlock_and_with_every_promise_kept(
    noa, mio, iku, sota, rin, ren
):
    people = [noa, mio, iku, sota, rin, ren, a_user(kind=TeamKind.MARKETING)]
    leads = [a_lead(noa, title="部長", phone="03-0000-0000") for _ in range(4)]
    a_plan({"to": RouteTo.OWNER}, in_turn(sota, (rin, 2, 3)))
    deeds = [partial(pressing, seed, leads, people) for seed in range(7)]
    with Crowd(len(deeds) + 1) as crowd:
        crowd.all_do(*deeds, sweeping)
    assert Handoff.objects.exists()
    # Who comes too late changes nothing, so how many moves succeed is the storm's own affair.
    assert LeadEvent.objects.count() > PRESSES // 3
