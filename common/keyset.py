"""Lists that page by key: the hundredth thousandth row costs what the first does."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    F,
    Field,
    IntegerField,
    Q,
    QuerySet,
    TextField,
)
from django.utils.translation import gettext_lazy as _

from common.refusals import Malformed


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows and, where there are more, the key to go on from."""

    rows: list
    next_key: str | None

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def page_by_key(rows: QuerySet, *, order: str, key: str = "", size: int = 25) -> Page:
    """The page of `rows` after `key`, sorted by `order` ("heat" or "-heat"), then by id.

    The sort column must be indexed together with id and must not be null: give rows without
    a value a sentinel, or filter them. Rows in between that come or go shift nothing.

    Raises `Malformed` for a key that this list did not give out.
    """
    column, descending = order.lstrip("-"), order.startswith("-")
    sign = "-" if descending else ""
    rows = rows.order_by(order, f"{sign}pk") if column != "pk" else rows.order_by(order)
    if key:
        rows = rows.filter(_after(column, descending, _read(key, _field(rows, column))))
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    return Page(found, _write(found[-1], column) if more else None)


def next_to(rows: QuerySet, row, *, order: str, back: bool = False):
    """The neighbour of `row` in the list of `rows` sorted by `order`: the next or, `back`, the one before."""
    if back:
        order = order[1:] if order.startswith("-") else f"-{order}"
    column, descending = order.lstrip("-"), order.startswith("-")
    here = _after(column, descending, (getattr(row, column), row.pk))
    return rows.filter(here).order_by(order, "-pk" if descending else "pk").first()


def _after(column: str, descending: bool, last: tuple[Any, int]) -> Q:
    value, pk = last
    side = "lt" if descending else "gt"
    if column == "pk":
        return Q(**{f"pk__{side}": pk})
    # The redundant first condition lets PostgreSQL start its index scan at the value.
    edge = Q(**{f"{column}__{side}e": value})
    return edge & (Q(**{f"{column}__{side}": value}) | Q(**{column: value, f"pk__{side}": pk}))


def _write(row, column: str) -> str:
    value = row.pk
    if column != "pk":
        value = row
        for part in column.split("__"):
            value = getattr(value, part)
    if isinstance(value, datetime | date):
        value = ["d" if isinstance(value, datetime) else "D", value.isoformat()]
    else:
        value = ["v", value]
    packed = json.dumps([*value, row.pk], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _field(rows: QuerySet, column: str) -> Field:
    if column in rows.query.annotations:
        return rows.query.annotations[column].output_field
    field, model = None, rows.model
    for part in column.split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        model = field.related_model
    return field


def _fits(value, field: Field) -> bool:
    """Whether `value` can be compared with a column of this kind."""
    if isinstance(field, DateTimeField):
        return isinstance(value, datetime) and value.tzinfo is not None
    if isinstance(field, DateField):
        return isinstance(value, date) and not isinstance(value, datetime)
    if isinstance(field, CharField | TextField):
        return isinstance(value, str)
    if isinstance(field, IntegerField):
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _read(key: str, field: Field) -> tuple[Any, int]:
    try:
        packed = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
        kind, value, pk = json.loads(packed)
        if kind == "d":
            value = datetime.fromisoformat(value)
        elif kind == "D":
            value = date.fromisoformat(value)
        elif kind != "v" or not isinstance(value, str | int | float):
            raise ValueError(kind)
        if type(pk) is not int or not -(2**63) <= pk < 2**63:
            raise ValueError(pk)
        if isinstance(value, str) and "\0" in value:
            raise ValueError(value)
        if not _fits(value, field):
            raise ValueError(value)
    except (ValueError, TypeError, RecursionError) as wrong:
        raise Malformed(
            _("This page of the list does not exist any more. Start from the top.")
        ) from wrong
    return value, pk


def count_up_to(rows: QuerySet, limit: int = 1000) -> tuple[int, bool]:
    """(n, exact): the number of `rows`, counted to `limit` at most, so that a count is cheap."""
    found = rows.order_by().values(one=F("pk"))[: limit + 1].count()
    return (min(found, limit), found <= limit)


def counts_up_to(rows: dict[str, QuerySet], limit: int = 1000) -> dict[str, tuple[int, bool]]:
    """`count_up_to` of several queries by name, all in one query: the figures on the tabs of a list."""
    parts: list[str] = []
    values: list = []
    for query in rows.values():
        try:
            sql, params = query.order_by().values(one=F("pk"))[: limit + 1].query.sql_with_params()
        except EmptyResultSet:
            sql, params = "SELECT 1 WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 - Django's own SQL
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        found = dict(zip(rows, cursor.fetchone(), strict=True))
    return {name: (min(n, limit), n <= limit) for name, n in found.items()}


def portions(rows: QuerySet, size: int = 1000) -> Iterator:
    """Every row by id, fetched portion by portion: for answers that are streamed, which must not
    hold a cursor of the database open while a slow reader reads."""
    after = 0
    while found := list(rows.filter(pk__gt=after).order_by("pk")[:size]):
        yield from found
        after = found[-1].pk
