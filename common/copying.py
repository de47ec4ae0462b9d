"""Many new rows into a table by COPY: several times as fast as INSERT, with ids given beforehand."""

import io
import json
import re
from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

_UNSAFE = re.compile(r"[\\\n\r\t]")
_SAFE = {"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
NULL = r"\N"


def copy_new(rows: Iterable[models.Model], *, with_ids: bool = True) -> list[models.Model]:
    """Write new `rows` of one model, in the present transaction, and give them back.

    They get their ids, so that others can refer to them, unless `with_ids` is False (then the
    database numbers them and the objects do not know). Columns with a default of the database are
    left to it. Constraints and triggers hold as for any INSERT.
    """
    rows = list(rows)
    if not rows:
        return rows
    meta = rows[0]._meta
    fields = [one for one in meta.concrete_fields if _is_written(one, rows[0], with_ids)]
    if with_ids:
        _number(rows, meta)
    for row in rows:
        # A foreign key whose row was saved since it was set.
        row._prepare_related_fields_for_save(operation_name="copy_new")  # type: ignore[attr-defined]
    text = io.StringIO()
    names = [one.attname for one in fields]
    is_json = [isinstance(one, models.JSONField) for one in fields]
    for row in rows:
        cells = [
            _cell(getattr(row, name), json_) for name, json_ in zip(names, is_json, strict=True)
        ]
        text.write("\t".join(cells) + "\n")
    text.seek(0)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(one.column) for one in fields)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN", text)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return rows


def _is_written(field: models.Field, sample: models.Model, with_ids: bool) -> bool:
    if field.primary_key and not with_ids:
        return False
    return not isinstance(getattr(sample, field.attname), DatabaseDefault)


def _number(rows: list[models.Model], meta) -> None:
    """Draw as many ids from the table's sequence as there are rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(meta.db_table), meta.pk.column, len(rows)],
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number


def _cell(value, is_json: bool) -> str:
    if is_json:
        value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    elif value is None:
        return NULL
    elif value is True or value is False:
        return "t" if value else "f"
    elif isinstance(value, datetime | date):
        return value.isoformat()
    elif not isinstance(value, str):
        return str(value)
    return _UNSAFE.sub(lambda found: _SAFE[found[0]], value)
