"""What the pages of handoffs count: each figure is one reading of the rows its list shows."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Organisation
from common import keyset
from common.formats import local_day
from handoff.models import Clock, Deal, Handoff
from handoff.states import ReturnKind, State
from leads.models import Lead

KEPT_DAYS = 90
MOST_COUNTED = 1000


def counts_up_to(rows: dict[str, QuerySet], limit: int = MOST_COUNTED) -> dict[str, int]:
    """How many rows each query has, counted to `limit` at most; all in one query."""
    return {name: n for name, (n, _exact) in keyset.counts_up_to(rows, limit).items()}


@dataclass(frozen=True)
class Kept:
    """How often a promise was kept: `kept` of `due`."""

    kept: int = 0
    due: int = 0

    @property
    def ratio(self) -> float | None:
        return self.kept / self.due if self.due else None

    @property
    def percent(self) -> float | None:
        return None if self.ratio is None else self.ratio * 100


def kept_from(at: datetime, *, days: int = KEPT_DAYS) -> datetime:
    """The midnight of the organisation at which the last `days` days, today being one, begin."""
    local = at.astimezone(Organisation.current().zone)
    first = local.date() - timedelta(days=days - 1)
    return datetime.combine(first, time.min, local.tzinfo)


def promises_kept(*, at: datetime, days: int = KEPT_DAYS) -> dict[tuple[str, str], Kept]:
    """{(clock kind, side): kept of due}: clocks stopped in time ÷ clocks due in the last `days` days.

    A clock counts once its time is over: a running promise is neither kept nor missed.
    """
    rows = (
        Clock.objects.filter(void=False, due_at__gte=kept_from(at, days=days), due_at__lte=at)
        .values_list("kind", "side")
        .annotate(kept=Count("stopped_at", filter=Q(stopped_at__lte=F("due_at"))), due=Count("*"))
        .order_by()
    )
    return {(kind, side): Kept(kept, due) for kind, side, kept, due in rows}


@dataclass(frozen=True)
class Counted:
    """How many rows a clause of the agreement brought, and what the list of them is filtered by.

    `this_month`: since its first, else in the last `KEPT_DAYS` days.
    """

    n: int
    filter: dict[str, object]
    this_month: bool = False


def clause_counts(*, at: datetime) -> dict[str, Counted]:
    """{figure of a clause: handoffs behind it}, as the list of handoffs counts them; one query.

    Days begin where the reader is, as in the filters of that list.
    """
    days = kept_from(at).date()
    month = local_day(at).replace(day=1)
    lists: dict[str, tuple[dict, Q]] = {
        "offered": ({"offered_from": month}, Q(offered_at__gte=_midnight(month))),
        "accepted": ({"accepted_from": month}, Q(accepted_at__gte=_midnight(month))),
        "lapsed": (
            {"state": State.LAPSED, "closed_from": days},
            Q(state=State.LAPSED, closed_at__gte=_midnight(days)),
        ),
        **{
            kind.value: (
                {"kind": kind, "closed_from": days},
                Q(return_kind=kind, closed_at__gte=_midnight(days)),
            )
            for kind in ReturnKind
        },
    }
    rows: dict[str, QuerySet] = {
        name: Handoff.objects.filter(condition) for name, (_words, condition) in lists.items()
    }
    counts = counts_up_to(rows, limit=1_000_000)
    return {
        name: Counted(counts[name], words, this_month=name in ("offered", "accepted"))
        for name, (words, _condition) in lists.items()
    }


def qualified_count(*, at: datetime, days: int = KEPT_DAYS) -> int:
    """Leads that first became qualified in the last `days` days."""
    return Lead.objects.filter(mql_at__gte=kept_from(at, days=days), mql_at__lte=at).count()


def _midnight(day) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


@dataclass(frozen=True)
class MonthOfDeals:
    """Open deals expected in one month (None: no month given)."""

    month: object
    n: int
    amount: int
    weighted: int


def deals_by_month(deals: QuerySet[Deal]) -> list[MonthOfDeals]:
    """Open deals by expected month: how many, Σ amount, Σ amount × probability. Whole yen."""
    rows = (
        deals.order_by()
        .values("expected_on")
        .annotate(
            n=Count("pk"),
            total=Coalesce(Sum("amount"), 0),
            forecast=Coalesce(Sum(F("amount") * F("probability")), 0),
        )
        .order_by(F("expected_on").asc(nulls_last=True))
    )
    return [
        MonthOfDeals(row["expected_on"], row["n"], int(row["total"]), int(row["forecast"]) // 100)
        for row in rows
    ]


def deal_sums(deals: QuerySet[Deal]) -> tuple[int, int]:
    """(number, Σ amount) of the deals, in whole yen."""
    found = deals.order_by().aggregate(n=Count("pk"), total=Coalesce(Sum("amount"), 0))
    return found["n"], int(found["total"])
