"""What waits for one person: offers, first contacts, decisions, returns, questions, follow-ups.

Read in two steps, so that a crowded pool costs no more than a quiet one: first which clocks run, narrow
and by the index; then only those that are shown, with their leads and people.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Team, User
from common.formats import local_day
from handoff.models import Clock, Handoff
from handoff.states import ClockKind, State
from leads.models import FollowUp

# More than so many in one section are not told apart any more.
MOST = 1000


@dataclass(frozen=True)
class Section:
    """The first rows of what waits, and how many there are in all."""

    rows: list
    n: int

    @property
    def more(self) -> int:
        return self.n - len(self.rows)

    def __bool__(self):
        return bool(self.rows)


def mine(user: User) -> Q:
    """Promises this person owes: their own, and those of the pool of their team."""
    return Q(owner=user) | Q(owner=None, team=user.team_id)


def owed(user: User) -> QuerySet[Clock]:
    """The promises of this person that time runs for, the most urgent first.

    A decision waits only once the lead was tried; while a lead is offered on its clock stands still,
    and while the customer asked to wait it is the customer's turn.
    """
    clocks = Clock.objects.ticking().visible_to(user).filter(mine(user))
    untried = Q(kind=ClockKind.DECIDE, handoff__first_attempt_at__isnull=True)
    return clocks.exclude(untried).order_by("due_at", "pk")


def desk(user: User, sizes: dict[str, int]) -> dict[str, Section]:
    """By kind of clock what this person owes: {"accept": Section, …}. Four queries at most."""
    ids = defaultdict(list)
    for pk, kind in owed(user).filter(kind__in=sizes).values_list("pk", "kind")[:MOST]:
        ids[kind].append(pk)
    shown = [pk for kind, size in sizes.items() for pk in ids[kind][:size]]
    rows = {clock.pk: clock for clock in shown_clocks(shown)}
    return {
        kind: Section([rows[pk] for pk in ids[kind][:size] if pk in rows], len(ids[kind]))
        for kind, size in sizes.items()
    }


def shown_clocks(ids: list[int]) -> list[Clock]:
    """These clocks with their leads and people, in the order given. Three queries."""
    found = Clock.objects.select_related(
        "handoff__lead__company",
        "handoff__return_reason",
        "handoff__condition",
        "question__lead__company",
    ).in_bulk(ids)
    clocks = [found[pk] for pk in ids if pk in found]
    add_people([clock.handoff for clock in clocks if clock.handoff_id], clocks)
    return clocks


def add_people(handoffs: list[Handoff], clocks: list[Clock]) -> None:
    """Give each its people and teams, by two narrow queries: joins of every person to every row
    take longer to plan than to run."""
    keys: list[tuple[Handoff | Clock, tuple[str, ...]]] = [
        (row, ("giver", "taker", "returned_by", "acknowledged_by")) for row in handoffs
    ]
    keys += [(clock, ("owner",)) for clock in clocks]
    wanted = {getattr(row, f"{name}_id") for row, names in keys for name in names} - {None}
    if not (wanted or keys):
        return
    teams = Team.objects.in_bulk()
    people = User.objects.in_bulk(wanted)
    for person in people.values():
        person.team = teams.get(person.team_id)
    for row, names in keys:
        for name in names:
            setattr(row, name, people.get(getattr(row, f"{name}_id")))
    for row in handoffs:
        row.giver_team, row.taker_team = teams[row.giver_team_id], teams[row.taker_team_id]
    for clock in clocks:
        clock.team = teams[clock.team_id]


def with_conditions(returns: Section) -> Section:
    """The same returns, each clock with the `condition` under which sales wants the lead back."""
    for clock in returns.rows:
        clock.condition = getattr(clock.handoff, "condition", None)
    return returns


def follow_ups(user: User, *, at: datetime) -> list[FollowUp]:
    """What this person means to do today or is late with, and what they did today, by the hour."""
    begin, end = day_of(at)
    rows = FollowUp.objects.visible_to(user).filter(owner=user)
    wanted = Q(done_at=None, due_at__lt=end) | Q(done_at__gte=begin, done_at__lt=end)
    return list(rows.filter(wanted).select_related("lead__company").order_by("due_at", "pk")[:20])


def done_today(user: User, *, at: datetime) -> list[FollowUp]:
    """The follow-ups this person has ticked off today: what is done stays in sight."""
    begin, end = day_of(at)
    rows = FollowUp.objects.visible_to(user).filter(owner=user)
    rows = rows.filter(done_at__gte=begin, done_at__lt=end).select_related("lead__company")
    return list(rows.order_by("-done_at", "pk")[:10])


def day_of(at: datetime) -> tuple[datetime, datetime]:
    """The reader's day that holds `at`: [midnight, next midnight)."""
    zone = timezone.get_current_timezone()
    day = local_day(at)
    begin = datetime.combine(day, time.min, zone)
    return begin, datetime.combine(day + timedelta(days=1), time.min, zone)


def became_of_returns(user: User) -> list[Handoff]:
    """The leads this person returned last, with what the giving side answered."""
    rows = Handoff.objects.visible_to(user).filter(returned_by=user, state=State.RETURNED)
    rows = rows.select_related("lead__company", "acknowledged_by")
    return list(rows.order_by("-closed_at")[:4])
