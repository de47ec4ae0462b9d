"""All verbs in any order, by anybody, over months: hypothesis looks for an order that breaks a promise."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts.states import Role, TeamKind
from common import time_at
from common.refusals import Refusal
from handoff.actions.conditions import local_day
from handoff.models import (
    Brief,
    Clock,
    Deal,
    Entrustment,
    Handoff,
    QueuedLead,
    ReturnCondition,
    ReturnReason,
    RoutingShare,
)
from handoff.states import RouteTo
from handoff.tasks import sweep_clocks, sweep_conditions
from leads.models import Lead, LeadEvent
from tests.factories import a_team, a_user, the_defaults
from tests.handoff.routes import a_plan, in_turn
from tests.promises import broken
from tests.races.moves import MOVES
from tests.races.together import NIGHTLY, assert_in_words
from tests.races.world import a_lead

TABLES = (Lead, LeadEvent, Handoff, Brief, Clock, Deal, Entrustment, ReturnCondition)
TABLES += (QueuedLead, RoutingShare)
WITH_A_TITLE = {"conditions": [{"about": "title", "operator": "filled"}]}


def everything() -> list:
    """All rows a move may change."""
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


class AnyOrder(RuleBasedStateMachine):
    """Two leads, seven people of every kind, and a calendar that only moves on."""

    def __init__(self):
        super().__init__()
        self.together = transaction.atomic()
        self.together.__enter__()
        self.moment = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # a Monday, 10:00 in Tokyo
        caches["local"].clear()

    def teardown(self):
        transaction.set_rollback(True)
        self.together.__exit__(None, None, None)
        caches["local"].clear()

    @initialize()
    def a_company_opens(self):
        with time_at(self.moment):
            the_defaults()
            ReturnReason.objects.filter(code="no_need").update(to_marketing=True)
            agency = a_team(TeamKind.INSIDE_SALES, is_partner=True)
            self.people = [
                a_user(kind=TeamKind.MARKETING),
                a_user(kind=TeamKind.MARKETING, role=Role.MANAGER),
                a_user(kind=TeamKind.INSIDE_SALES),
                a_user(kind=TeamKind.SALES),
                a_user(kind=TeamKind.SALES, role=Role.MANAGER),
                a_user(role=Role.ADMINISTRATOR),
                a_user(role=Role.PARTNER, team=agency),
            ]
            takers = in_turn(self.people[3], (self.people[4], 2, 1))
            a_plan({"to": RouteTo.OWNER}, takers | WITH_A_TITLE)
            self.leads = [a_lead(self.people[0], title="部長", phone="03-0000-0000")]
            self.leads.append(a_lead(self.people[2]))

    @rule(
        name=st.sampled_from(sorted(MOVES)),
        which=st.integers(0, 1),
        who=st.integers(0, 6),
        seed=st.integers(0, 10_000),
    )
    def somebody_presses(self, name, which, who, seed):
        lead, by = Lead.objects.get(pk=self.leads[which].pk), self.people[who]
        before = everything()
        with time_at(self.moment):
            try:
                MOVES[name](random.Random(seed), lead, by, self.people)
            except Refusal as refused:
                assert_in_words(refused)
                assert everything() == before, f"{name} was refused and changed something"
        self.moment += timedelta(seconds=30)

    @rule(who=st.integers(0, 4), which=st.integers(0, 1), seed=st.integers(0, 10_000))
    def the_usual_way(self, who, which, seed):
        """A lead goes the way most go: random presses alone rarely come as far as a deal."""
        rng, lead = random.Random(seed), self.leads[which]
        for name in ("qualify", "offer", "accept", "contact", "open_deal"):
            for by in self.people:
                with time_at(self.moment):
                    try:
                        MOVES[name](rng, Lead.objects.get(pk=lead.pk), by, self.people)
                    except Refusal:
                        continue
                break
            self.moment += timedelta(minutes=20)

    @rule(hours=st.sampled_from([1, 5, 30, 24 * 8]))
    def time_passes(self, hours):
        self.moment += timedelta(hours=hours)

    @precondition(lambda self: Clock.objects.running().exists())
    @rule()
    def the_clock_sweeps(self):
        with time_at(self.moment):
            sweep_clocks()
            before = everything()
            sweep_clocks()
        assert everything() == before, "a second sweep changed something"

    @precondition(lambda self: ReturnCondition.objects.watching().exists())
    @rule()
    def the_conditions_are_looked_at(self):
        with time_at(self.moment):
            sweep_conditions()
            before = everything()
            sweep_conditions()
            today = local_day(self.moment)
        assert everything() == before, "a second look changed something"
        assert not ReturnCondition.objects.to_settle(today=today).exists()

    @invariant()
    def every_promise_holds(self):
        assert broken() == []


@pytest.mark.slow
@pytest.mark.django_db
def test_no_order_of_moves_breaks_a_promise():
    AnyOrder.TestCase.settings = settings(
        max_examples=150 if NIGHTLY else 12,
        stateful_step_count=40 if NIGHTLY else 25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not NIGHTLY,
        database=None,
    )
    AnyOrder.TestCase().runTest()
