"""The promises of both sides: how each was kept, and week by week."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from common import formats
from handoff.states import ClockKind
from kpi.measures import Ask, Reading, Scope, Words
from kpi.templatetags.charts import Line, Point
from kpi.views.cubes import Cube, Found, asks, empty
from kpi.views.shown import Shown, show

NAME = "sla_kept"
# The three drawn as lines: the colour of the sheet they belong to, and a word at their end.
DRAWN = {
    ClockKind.ACCEPT: ("hd", pgettext_lazy("chart", "Accept")),
    ClockKind.ACKNOWLEDGE: ("mk", pgettext_lazy("chart", "Returns")),
    ClockKind.CONTACT: ("sl", pgettext_lazy("chart", "Contact")),
}
# A longer period is told by months: a quarter of weeks is what a chart can hold.
WEEKS_UP_TO = timedelta(days=100)


@dataclass
class Promise:
    """One clause of one side."""

    label: Words
    side: str
    kept: Shown
    late: Shown
    below: bool


def weeks_or_months(scope: Scope) -> str:
    first, end = scope.period.first, scope.period.end
    short = first and min(end or date.max, scope.at.date()) - first <= WEEKS_UP_TO
    return "week" if short else "month"


def groups(scope: Scope) -> tuple[str, ...]:
    return ("clause", "side", weeks_or_months(scope), "team")


def promise_asks(scope: Scope) -> list[Ask]:
    return asks((NAME,), groups(scope))


class Promises:
    def __init__(self, found: Found, scope: Scope, target: float):
        self.scope, self.target = scope, target
        self.by = weeks_or_months(scope)
        self.cube = Cube(found, (NAME,), groups(scope))
        self.by_clause = {
            clause: found[NAME] for (clause,), found in self.cube.along("clause").items()
        }

    def rows(self) -> list[Promise]:
        """Every clause that fell due, in the order of the agreement; both sides in one list."""
        found = self.cube.along("clause", "side")
        order = {kind.value: place for place, kind in enumerate(ClockKind)}
        keys = sorted(found, key=lambda key: (order[key[0]], key[1]))
        return [self._row(clause, side, found[clause, side][NAME]) for clause, side in keys]

    def _row(self, clause: str, side: str, reading: Reading) -> Promise:
        cells = (("clause", clause), ("side", side))
        return Promise(
            ClockKind(clause).label,
            "mk" if side == "marketing" else "sl",
            show(reading, self.scope, cells),
            Shown(self._late(reading), show(reading, self.scope, cells, part=False).url),
            self.is_below(reading),
        )

    def is_below(self, reading: Reading) -> bool:
        return reading.value is not None and reading.value < self.target

    @staticmethod
    def _late(reading: Reading) -> Reading:
        late = reading.n - int(reading.numerator or 0)
        return Reading(NAME, "count", late, late)

    def clause(self, kind: str) -> Shown:
        reading = self.by_clause.get(kind) or empty(NAME)
        return show(reading, self.scope, (("clause", kind),))

    def by_team(self) -> dict[int, Reading]:
        return {team: found[NAME] for (team,), found in self.cube.along("team").items()}

    def times(self) -> list[date]:
        """The weeks or months in which anything drawn fell due."""
        found = self.cube.along("clause", self.by)
        return sorted({time for clause, time in found if clause in DRAWN})

    @cached_property
    def lines(self) -> list[Line]:
        found = self.cube.along("clause", self.by)
        times = self.times()
        lines = []
        for clause, (tone, word) in DRAWN.items():
            points = [self._point(clause, time, found.get((clause.value, time))) for time in times]
            if any(points):
                lines.append(Line(clause.label, tone, points, str(word)))
        return lines

    def _point(self, clause: str, time: date, found: dict[str, Reading] | None) -> Point | None:
        if not found:
            return None
        reading = found[NAME]
        key = f"{time:%Y-%m}" if self.by == "month" else time.isoformat()
        shown = show(reading, self.scope, (("clause", clause), (self.by, key)))
        words = f"{self.time_words(time)}: {shown.text} ({reading.numerator}/{reading.n})"
        return Point(reading.value, shown.url, words, shown.text)

    def ticks(self) -> list[str]:
        return [self.time_words(time) for time in self.times()]

    def table(self) -> list[tuple[str, list[Point | None]]]:
        """The same points, a row for each week or month."""
        lines = self.lines
        return [
            (words, [line.points[place] for line in lines])
            for place, words in enumerate(self.ticks())
        ]

    def conclusion(self) -> str:
        """The chart in one sentence: each promise over the whole period."""
        told = [f"{row.label} {row.kept.text}" for row in self.rows()]
        return _("Share of promises kept: %(told)s") % {"told": ", ".join(told)}

    def time_words(self, time: date) -> str:
        return formats.month(time) if self.by == "month" else f"{time.month}/{time.day}"
