"""Now: everything one person, or a team, owes, in the one order in which to do it, with the reason.

Promises that run, follow-ups that fall due, and leads in work for which nobody has said what comes
next. The order is the moment by which something is to be done; a lead without a next step is due by
the end of the day. Read in two steps: first which, narrow; then only what the page shows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.refusals import Malformed
from exchange.measures.work import MOST, day_of, mine, shown_clocks
from handoff.models import Clock, Deal
from handoff.states import ClockKind
from leads.models import FollowUp, Lead

ME, TEAM = "me", "team"
SIZE = 20


@dataclass(frozen=True)
class Item:
    """One thing to do: `why` names the reason for its place, `at` is the moment that gives it."""

    why: str
    at: datetime
    lead: Lead
    clock: Clock | None = None
    follow_up: FollowUp | None = None
    deal: Deal | None = None

    @property
    def key(self) -> str:
        if self.follow_up:
            return f"follow-up-{self.follow_up.pk}"
        return f"now-{'c' if self.clock else 'd'}{(self.clock or self.deal).pk}"

    @property
    def handoff(self):
        return self.clock.handoff if self.clock and self.clock.handoff_id else None


@dataclass(frozen=True)
class NowPage:
    """The first items, how many there are in all (counted to `MOST`), and where the next page begins."""

    rows: list[Item]
    n: int
    next_key: str

    @property
    def more(self) -> int:
        return self.n - len(self.rows)


_STEP = Exists(FollowUp.objects.open().filter(lead=OuterRef("lead_id")))


def _clocks(user: User, whose: str, tonight: datetime) -> QuerySet[Clock]:
    """Promises that tick. A decision waits once the lead was tried; without a next step, by tonight."""
    who = mine(user) if whose == ME else Q(team=user.team_id)
    rows = Clock.objects.ticking().visible_to(user).filter(who)
    untried = Q(kind=ClockKind.DECIDE, handoff__first_attempt_at__isnull=True)
    stepless = Q(Q(kind=ClockKind.DECIDE) & ~_STEP)
    at = Case(When(stepless, then=Least(F("due_at"), Value(tonight))), default=F("due_at"))
    why = Case(When(stepless, then=Value("step")), default=F("kind"))
    return rows.exclude(untried).annotate(moment=at, reason=why)


def _follow_ups(user: User, whose: str, tonight: datetime) -> QuerySet[FollowUp]:
    who = Q(owner=user) if whose == ME else Q(owner__team=user.team_id)
    rows = FollowUp.objects.open().visible_to(user).filter(who, due_at__lt=tonight)
    return rows.annotate(moment=F("due_at"), reason=Value("follow_up"))


def _deals(user: User, whose: str, tonight: datetime) -> QuerySet[Deal]:
    """Open deals for which nobody has said what comes next."""
    who = Q(owner=user) if whose == ME else Q(team=user.team_id)
    rows = Deal.objects.visible_to(user).open().filter(who).filter(~_STEP)
    return rows.annotate(moment=Value(tonight), reason=Value("step"))


_SOURCES: dict[str, Callable[[User, str, datetime], QuerySet]] = {
    "c": _clocks,
    "d": _deals,
    "f": _follow_ups,
}


def now_page(
    user: User, *, at: datetime, whose: str = ME, key: str = "", size: int = SIZE,
    without: tuple[str, ...] = (),
) -> NowPage:  # fmt: skip
    """The page of the list after `key`; `without`: reasons that stand elsewhere on the page.

    Raises `Malformed` for a key this list did not give out.
    """
    if user.team_id is None:
        return NowPage([], 0, "")
    tonight = day_of(at)[1]
    parts: list[str] = []
    values: list = []
    for source, rows_of in _SOURCES.items():
        rows = rows_of(user, whose, tonight).order_by()
        if rows.query.is_empty():  # partners see no deals
            continue
        if without and source == "c":
            rows = rows.exclude(kind__in=without)
        sql, params = rows.values_list("pk", "moment", "reason").query.sql_with_params()
        parts.append(f"SELECT '{source}', found.* FROM ({sql}) AS found")  # noqa: S608 - Django's own SQL
        values += params
    found = f"({' UNION ALL '.join(parts)}) AS item(source, id, moment, reason)"
    after, moment, place = _read(key)
    limits = "WHERE (moment, source, id) > (%s, %s, %s)" if after else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT source, id, moment, reason, count(*) OVER () FROM"  # noqa: S608
            f" (SELECT * FROM {found} {limits} ORDER BY moment, source, id LIMIT %s) AS capped"
            " ORDER BY moment, source, id LIMIT %s",
            [*values, *([moment, *place] if after else []), MOST, size + 1],
        )
        rows = cursor.fetchall()
    shown = rows[:size]
    next_key = _write(shown[-1]) if len(rows) > size else ""
    return NowPage(_items(shown), rows[0][4] if rows else 0, next_key)


def _items(rows) -> list[Item]:
    """The rows with what is shown of them, in their order. Eight queries at most."""
    ids = {source: [row[1] for row in rows if row[0] == source] for source in _SOURCES}
    clocks = {one.pk: one for one in shown_clocks(ids["c"])} if ids["c"] else {}
    steps = FollowUp.objects.select_related("lead__company", "owner__team").in_bulk(ids["f"])
    deals = Deal.objects.select_related("lead__company", "owner__team").in_bulk(ids["d"])
    found = []
    for source, pk, moment, reason, _n in rows:
        if source == "c" and (clock := clocks.get(pk)):
            lead = clock.handoff.lead if clock.handoff_id else clock.question.lead
            found.append(Item(reason, moment, lead, clock=clock))
        elif source == "f" and (step := steps.get(pk)):
            found.append(Item(reason, moment, step.lead, follow_up=step))
        elif source == "d" and (deal := deals.get(pk)):
            found.append(Item(reason, moment, deal.lead, deal=deal))
    return found


def _write(row) -> str:
    return f"{row[2].isoformat()}~{row[0]}~{row[1]}"


def _read(key: str) -> tuple[bool, datetime | None, tuple]:
    if not key:
        return False, None, ()
    try:
        moment, source, pk = key.replace(" ", "+").split("~")
        at = datetime.fromisoformat(moment)
        if source not in _SOURCES or at.tzinfo is None or not 0 < int(pk) < 2**63:
            raise ValueError(key)
    except (ValueError, OverflowError) as wrong:
        raise Malformed(
            _("This page of the list does not exist any more. Start from the top.")
        ) from wrong
    return True, at, (source, int(pk))
