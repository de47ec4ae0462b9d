"""Locking one row by its key, cheaply: verbs do it before anything else."""

from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def lock_row(model: type[Row], pk: int, *, known: Row | None = None) -> Row:
    """The row, fresh and `FOR UPDATE`. What `known` (an older copy) has loaded by a foreign key that
    still points there is kept, so that a verb need not ask for it again.

    Raises `model.DoesNotExist`. The statement is written once per model: having the ORM compile a
    select of sixty columns costs a multiple of running it.
    """
    rows: Any = model
    row = next(iter(rows._base_manager.raw(_statement(model), [pk])), None)
    if row is None:
        raise rows.DoesNotExist(f"{model._meta.label} {pk}")
    if known is not None:
        _keep(row, known)
    return row


@cache
def _statement(model: type[models.Model]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in model._meta.concrete_fields)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    # Nothing but quoted names of the model goes into it.
    return f"SELECT {columns} FROM {table} WHERE {key} = %s FOR UPDATE"  # noqa: S608


def _keep(row: models.Model, known: models.Model) -> None:
    for field in row._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.is_cached(known):
            one = field.get_cached_value(known)
            # What was loaded for somebody who may not see all of it is no ground for a verb.
            hidden = getattr(one, "is_masked", False)
            if one is not None and not hidden and one.pk == getattr(row, field.attname):
                field.set_cached_value(row, one)
