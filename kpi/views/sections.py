"""What stands below the way: handoffs, return reasons, the honesty of the score, the forecast."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import formats
from handoff.states import ReturnKind
from kpi.measures import GROUPS, Ask, Reading, Scope, wilson
from kpi.states import BANDS
from kpi.templatetags.charts import Column, brief_yen, month_name
from kpi.views.cubes import Cube, Found, asks, empty
from kpi.views.names import Names
from kpi.views.shown import Shown, show
from leads.states import Grade

ANSWERS = ("acceptance_rate", "return_rate", "returned", "speed_to_lead")
# Habits of a team, never told for one person.
READ, REPEATS = "brief_read", "repeat_questions"
# What becomes of leads that came back.
ROUNDS = ("conditions_met", "condition_days", "second_round_win_rate")
HONEST = ("score_honesty", "score_honesty_accepted")


def _habit(name: str, found: dict, scope: Scope) -> Shown | None:
    told = found.get((name, ()))
    return told and show(told[0], scope)


def _asks_habit(name: str, scope: Scope) -> list[Ask]:
    alone = any(group == "person" for group, _ in scope.filters)
    return [] if alone else asks((name,))


class Rounds:
    """What becomes of leads that came back, and what was asked twice: fetched when scrolled to."""

    def __init__(self, found: dict, scope: Scope):
        self.view = scope.view
        self.repeats = _habit(REPEATS, found, scope)
        self.conditions_met, self.condition_days, self.second_rounds = (
            show(found[name, ()][0], scope) for name in ROUNDS
        )

    @classmethod
    def asks(cls, scope: Scope) -> list[Ask]:
        return asks(ROUNDS) + _asks_habit(REPEATS, scope)


@dataclass
class Reason:
    label: str
    kind: str
    count: Shown
    length: float
    share: float


class Answers:
    """What became of offers, and why leads came back."""

    by_reason = ("reason",)

    def __init__(self, found: Found, scope: Scope, names: Names):
        self.scope, self.names = scope, names
        self.acceptance, self.return_rate, self.returned, self.speed = (
            show(found[name, ()][0], scope) for name in ANSWERS
        )
        self.brief_read = _habit(READ, found, scope)
        self._by_reason = Cube(found, ("returned",), self.by_reason).along("reason")

    @classmethod
    def asks(cls, scope: Scope) -> list[Ask]:
        """Whether briefs are read and things asked again is never told for one person."""
        return asks(ANSWERS) + asks(("returned",), cls.by_reason) + _asks_habit(READ, scope)

    def reasons(self) -> list[Reason]:
        """Returns by reason, the most frequent first; bars are measured against it."""
        found = {code: tallies["returned"] for (code,), tallies in self._by_reason.items()}
        most = max((reading.n for reading in found.values()), default=1)
        total = self.returned.reading.n
        return [
            Reason(
                self.names.of("reason", code),
                self._kind(code),
                show(reading, self.scope, (("reason", code),)),
                reading.n / most * 100,
                reading.n / total,
            )
            for code, reading in sorted(found.items(), key=lambda item: (-item[1].n, item[0]))
        ]

    def _kind(self, code: str) -> str:
        known = self.names.kinds["reason"].get(code)
        return str(ReturnKind(known.more).label) if known else ""


# ── the honesty of the score ────────────────────────────────────────────────────────────────────


@dataclass
class Honesty:
    """One band of engagement, or one grade of fit within it."""

    label: str
    won: Shown
    accepted: Shown
    interval: tuple[float, float] | None

    @property
    def range_words(self) -> str:
        if not self.interval:
            return formats.NOTHING
        low, high = self.interval
        return f"{formats.percent(low)}–{formats.percent(high)}"


class Honest:
    asks = asks(HONEST, ("fit", "engagement"))

    def __init__(self, found: Found, scope: Scope):
        self.scope = scope
        self.cube = Cube(found, HONEST, ("fit", "engagement"))
        self.n = self.cube.total(HONEST[0]).n

    @cached_property
    def bands(self) -> list[Honesty]:
        """Each band of engagement, also those without a handoff: a gap in the score shows."""
        found = self.cube.along("engagement")
        return [
            self._told(low, (("engagement", str(low)),), found.get((low,), {})) for low in BANDS
        ]

    def grades(self) -> list[tuple[str, list[Honesty]]]:
        """The same by fit: (grade, its bands)."""
        found = self.cube.along("fit", "engagement")
        return [
            (
                grade.value,
                [
                    self._told(
                        low,
                        (("fit", grade.value), ("engagement", str(low))),
                        found.get((grade.value, low), {}),
                    )
                    for low in BANDS
                ],
            )
            for grade in Grade
        ]

    def _told(self, low: int, cells, found: dict[str, Reading]) -> Honesty:
        won, accepted = (found.get(name) or empty(name) for name in HONEST)
        return Honesty(
            GROUPS["engagement"].words([low])[low],
            show(won, self.scope, cells),
            show(accepted, self.scope, cells),
            wilson(won.numerator or 0, won.n),
        )

    def columns(self) -> list[Column]:
        return [
            Column(
                label=band.label,
                note=_("%(n)s answered") % {"n": formats.number(band.won.reading.n)},
                value=band.won.reading.value or 0,
                text=band.won.text,
                url=band.won.url,
                words=_("Engagement %(band)s: %(share)s won (%(range)s), n=%(n)s")
                % {
                    "band": band.label,
                    "share": band.won.text,
                    "range": band.range_words,
                    "n": band.won.reading.n,
                },
                low=band.interval and band.interval[0],
                high=band.interval and band.interval[1],
            )
            for band in self.bands
        ]

    def conclusion(self) -> str:
        told = [f"{band.label}: {band.won.text}" for band in self.bands if band.won.reading.n]
        return _("Win rate by engagement at the offer. %(told)s") % {"told": ", ".join(told)}


# ── forecast ────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Month:
    label: str
    short: str
    amount: Shown
    weighted: Shown


def _short(month: date, scope: Scope) -> str:
    """11月, Nov; with the year where it is another one than now: 27年1月, Jan 27."""
    now = scope.at.astimezone(scope.period.zone)
    words = {"month": month_name(month.month), "year": f"{month.year % 100:02}"}
    return words["month"] if month.year == now.year else _("%(month)s %(year)s") % words


class Forecast:
    asks = asks(("pipeline", "forecast"), ("month",))

    def __init__(self, found: Found, scope: Scope):
        self.cube = Cube(found, ("pipeline", "forecast"), ("month",))
        by_month = self.cube.along("month")
        keys = sorted(by_month, key=lambda key: (key[0] is None, key[0]))
        self.months = [
            Month(
                formats.month(month) if month else _("No month given"),
                _short(month, scope) if month else _("None"),
                *(
                    show(
                        by_month[(month,)][name], scope, (("month", GROUPS["month"].key_of(month)),)
                    )
                    for name in ("pipeline", "forecast")
                ),
            )
            for (month,) in keys
        ]
        self.total = {name: show(self.cube.total(name), scope) for name in ("pipeline", "forecast")}

    def columns(self) -> list[Column]:
        """Twelve months at most: what is drawn must be readable; the table has all."""
        return [
            Column(
                label=month.short,
                note=ngettext("%(n)s deal", "%(n)s deals", month.amount.reading.n)
                % {"n": month.amount.reading.n},
                value=month.weighted.reading.value,
                text=brief_yen(month.weighted.reading.value),
                url=month.weighted.url,
                words=f"{month.label}: {month.weighted.text}",
                behind=month.amount.reading.value,
                behind_url=month.amount.url,
                behind_words=f"{month.label}: {month.amount.text}",
                behind_text=brief_yen(month.amount.reading.value),
            )
            for month in self.months[:12]
        ]

    def conclusion(self) -> str:
        return _("Expected %(weighted)s of %(amount)s in open deals.") % {
            "weighted": self.total["forecast"].text,
            "amount": self.total["pipeline"].text,
        }
