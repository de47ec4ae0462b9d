"""The monthly statement of a partner: counts that open their rows, for both sides the same."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Team, User
from handoff.measures import Kept
from handoff.models import Clock, Deal, Entrustment, Handoff, ReturnReason
from handoff.states import ClockKind, State


@dataclass(frozen=True, order=True)
class Month:
    """A month where the organisation is."""

    first: date

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        return cls(moment.astimezone(Organisation.current().zone).date().replace(day=1))

    @classmethod
    def read(cls, code: str) -> "Month":
        """From "2026-11". Raises ValueError."""
        return cls(date.fromisoformat(f"{code}-01"))

    @property
    def code(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """[begin, end) as moments."""
        zone = Organisation.current().zone
        ends = datetime.combine(self.shifted(1).first, time.min, zone)
        return datetime.combine(self.first, time.min, zone), ends

    def shifted(self, months: int) -> "Month":
        n = self.first.year * 12 + self.first.month - 1 + months
        return Month(date(n // 12, n % 12 + 1, 1))


@dataclass(frozen=True)
class Figure:
    """One number of a partner's monthly statement, with the rows behind it. `moment`: which of
    their columns fell into the month. `ours`: not for the partner's own eyes."""

    code: str
    label: Promise
    rows: Callable[[Team, Month], QuerySet]
    moment: str
    ours: bool = False


def _taken(team: Team, month: Month, moment: str, **more) -> QuerySet[Handoff]:
    begin, end = month.bounds
    within = {f"{moment}__gte": begin, f"{moment}__lt": end}
    return Handoff.objects.filter(taker_team=team, **within, **more)


def _deals_of(team: Team, month: Month) -> QuerySet[Deal]:
    begin, end = month.bounds
    had = Entrustment.objects.filter(
        team=team, lead=OuterRef("lead"), begun_at__lte=OuterRef("opened_at")
    )
    return Deal.objects.filter(Exists(had), opened_at__gte=begin, opened_at__lt=end)


def clocks_of(team: Team, month: Month, *, at: datetime) -> QuerySet[Clock]:
    """The promises of a team that fell due in the month, up to `at`."""
    begin, end = month.bounds
    due = Clock.objects.filter(team=team, void=False, due_at__gte=begin, due_at__lt=end)
    return due.filter(due_at__lte=at)


FIGURES = {
    figure.code: figure
    for figure in (
        Figure(
            "entrusted",
            _("Entrusted"),
            lambda team, month: Entrustment.objects.filter(team=team).begun_in(*month.bounds),
            "begun_at",
        ),
        Figure("accepted", _("Accepted"), lambda *of: _taken(*of, "accepted_at"), "accepted_at"),
        Figure(
            "contacted",
            _("First contact attempted"),
            lambda *of: _taken(*of, "first_attempt_at"),
            "first_attempt_at",
        ),
        Figure(
            "passed_on",
            _("Taken further"),
            lambda *of: _taken(*of, "closed_at", state=State.CONVERTED),
            "closed_at",
        ),
        Figure(
            "returned",
            _("Returned"),
            lambda *of: _taken(*of, "closed_at", state=State.RETURNED),
            "closed_at",
        ),
        Figure("deals", _("Deals opened"), _deals_of, "opened_at", ours=True),
    )
}


@dataclass(frozen=True)
class Statement:
    """What a partner did in one month: counts with their rows, returns by reason, promises kept."""

    figures: list[tuple[Figure, int]]
    reasons: list[tuple[ReturnReason, int]]
    promises: list[tuple[ClockKind, Kept]]


def statement(team: Team, month: Month, *, reader: User, at: datetime) -> Statement:
    """The statement of `team` for `month` as `reader` may see it. One query a figure, and two."""
    shown = [one for one in FIGURES.values() if not (one.ours and reader.is_partner)]
    returned = FIGURES["returned"].rows(team, month).order_by().values_list("return_reason")
    reasons = dict(returned.annotate(n=Count("pk")))
    found = ReturnReason.objects.in_bulk(reasons)
    due = clocks_of(team, month, at=at).order_by().values_list("kind")
    kept = Count("pk", filter=Q(stopped_at__lte=F("due_at")))
    promises = {kind: Kept(n, of) for kind, n, of in due.annotate(kept=kept, of=Count("pk"))}
    return Statement(
        figures=[(one, one.rows(team, month).count()) for one in shown],
        reasons=sorted(
            ((found[pk], n) for pk, n in reasons.items()), key=lambda row: (-row[1], row[0].pk)
        ),
        promises=[(kind, promises[kind]) for kind in ClockKind if kind in promises],
    )
