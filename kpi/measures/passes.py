"""Passes over rows: what several figures need, counted in one query."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, FloatField, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from kpi.measures.groups import narrow
from kpi.measures.measure import Measure
from kpi.measures.scope import Scope


@dataclass
class Pass:
    """Measures over the same rows, divided by the same keys: one scan counts them all."""

    window: Q
    keys: list
    members: list = field(default_factory=list)


class Absent(Cast):
    """NULL with a type, in the place of what only another pass has: UNION wants its columns."""

    def __init__(self, output_field):
        super().__init__(Value(None), output_field)

    def get_group_by_cols(self):
        return []


TYPES = {
    "n": BigIntegerField(),
    "part": BigIntegerField(),
    "total": FloatField(),
    "middle": ArrayField(FloatField()),
    "hours": ArrayField(FloatField()),
}


def counted(passes: list[Pass], scope: Scope) -> Iterator[tuple[Any, Measure, tuple, dict]]:
    """(figure, measure, group, columns) of every member and group, by one query."""
    selects = [_select(each, scope) for each in passes]
    widest: list[str] = list(dict.fromkeys(name for _, columns in selects for name in columns))
    queries = [
        _grouped(rows, each.keys, number, {k: columns.get(k) or _absent(k) for k in widest})
        for number, (each, (rows, columns)) in enumerate(zip(passes, selects, strict=True))
    ]
    found = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
    for row in found:
        each = passes[row["pass"]]
        group = tuple(row[f"key_{n}"] for n in range(len(each.keys)))
        for place, (figure, measure) in enumerate(each.members):
            mark = f"m{place}_"
            columns = {k.removeprefix(mark): v for k, v in row.items() if k.startswith(mark)}
            yield figure, measure, group, columns


def _select(each: Pass, scope: Scope) -> tuple[QuerySet, dict]:
    zone = str(scope.period.zone)
    first = each.members[0][1]
    rows = narrow(first.room.rows(scope), first, scope).filter(each.window)
    alone = len(each.members) == 1
    if alone:  # Said in WHERE, an index can serve it.
        rows = rows.filter(first.where)
    return rows, {
        f"m{place}_{name}": aggregate
        for place, (_, measure) in enumerate(each.members)
        for name, aggregate in measure.columns(zone, None if alone else measure.where).items()
    }


def _absent(column: str) -> Absent:
    return Absent(TYPES[column.partition("_")[2]])


def _grouped(rows: QuerySet, keys: list, number: int, aggregates: dict) -> QuerySet:
    """One row a group; without keys one row of all, also where there is nothing to count."""
    names = {f"key_{n}": key for n, key in enumerate(keys)}
    mark = {"pass": Value(number, IntegerField())}
    return rows.order_by().annotate(**mark, **names).values(*mark, *names).annotate(**aggregates)
