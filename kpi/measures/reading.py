"""Reading figures: several at once in few queries, each from the rows of its own list."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from django.db.models import QuerySet

from kpi.measures.figure import FIGURES, Figure
from kpi.measures.groups import group_named, narrow
from kpi.measures.measure import How, Measure
from kpi.measures.passes import Pass, counted
from kpi.measures.scope import Scope
from kpi.states import Unit

# A figure by its name, and the names of the groups it is divided by.
Ask = tuple[str, tuple[str, ...]]

# A span is told in hours below this many days.
DAYS_FROM = 2


@dataclass(frozen=True)
class Reading:
    """What a figure says: of all its rows (`group` is empty) or of one group.

    `value` is None where there is nothing to divide by. `n` is the number of rows of its list.
    """

    name: str
    unit: str
    value: float | int | None
    n: int
    numerator: float | int | None = None
    denominator: int | None = None
    group: tuple = ()


def list_of(figure: Figure, scope: Scope, part: bool | None = None) -> QuerySet:
    """The rows behind a figure; of a ratio only those that count (`part`) or the rest."""
    measure = figure.measure(scope)
    rows = narrow(measure.room.rows(scope), measure, scope).filter(measure.window, measure.where)
    if part is None or measure.part is None:
        return rows
    return rows.filter(measure.part) if part else rows.exclude(measure.part)


def read(
    figures: Iterable[Figure], scope: Scope, by: Iterable[str] = ()
) -> dict[str, list[Reading]]:
    """The readings of each figure by name: one without `by`, else one for each group with rows."""
    by = tuple(by)
    found = read_all([(figure.name, by) for figure in figures], scope)
    return {name: readings for (name, _by), readings in found.items()}


def read_all(asked: Iterable[Ask], scope: Scope) -> dict[Ask, list[Reading]]:
    """Readings of many figures, each divided in its own way, by (name, groups).

    One query for each kind of rows. In it, figures over the same window are read in one pass;
    those over different ones (in the activity view each has its own moment) side by side, so
    that each pass uses its own index.
    """
    asked = list(dict.fromkeys(asked))
    found: dict[Ask, list[Reading]] = {ask: [] for ask in asked}
    for passes in _passes(asked, scope):
        for each, figure, measure, group, columns in counted(passes, scope):
            if columns["n"] or not each.by:
                reading = _reading(figure, measure, columns, group)
                found[figure.name, each.by].append(reading)
    for name, by in asked:
        if finish := FIGURES[name].finish:
            found[name, by] = finish(scope, by, found[name, by])
    return found


def read_one(figure: Figure, scope: Scope) -> Reading:
    return read([figure], scope)[figure.name][0]


def wilson(part: float, n: int, z: float = 1.959964) -> tuple[float, float] | None:
    """The 95 % interval of a share, by Wilson: honest also for few rows and for 0 of n."""
    if not n:
        return None
    share, square = part / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _passes(asked: list[Ask], scope: Scope) -> Iterable[list[Pass]]:
    """The passes that answer, by kind of rows. Within cells every figure goes alone: what a
    month is, say, depends on the figure."""
    rooms: dict[str, list[Pass]] = {}
    for name, by in asked:
        figure = FIGURES[name]
        measure = figure.measure(scope)
        groups = [group_named(group) for group in by]
        keys = [group.expression(measure, scope) for group in groups]
        own = Pass(by, groups, measure.window, keys)
        passes = rooms.setdefault(measure.room.name, [])
        fitting = None if scope.cells else next((p for p in passes if p.takes(own)), None)
        if fitting is None:
            passes.append(fitting := own)
        fitting.members.append((figure, measure))
    return rooms.values()


def _reading(figure: Figure, measure: Measure, columns: dict, group: tuple) -> Reading:
    n, unit = columns["n"], figure.unit
    if measure.how is How.COUNT:
        return Reading(figure.name, unit, n, n, group=group)
    if measure.how is How.RATIO:
        part = columns["part"]
        return Reading(figure.name, unit, part / n if n else None, n, part, n, group)
    if measure.how is How.SUM:
        return Reading(figure.name, unit, round(columns["total"] or 0), n, group=group)
    value, unit = _middle(measure, columns, unit)
    return Reading(figure.name, unit, value, n, group=group)


def _middle(measure: Measure, columns: dict, unit: str):
    """The median or 90th percentile; spans under two days in hours."""
    which = 1 if measure.how is How.NINETIETH else 0
    middle = columns["middle"]
    if not middle or middle[which] is None:
        return None, unit
    if measure.span and middle[which] < DAYS_FROM:
        return columns["hours"][which], Unit.HOURS
    return middle[which], unit
