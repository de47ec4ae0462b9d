"""The dry run: what a plan would have done with the last thirty days' handoffs. Changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F

from accounts.models import Absence, Organisation, Team, User
from handoff.models import Handoff
from handoff.routing.choosing import Choice, Unrouted, choose
from handoff.routing.conditions import case_then
from handoff.routing.plans import Plan
from handoff.routing.worlds import BatchWorld

TRIAL_DAYS = 30
MOST = 3000


@dataclass
class Tried:
    """One past offer: what became of it then, and what the plan would have done."""

    handoff: Handoff
    would: Choice | Unrouted

    @property
    def is_queued(self) -> bool:
        return isinstance(self.would, Unrouted)

    @property
    def taker(self) -> User | None:
        return None if self.is_queued else self.would.taker

    @property
    def team(self) -> Team | None:
        return None if self.is_queued else self.would.rule.team

    @property
    def differs(self) -> bool:
        """Another team or person than then; to a pool, if somebody had been named."""
        if self.is_queued or self.team.pk != self.handoff.taker_team_id:
            return True
        if self.taker is None:
            return self.handoff.named
        return self.taker.pk != self.handoff.taker_id


@dataclass
class Trial:
    """All of them in the order in which they were offered, and how many there were in all."""

    rows: list[Tried] = field(default_factory=list)
    left_out: int = 0

    @property
    def changed(self) -> int:
        return sum(row.differs for row in self.rows)

    @property
    def queued(self) -> int:
        return sum(row.is_queued for row in self.rows)

    def by_rule(self) -> Counter[int]:
        """How many each rule would have taken, by its number."""
        return Counter(row.would.rule.number for row in self.rows if not row.is_queued)

    def by_person(self) -> dict[User | None, tuple[int, int]]:
        """Per person (None: the pools): how many they would get, and how many they had."""
        would = Counter(row.taker for row in self.rows if not row.is_queued)
        had = Counter(row.handoff.taker for row in self.rows)
        return {one: (would[one], had[one]) for one in would.keys() | had.keys()}

    def by_team(self) -> dict[Team, tuple[int, int]]:
        would = Counter(row.team for row in self.rows if not row.is_queued)
        had = Counter(row.handoff.taker_team for row in self.rows)
        return {one: (would[one], had[one]) for one in would.keys() | had.keys()}


def try_plan(plan: Plan, *, at: datetime) -> Trial:
    """Route the offers of the last 30 days by `plan`, one after another as they were made.

    Score as it was at the offer; absences, loads and who looked after a company as of that day;
    everything else of a lead as it is now. Seven queries, whatever their number.
    """
    found = _past_offers(at)
    handoffs = list(found.order_by("-offered_at", "-pk")[:MOST])[::-1]
    world = PastWorld(handoffs, at=at)
    for rule in plan.rules:
        for share in rule.shares:
            share.given = 0
    rows = [Tried(handoff, _try(plan, world, handoff)) for handoff in handoffs]
    left_out = found.count() - MOST if len(handoffs) == MOST else 0
    return Trial(rows, left_out)


def _past_offers(at: datetime):
    """First legs that marketing offered; what somebody took as their own was never to be routed."""
    rows = Handoff.objects.filter(
        leg=0, offered_at__gte=at - timedelta(days=TRIAL_DAYS), offered_at__lt=at
    )
    return rows.exclude(giver_team=F("taker_team")).select_related(
        "lead__company", "lead__campaign", "taker__team", "taker_team"
    )


def _try(plan: Plan, world: "PastWorld", handoff: Handoff) -> Choice | Unrouted:
    world.go_to(handoff)
    would = choose(plan, case_then(handoff), world)
    if isinstance(would, Choice):
        would.give()
        if would.taker:
            world.hold(would.taker, until=handoff.closed_at)
    return would


class PastWorld(BatchWorld):
    """The world as it was at each offer. What somebody was given they hold as long as it was held."""

    def __init__(self, handoffs: list[Handoff], *, at: datetime):
        super().__init__([one.lead for one in handoffs], at=at)
        self.zone = Organisation.current().zone
        since = (at - timedelta(days=TRIAL_DAYS + 1)).date()
        rows = Absence.objects.filter(last_day__gte=since).select_related("stand_in__team")
        self._absences = list(rows.order_by("id"))
        self._ends: dict[int, list[datetime | None]] = defaultdict(list)

    def go_to(self, handoff: Handoff) -> None:
        """Be at the moment of this offer."""
        self.at = handoff.offered_at
        day = self.at.astimezone(self.zone).date()
        if day != self.today or self._away is None:
            self.today = day
            self._away = {
                one.person_id: one.stand_in
                for one in self._absences
                if one.first_day <= day <= one.last_day
            }

    def hold(self, person: User, *, until: datetime | None) -> None:
        self._ends[person.pk].append(until)

    def loads(self, people: Iterable[int]) -> Counter[int]:
        return Counter({pk: self._open(self._ends[pk]) for pk in people})

    def _open(self, ends: list[datetime | None]) -> int:
        return sum(end is None or end > self.at for end in ends)
