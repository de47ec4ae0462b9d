"""How a person kept what they promised, this month."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from accounts.models import Organisation, User
from handoff.models import Clock, Terms
from handoff.states import ClockKind

# In the order in which a lead goes through them.
ORDER = (
    ClockKind.ACCEPT,
    ClockKind.CONTACT,
    ClockKind.DECIDE,
    ClockKind.ACKNOWLEDGE,
    ClockKind.ANSWER,
)


@dataclass(frozen=True)
class Promise:
    """One clause and how often this person kept it: clocks stopped in time ÷ clocks that fell due."""

    kind: str
    kept: int
    due: int
    target: int

    @property
    def percent(self) -> float:
        return self.kept / self.due * 100 if self.due else 0.0


def promises_of(user: User, *, at: datetime, terms: Terms) -> list[Promise]:
    """The person's promises that fell due this month up to `at`. The period begins at the
    organisation's midnight of the first."""
    rows = (
        due_this_month(user, at=at)
        .order_by()
        .values_list("kind")
        .annotate(kept=Count("pk", filter=Q(stopped_at__lte=F("due_at"))), due=Count("pk"))
    )
    found = {kind: (kept, due) for kind, kept, due in rows}
    return [Promise(kind, *found[kind], terms.target_kept) for kind in ORDER if kind in found]


def due_this_month(user: User, *, at: datetime, kind: str = "") -> QuerySet[Clock]:
    """The clocks behind `promises_of`, latest first: those this person owes by name.

    An offer to a pool is a promise of the team: whoever claims a late one has not broken it.
    """
    rows = Clock.objects.visible_to(user).filter(
        owner=user, void=False, due_at__gte=month_begin(at), due_at__lte=at
    )
    return (rows.filter(kind=kind) if kind else rows).order_by("-due_at", "-pk")


def month_begin(at: datetime) -> datetime:
    """Midnight of the first of the month, where the organisation is."""
    local = at.astimezone(Organisation.current().zone)
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
