"""What waits for one person: offers, first contacts, decisions, returns, questions, follow-ups."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from common.formats import local_day
from handoff.measures import counts_up_to
from handoff.models import Clock, Handoff
from handoff.states import ClockKind, State
from leads.models import FollowUp

_LEAD = ("handoff__lead__company", "handoff__giver__team", "handoff__taker__team")


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


def offers(user: User) -> QuerySet[Clock]:
    """Offers this person can accept, by their clocks: to them by name, or to their team's pool."""
    clocks = _running(ClockKind.ACCEPT, user)
    return clocks.select_related(*_LEAD, "handoff__giver_team", "handoff__taker_team")


def first_contacts(user: User) -> QuerySet[Clock]:
    """People this person accepted and has not tried to reach yet."""
    return _running(ClockKind.CONTACT, user).select_related(*_LEAD)


def decisions(user: User) -> QuerySet[Clock]:
    """Leads tried or reached already, that wait for a deal, the next team, or a return.

    While a lead is offered on, its clock stands still: the next team decides.
    """
    tried = _running(ClockKind.DECIDE, user).filter(handoff__first_attempt_at__isnull=False)
    return tried.select_related(*_LEAD)


def returns(user: User) -> QuerySet[Clock]:
    """Returned leads whose return this person has to acknowledge."""
    return _running(ClockKind.ACKNOWLEDGE, user).select_related(
        *_LEAD, "handoff__returned_by__team", "handoff__return_reason", "handoff__taker_team"
    )


def questions(user: User) -> QuerySet[Clock]:
    """Questions of leads that this person, or anybody of the team, has to answer."""
    return _running(ClockKind.ANSWER, user).select_related(
        "question__lead__company", "question__by__team"
    )


def own(user: User) -> QuerySet[Clock]:
    """Every promise that runs for this person by name, for those who mainly lead others."""
    rows = Clock.objects.running().visible_to(user).filter(owner=user).order_by("due_at", "pk")
    return rows.select_related("team", "handoff__lead__company", "question__lead__company")


def _running(kind: ClockKind, user: User) -> QuerySet[Clock]:
    return Clock.objects.running().visible_to(user).filter(mine(user), kind=kind).order_by("due_at")


def sections(wanted: dict[str, QuerySet], *, size: int) -> dict[str, Section]:
    """The first `size` rows of each query, and how many it has: one query each, and one more for
    all counts where a section does not show everything."""
    found = {name: list(rows[: size + 1]) for name, rows in wanted.items()}
    longer = {name: wanted[name] for name, rows in found.items() if len(rows) > size}
    counts = counts_up_to(longer) if longer else {}
    return {name: Section(rows[:size], counts.get(name, len(rows))) for name, rows in found.items()}


def follow_ups(user: User, *, at: datetime) -> list[FollowUp]:
    """What this person means to do today or is late with, and what they did today, by the hour."""
    begin, end = day_of(at)
    rows = FollowUp.objects.visible_to(user).filter(owner=user)
    wanted = Q(done_at=None, due_at__lt=end) | Q(done_at__gte=begin, done_at__lt=end)
    return list(rows.filter(wanted).select_related("lead__company").order_by("due_at", "pk")[:30])


def day_of(at: datetime) -> tuple[datetime, datetime]:
    """The reader's day that holds `at`: [midnight, next midnight)."""
    zone = timezone.get_current_timezone()
    day = local_day(at)
    begin = datetime.combine(day, time.min, zone)
    return begin, datetime.combine(day + timezone.timedelta(days=1), time.min, zone)


def became_of_returns(user: User) -> list[Handoff]:
    """The leads this person returned last, with what the giving side answered."""
    rows = Handoff.objects.visible_to(user).filter(returned_by=user, state=State.RETURNED)
    rows = rows.select_related("lead__company", "acknowledged_by", "giver", "giver_team")
    return list(rows.order_by("-closed_at")[:4])
