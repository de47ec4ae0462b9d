"""Charts as SVG drawn on the server: scales here, marks in templates, colours in chart.css.

Every mark is a link to its list. Marks are not in the order of the Tab key: the table beside each
chart holds the same links, one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, pairwise
from math import ceil, floor, log10
from typing import Any

from django import template

from common import formats
from kpi.measures import Words

register = template.Library()


@dataclass(frozen=True)
class Point:
    """A share from 0 to 1, its list, and what it says."""

    value: float
    url: str
    words: str
    text: str


@dataclass(frozen=True)
class Line:
    """`tone` is a side: mk, hd or sl. None among the points is a gap: nothing was due.
    `word` stands at the end of the line, where there is little room."""

    label: Words
    tone: str
    points: Sequence[Point | None]
    word: str


@dataclass(frozen=True)
class Column:
    """A bar that stands on the axis: `value` in the chart's unit, `low` to `high` its interval."""

    label: str
    note: str
    value: float
    text: str
    url: str
    words: str
    low: float | None = None
    high: float | None = None
    behind: float | None = None
    behind_url: str = ""
    behind_words: str = ""
    behind_text: str = ""


@dataclass
class Scale:
    """From values to pixels on a vertical axis; `top` and `bottom` are the edges in pixels."""

    low: float
    high: float
    top: float
    bottom: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.bottom - share * (self.bottom - self.top), 1)

    def ticks(self, step: float) -> list[float]:
        count = round((self.high - self.low) / step)
        return [self.low + step * n for n in range(count + 1)]


def nice_top(highest: float, ticks: int = 4) -> tuple[float, float]:
    """(top of an axis from 0, step between its ticks): round numbers just above the highest."""
    if highest <= 0:
        return 1.0, 0.25
    raw = highest / ticks
    size = 10.0 ** floor(log10(raw))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw)
    return step * ceil(highest / step - 1e-9), step


# ── lines ───────────────────────────────────────────────────────────────────────────────────────

_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 424, 14, 220
_LABELS_APART = 18
# The height of a line of words.
_LINE = 12


@dataclass
class DrawnLine:
    name: Words
    tone: str
    paths: list[str]
    dots: list[dict[str, Any]]
    label: str = ""
    label_y: float = 0


@register.inclusion_tag("kpi/_line_chart.html")
def line_chart(lines: Sequence[Line], ticks: Sequence[str], target: float, label: str) -> dict:
    """Shares over time. The axis begins below the lowest value, at a written tick."""
    values = [p.value for line in lines for p in line.points if p]
    low = max(0.0, floor(min([*values, target]) * 5 - 0.25) / 5) if values else 0.0
    step = 0.2 if low < 0.5 else 0.1
    y = Scale(low, 1.0, _TOP, _BOTTOM)
    x = _places(len(ticks))
    drawn = [_line(line, x, y) for line in lines]
    _spread([line for line in drawn if line.dots])
    every = max(1, ceil(len(ticks) / 7))
    return {
        "label": label,
        "lines": drawn,
        "left": _LEFT - 6,
        "right": _RIGHT,
        "after": _RIGHT + 14,
        "words_x": _LEFT - 12,
        "grid": [_grid(y(tick), formats.percent(tick)) for tick in y.ticks(step)],
        "target": y(target),
        "ticks": [
            (x[place], word)
            for place, word in enumerate(ticks)
            if (len(ticks) - 1 - place) % every == 0
        ],
    }


def _grid(y: float, words: str) -> tuple[float, float, str]:
    """A line of the grid, and where its words stand."""
    return y, y + 4, words


def _places(count: int) -> list[float]:
    if count == 1:
        return [_RIGHT]
    inner = (_RIGHT - _LEFT - 6) / max(1, count - 1)
    return [round(_LEFT + 6 + inner * n, 1) for n in range(count)]


def _line(line: Line, x: list[float], y: Scale) -> DrawnLine:
    placed = [(x[n], y(p.value), p) if p else None for n, p in enumerate(line.points)]
    runs = [list(run) for there, run in groupby(placed, key=bool) if there]
    paths = [" ".join(f"{px},{py}" for px, py, _ in run) for run in runs]
    dots: list[dict[str, Any]] = [
        {"x": px, "y": py, "point": p} for run in runs for px, py, p in run
    ]
    label = f"{line.word} {dots[-1]['point'].text}" if dots else ""
    return DrawnLine(line.label, line.tone, paths, dots, label, dots[-1]["y"] + 4 if dots else 0)


def _spread(lines: list[DrawnLine]) -> None:
    """Push the words at the ends of the lines apart, so that none lies on another."""
    lines = sorted(lines, key=lambda line: line.label_y)
    for upper, lower in pairwise(lines):
        lower.label_y = max(lower.label_y, upper.label_y + _LABELS_APART)
    over = lines[-1].label_y - (_BOTTOM + 4) if lines else 0
    if over > 0:
        for line in lines:
            line.label_y -= over


# ── columns ─────────────────────────────────────────────────────────────────────────────────────


@dataclass
class DrawnColumn:
    column: Column
    x: float
    y: float
    width: float
    height: float
    whisker: tuple[float, float] | None = None
    behind: tuple[float, float] | None = None
    middle: float = field(init=False)
    text_y: float = field(init=False)

    def __post_init__(self):
        self.middle = round(self.x + self.width / 2, 1)
        self.text_y = min(self.y, *(self.whisker or (self.y,))) - 6

    @property
    def behind_y(self) -> float | None:
        """Where the words of what stands behind go; None where they would lie on the others."""
        if not self.behind or self.text_y - self.behind[0] < _LINE:
            return None
        return self.behind[0] - 6


@register.inclusion_tag("kpi/_column_chart.html")
def column_chart(columns: Sequence[Column], label: str, unit: str = "share", tone: str = "ink"):
    """Bars from zero on one linear axis; `unit` is share or yen."""
    highest = max((max(c.value, c.high or 0, c.behind or 0) for c in columns), default=0)
    top, step = nice_top(highest)
    y = Scale(0, top, 18, 200)
    left = 44 if unit == "share" else 64
    apart = (545 - left) / max(1, len(columns))
    width = min(44.0, apart * 0.6)
    return {
        "label": label,
        "tone": tone,
        "left": left,
        "words_x": left - 6,
        "grid": [_grid(y(tick), _tick(tick, unit, step)) for tick in y.ticks(step)],
        "columns": [
            _column(c, left + apart * (n + 0.5) - width / 2, width, y)
            for n, c in enumerate(columns)
        ],
    }


def brief_yen(amount: float) -> str:
    """An amount for a chart: 1.6億円, 4,010万円, ¥157.5M."""
    if formats.in_japanese() and amount >= 100_000_000:
        return f"{amount / 100_000_000:,.1f}".removesuffix(".0") + "億円"
    return formats.yen(amount, short=True)


def month_name(number: int) -> str:
    """11月 or Nov."""
    day = date(2000, number, 1)
    return f"{number}月" if formats.in_japanese() else formats.month(day).split()[0]


def _tick(value: float, unit: str, step: float) -> str:
    if unit == "yen":
        return brief_yen(value)
    return formats.percent(value, 0 if step >= 0.01 else 1)


def _column(column: Column, x: float, width: float, y: Scale) -> DrawnColumn:
    whisker = behind = None
    if column.low is not None and column.high is not None:
        whisker = (y(column.high), y(column.low))
    if column.behind is not None:
        behind = (y(column.behind), round(y.bottom - y(column.behind), 1))
    height = round(y.bottom - y(column.value), 1)
    return DrawnColumn(
        column, round(x, 1), y(column.value), round(width, 1), height, whisker, behind
    )
