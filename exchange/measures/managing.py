"""What a head needs to see: late promises of both sides, the pool and the queue, the week, the load."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.core.cache import caches
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.models import Organisation, Team, User
from accounts.states import Side
from exchange.measures.work import MOST, Section, shown_clocks
from handoff.models import Clock, QueuedLead
from handoff.routing.words import people_of, queue_words
from handoff.states import ClockKind
from leads.models import LeadEvent
from leads.states import Via

WEEK = timedelta(days=7)


# ── Late promises ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Late(Section):
    """The promises of one side that are past their time, longest first, and how many there are."""

    side: str = ""


@dataclass(frozen=True)
class Overview:
    """What a head sees first: late promises of both sides, one's own, and what nobody has claimed."""

    late: list[Late]
    own: Section
    pool: Section


def overdue(*, at: datetime, side: str = "") -> QuerySet[Clock]:
    """Promises that are past their time and still owed, longest first."""
    rows = Clock.objects.overdue(at=at).order_by("due_at", "pk")
    return rows.filter(side=side) if side else rows


def pool() -> QuerySet[Clock]:
    """Offers to a whole team that nobody has claimed, by their clocks."""
    rows = Clock.objects.running().filter(kind=ClockKind.ACCEPT, owner=None)
    return rows.order_by("due_at", "pk")


def overview(user: User, *, at: datetime, size: int = 6) -> Overview:
    """All readings of the running clocks in one narrow query; the rows that are shown by another."""
    ids: dict[str, list[int]] = {name: [] for name in (*Side.values, "own", "pool")}
    unclaimed = Q(kind=ClockKind.ACCEPT, owner=None)
    wanted = Q(due_at__lte=at) | Q(owner=user) | unclaimed
    rows = Clock.objects.running().filter(wanted).order_by("due_at", "pk")
    for pk, kind, side, owner, due in rows.values_list("pk", "kind", "side", "owner", "due_at")[
        : 3 * MOST
    ]:
        if due <= at:
            ids[side].append(pk)
        if owner == user.pk:
            ids["own"].append(pk)
        if owner is None and kind == ClockKind.ACCEPT:
            ids["pool"].append(pk)
    clocks = shown_clocks([pk for found in ids.values() for pk in found[:size]])
    by_id = {clock.pk: clock for clock in clocks}

    def section(name, kind=Section, **more):
        shown = [by_id[pk] for pk in ids[name][:size] if pk in by_id]
        return kind(shown, len(ids[name]), **more)

    late = [section(side, Late, side=side) for side in Side.values]
    return Overview(late, section("own"), section("pool"))


def with_subjects(clocks: QuerySet[Clock]) -> QuerySet[Clock]:
    """With lead, owner and team of each, in the same query: for lists."""
    return clocks.select_related(
        "team", "owner__team", "handoff__lead__company", "question__lead__company"
    )


# ── The queue ───────────────────────────────────────────────────────────────────────────────────


def queue_section(*, size: int = 5) -> Section:
    """The qualified leads that have waited longest for a manager, with the reason in words, and how
    many there are. Three queries."""
    rows = QueuedLead.objects.waiting().order_by("since", "pk")
    ids = list(rows.values_list("pk", flat=True)[:MOST])
    found = QueuedLead.objects.select_related("lead__company", "lead__team").in_bulk(ids[:size])
    shown = [found[pk] for pk in ids[:size] if pk in found]
    people = people_of(row.data for row in shown)
    for row in shown:
        row.why = queue_words(row, people)  # type: ignore[attr-defined]
    return Section(shown, len(ids))


# ── The week ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Move:
    """One kind of move: on whose side it is made, and what the timeline calls it."""

    side: str
    verbs: tuple[str, ...]


MOVES = {
    "ready": Move("mk", ("lead.qualify",)),
    "offered": Move("hd", ("handoff.offer",)),
    "accepted": Move("hd", ("handoff.accept",)),
    "contacted": Move("sl", ("handoff.attempt", "handoff.contact")),
    "deal": Move("sl", ("deal.open",)),
    "returned": Move("mk", ("handoff.return",)),
}
_CODE = {verb: code for code, move in MOVES.items() for verb in move.verbs}


@dataclass
class WeekRow:
    """One kind of move, day by day, with the same weekday of the week before."""

    code: str
    side: str
    days: list[tuple[date, int | None, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(n or 0 for _day, n, _before in self.days)


def moves(begin: datetime, end: datetime, code: str = "") -> QuerySet[LeadEvent]:
    """The moves (of one kind) in [begin, end). What an import brought is no move of this week."""
    verbs = MOVES[code].verbs if code else tuple(_CODE)
    rows = LeadEvent.objects.filter(verb__in=verbs, at__gte=begin, at__lt=end)
    # Who answers at a second try is reached then; the first try is what was promised.
    later_contact = Q(verb="handoff.contact", data__attempt=False)
    return rows.exclude(via=Via.IMPORT).exclude(later_contact)


def week(*, at: datetime) -> list[WeekRow]:
    """This week's moves by day of the organisation, Monday first; days to come are None. One query."""
    zone = Organisation.current().zone
    today = at.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=n) for n in range(5 if today.weekday() < 5 else 7)]
    begin = midnight(monday - WEEK)
    counts = _counts_by_day(begin, midnight(today + timedelta(days=1)), zone)
    rows = []
    for code, move in MOVES.items():
        row = WeekRow(code, move.side)
        for day in days:
            n = counts[code, day] if day <= today else None
            row.days.append((day, n, counts[code, day - WEEK]))
        rows.append(row)
    return rows


def midnight(day: date) -> datetime:
    """When `day` begins where the organisation is."""
    return datetime.combine(day, time.min, Organisation.current().zone)


def _counts_by_day(begin: datetime, end: datetime, zone) -> dict[tuple[str, date], int]:
    """What was before today is counted once a minute and process: it hardly changes, and is most."""
    today = max(begin, end - timedelta(days=1))
    key = f"week.{begin.isoformat()}.{zone.key}"
    past = caches["local"].get_or_set(key, lambda: _count_by_day(begin, today, zone), 60)
    return defaultdict(int, past | _count_by_day(today, end, zone))


def _count_by_day(begin: datetime, end: datetime, zone) -> dict[tuple[str, date], int]:
    rows = moves(begin, end).order_by().values_list("verb", TruncDate("at", tzinfo=zone))
    counts: dict[tuple[str, date], int] = defaultdict(int)
    for verb, day, n in rows.annotate(n=Count("pk")):
        counts[_CODE[verb], day] += n
    return dict(counts)


# ── Load ────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Load:
    """What one person of the team has in hand: promises running, by kind, and late ones."""

    person: User | None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ClockKind.values, 0))
    late: int = 0

    @property
    def who(self) -> str:
        """As the address of the list behind a number says it."""
        return str(self.person.pk) if self.person else "pool"

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def load_rows(team: Team, *, at: datetime, owner: int | None, what: str) -> QuerySet[Clock]:
    """The promises behind one number of `load_of`: of one person (None: the pool), of a kind or "late"."""
    rows = Clock.objects.running().filter(team=team, owner=owner)
    rows = rows.filter(due_at__lte=at) if what == "late" else rows.filter(kind=what)
    return with_subjects(rows).order_by("due_at", "pk")


def load_of(team: Team, *, at: datetime) -> list[Load]:
    """Everybody of the team (and who left but still owes something), and the pool last. Two queries."""
    late = Count("pk", filter=Q(due_at__lte=at))
    rows = Clock.objects.running().filter(team=team).order_by().values_list("owner", "kind")
    owed: dict[int | None, Load] = defaultdict(lambda: Load(None))
    for owner, kind, n, behind in rows.annotate(n=Count("pk"), late=late):
        owed[owner].counts[kind] = n
        owed[owner].late += behind
    held = Q(team=team, is_active=True) | Q(pk__in=[pk for pk in owed if pk])
    people = list(User.objects.filter(held).select_related("team"))
    found = [Load(person, owed[person.pk].counts, owed[person.pk].late) for person in people]
    if None in owed:
        found.append(owed[None])
    return found
