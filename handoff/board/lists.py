"""Which leads stand in which list of the board, and in which order: all lists in one query."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    BigIntegerField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)

from accounts.models import Team, User
from handoff.models import Clock, Deal, Handoff, Leg
from handoff.states import ClockKind
from leads.models import Campaign, Lead

SIZE = 20
# A list is never longer on one page, and not counted further.
MOST = 200
COUNTED = 1000


@dataclass(frozen=True)
class Wanted:
    """What somebody looks at: a leg, narrowed by team, person or campaign; how many of each list."""

    user: User
    leg: Leg
    team: Team | None = None
    person: User | None = None
    campaign: Campaign | None = None
    sizes: dict[str, int] = field(default_factory=dict)
    leg_follows: bool = False  # another leg comes after this one

    def size(self, code: str) -> int:
        usual = 0 if code == "paused" else SIZE
        return max(0, min(MOST, self.sizes.get(code, usual)))


def _handoffs(wanted: Wanted, position: int | None = None) -> QuerySet[Handoff]:
    """The handoffs of the leg (or of another one of its lane) that the reader looks at."""
    leg = wanted.leg.position if position is None else position
    rows = Handoff.objects.visible_to(wanted.user).filter(lane=wanted.leg.lane_id, leg=leg)
    if wanted.team:
        rows = rows.filter(Q(giver_team=wanted.team) | Q(taker_team=wanted.team))
    if wanted.person:
        # Whoever is in the team may claim what lies in its pool.
        pool = Q(taker=None, taker_team=wanted.person.team_id)
        rows = rows.filter(Q(giver=wanted.person) | Q(taker=wanted.person) | pool)
    return rows.filter(lead__campaign=wanted.campaign) if wanted.campaign else rows


_PAUSED = Exists(Clock.objects.running().filter(handoff=OuterRef("pk"), paused_at__isnull=False))
_WAITING = Exists(Handoff.objects.waiting().filter(lead=OuterRef("lead")))


def _returned(wanted):
    return _handoffs(wanted).to_acknowledge()


def _ready(wanted):
    """Before the first leg: qualified leads. Later: what the team before has contacted."""
    if wanted.leg.position:
        rows = _handoffs(wanted, wanted.leg.position - 1).accepted()
        return rows.filter(~_WAITING, first_contact_at__isnull=False)
    rows = Lead.objects.visible_to(wanted.user).ready_to_offer()
    rows = rows.filter(team__in=Team.objects.filter(kind=wanted.leg.giver_kind).values("pk"))
    if wanted.team:
        rows = rows.filter(team=wanted.team)
    if wanted.person:
        rows = rows.filter(marketer=wanted.person)
    return rows.filter(campaign=wanted.campaign) if wanted.campaign else rows


def _offered(wanted):
    return _handoffs(wanted).waiting()


def _accepted(wanted):
    return _handoffs(wanted).accepted().filter(~_PAUSED, first_attempt_at=None)


def _contacted(wanted):
    return _handoffs(wanted).accepted().filter(~_PAUSED, first_attempt_at__isnull=False)


def _paused(wanted):
    return _handoffs(wanted).open().filter(_PAUSED)


def _deals(wanted):
    """Open deals that came of this leg, also through the legs behind it."""
    rows = Deal.objects.visible_to(wanted.user).open()
    lane, leg = wanted.leg.lane_id, wanted.leg.position
    rows = rows.filter(handoff__lane=lane, handoff__leg__gte=leg)
    if wanted.team:
        rows = rows.filter(Q(team=wanted.team) | Q(handoff__giver_team=wanted.team))
    if wanted.person:
        one = wanted.person
        rows = rows.filter(Q(owner=one) | Q(inside_sales=one) | Q(handoff__giver=one))
    return rows.filter(lead__campaign=wanted.campaign) if wanted.campaign else rows


@dataclass(frozen=True)
class List:
    """One list: its rows, and the promise that orders them."""

    code: str
    rows: Callable[[Wanted], QuerySet]
    clock: ClockKind | None = None


LISTS = (
    List("returned", _returned, ClockKind.ACKNOWLEDGE),
    List("ready", _ready, ClockKind.DECIDE),
    List("offered", _offered, ClockKind.ACCEPT),
    List("accepted", _accepted, ClockKind.CONTACT),
    List("contacted", _contacted, ClockKind.DECIDE),
    List("deal", _deals),
    List("paused", _paused, ClockKind.DECIDE),
)


@dataclass(frozen=True)
class Found:
    """The first rows of a list as ids (handoff, lead, clock, deal), and how many it has."""

    rows: list[tuple[int | None, int, int | None, int | None]]
    n: int


def found_in(wanted: Wanted) -> tuple[dict[str, Found], int]:
    """Every list by its code, and Σ amount of the deals (whole yen). One query."""
    parts: list[str] = []
    values: list = []

    def add(head: str, query: QuerySet, tail: str = "") -> None:
        try:
            sql, params = query.query.sql_with_params()
        except EmptyResultSet:
            sql, params = f"SELECT {', '.join(['NULL::bigint'] * 4)} WHERE false", ()
        parts.append(f"(SELECT {head} FROM ({sql}) AS found{tail})")  # noqa: S608 - Django's own SQL
        values.extend(params)

    for one in LISTS:
        rows = one.rows(wanted)
        whole = "coalesce(json_agg(json_build_array(h, l, c, d)), '[]')"
        add(whole, _narrow(rows, one)[: wanted.size(one.code)], "(h, l, c, d)")
        add("count(*)", rows.order_by().values(one=Value(1))[: COUNTED + 1])
    total = _deals(wanted).order_by().values(one=Value(1)).annotate(total=Sum("amount"))
    add("coalesce(sum(total), 0)", total.values("total"), "(total)")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        *found, amount = cursor.fetchone()
    lists = {
        one.code: Found([tuple(row) for row in rows], n)
        for one, rows, n in zip(LISTS, found[::2], found[1::2], strict=True)
    }
    return lists, int(amount)


def _narrow(rows: QuerySet, one: List) -> QuerySet:
    """Four ids of each row, in the order of the list: by the time left, the warmest lead, the month."""
    nothing = Value(None, output_field=BigIntegerField())
    if rows.model is Lead:
        found = rows.annotate(h=nothing, l=F("pk"), c=nothing, d=nothing)
        return found.order_by("-heat", "-pk").values_list("h", "l", "c", "d")
    if rows.model is Deal:
        found = rows.annotate(h=F("handoff_id"), l=F("lead_id"), c=nothing, d=F("pk"))
        order = F("expected_on").asc(nulls_last=True)
        return found.order_by(order, "pk").values_list("h", "l", "c", "d")
    running = Q(clocks__stopped_at=None, clocks__kind=one.clock)
    found = rows.annotate(promised=FilteredRelation("clocks", condition=running))
    found = found.annotate(h=F("pk"), l=F("lead_id"), c=F("promised__pk"), d=nothing)
    order = F("promised__due_at").asc(nulls_last=True)
    return found.order_by(order, "pk").values_list("h", "l", "c", "d")
