"""Passes over rows: what several figures need, counted in one query for each kind of rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    FloatField,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from kpi.measures.figure import Figure
from kpi.measures.groups import Group, narrow
from kpi.measures.measure import Measure
from kpi.measures.scope import Scope


@dataclass
class Pass:
    """Figures over the same window, divided in the same way: one scan counts them all."""

    by: tuple[str, ...]
    groups: list[Group]
    window: Q
    keys: list
    members: list[tuple[Figure, Measure]] = field(default_factory=list)

    def takes(self, other: "Pass") -> bool:
        return (self.by, self.window, self.keys) == (other.by, other.window, other.keys)

    def group_of(self, texts: Iterable[str | None]) -> tuple:
        """The values of a group from their text in the database."""
        return tuple(
            None if text is None else group.from_text(text)
            for group, text in zip(self.groups, texts, strict=False)
        )


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


def counted(
    passes: list[Pass], scope: Scope
) -> Iterator[tuple[Pass, Figure, Measure, tuple, dict]]:
    """(pass, figure, measure, group, columns) of every member and group, by one query.

    Columns are laid out by their kind, first all counts, then all parts …: passes with different
    figures then have columns of the same types in the same places.
    """
    selects = [_select(each, scope) for each in passes]
    width = {
        kind: max(sum(1 for _, k in columns if k == kind) for _, columns in selects)
        for kind in TYPES
    }
    depth = max(len(each.by) for each in passes)
    queries = [
        _grouped(rows, each, number, depth, _laid_out(columns, width))
        for number, (each, (rows, columns)) in enumerate(zip(passes, selects, strict=True))
    ]
    found = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
    places = [_places(columns, width, 1 + depth) for _, columns in selects]
    for row in found:
        each = passes[row[0]]
        group = each.group_of(row[1 : 1 + len(each.by)])
        for (figure, measure), columns in zip(each.members, places[row[0]], strict=True):
            yield each, figure, measure, group, {kind: row[at] for kind, at in columns}


def _select(each: Pass, scope: Scope) -> tuple[QuerySet, dict]:
    """The rows of a pass, and {(member, kind): aggregate}."""
    zone = str(scope.period.zone)
    first = each.members[0][1]
    rows = narrow(first.room.rows(scope), first, scope).filter(each.window)
    alone = len(each.members) == 1
    if alone:  # Said in WHERE, an index can serve it.
        rows = rows.filter(first.where)
    return rows, {
        (place, kind): aggregate
        for place, (_, measure) in enumerate(each.members)
        for kind, aggregate in measure.columns(zone, None if alone else measure.where).items()
    }


def _laid_out(columns: dict, width: dict[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind, wide in width.items():
        own = [aggregate for (_, k), aggregate in columns.items() if k == kind]
        own += [Absent(TYPES[kind])] * (wide - len(own))
        found |= {f"{kind}_{n}": aggregate for n, aggregate in enumerate(own)}
    return found


def _places(columns: dict, width: dict[str, int], first: int) -> list[list[tuple[str, int]]]:
    """For each member its columns by kind: at which place of a row they are."""
    begins, place = {}, first
    for kind, wide in width.items():
        begins[kind], place = place, place + wide
    members: dict[int, list[tuple[str, int]]] = {}
    taken = dict.fromkeys(width, 0)
    for member, kind in columns:
        members.setdefault(member, []).append((kind, begins[kind] + taken[kind]))
        taken[kind] += 1
    return list(members.values())


def _grouped(rows: QuerySet, each: Pass, number: int, depth: int, aggregates: dict) -> QuerySet:
    """One row a group; without keys one row of all, also where there is nothing to count."""
    keys = [Cast(key, TextField()) for key in each.keys]
    keys += [Absent(TextField())] * (depth - len(keys))
    names: dict[str, Any] = {"pass": Value(number, IntegerField())}
    names |= {f"key_{n}": key for n, key in enumerate(keys)}
    grouped = rows.order_by().annotate(**names).values(*names).annotate(**aggregates)
    return grouped.values_list(*names, *aggregates)
