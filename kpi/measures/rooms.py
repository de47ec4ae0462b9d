"""The kinds of rows: leads, handoffs, conditions of returns, clocks of promises, deals, hearings."""

from collections.abc import Callable

from django.db.models import Q

from handoff.models import Clock, Deal, Handoff, ReturnCondition
from kpi.measures.measure import Room
from kpi.measures.scope import NONE
from leads.models import Hearing, Lead


def _is(column: str) -> Callable[[str], Q]:
    """That the foreign key `column` is the row of that number, or blank for `NONE`."""
    return lambda value: Q(**{f"{column}__isnull": True} if value == NONE else {column: value})


def _either(*columns: str) -> Callable[[str], Q]:
    def either(value: str) -> Q:
        found = Q()
        for column in columns:
            found |= Q(**{column: value})
        return found

    return either


def _leads_on_lane(value: str) -> Q:
    return Q(pk__in=Handoff.objects.filter(lane_id=value).values("lead"))


def _of_leads(column: str) -> Callable[[str], Q]:
    """A clock knows its lead by number, so that the sweep needs no join."""
    return lambda value: Q(lead_id__in=Lead.objects.filter(_is(column)(value)).values("pk"))


def _of_handoffs(*columns: str) -> Callable[[str], Q]:
    """A hearing knows its handoff by number: `leads` stands below the handoffs."""
    of = _either(*columns)
    return lambda value: Q(handoff_id__in=Handoff.objects.filter(of(value)).values("pk"))


FUNNEL = Room(
    "leads",
    Lead,
    {
        "source": _is("source"),
        "campaign": _is("campaign"),
        "team": _is("team"),
        "lane": _leads_on_lane,
        "person": _either("marketer", "seller"),
    },
)
HANDOFFS = Room(
    "handoffs",
    Handoff,
    {
        "source": _is("lead__source"),
        "campaign": _is("lead__campaign"),
        "team": _either("giver_team", "taker_team"),
        "lane": _is("lane"),
        "person": _either("giver", "taker"),
    },
)
CONDITIONS = Room(
    "conditions",
    ReturnCondition,
    {
        "source": _is("lead__source"),
        "campaign": _is("lead__campaign"),
        "team": _either("handoff__giver_team", "handoff__taker_team"),
        "lane": _is("handoff__lane"),
        "person": _either("handoff__giver", "handoff__taker"),
    },
)
CLOCKS = Room(
    "clocks",
    Clock,
    {
        "source": _of_leads("source"),
        "campaign": _of_leads("campaign"),
        "team": _is("team"),
        "lane": _is("handoff__lane"),
        "person": _is("owner"),
    },
)
DEALS = Room(
    "deals",
    Deal,
    {
        "source": _is("lead__source"),
        "campaign": _is("lead__campaign"),
        "team": _is("team"),
        "lane": _is("handoff__lane"),
        "person": _is("owner"),
    },
)
HEARINGS = Room(
    "hearings",
    Hearing,
    {
        "source": _is("lead__source"),
        "campaign": _is("lead__campaign"),
        "team": _of_handoffs("giver_team", "taker_team"),
        "lane": _of_handoffs("lane"),
        "person": _of_handoffs("giver", "taker"),
    },
)
