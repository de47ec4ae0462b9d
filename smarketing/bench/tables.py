"""Many rows into many tables: written as text, sent by COPY, indexes and keys built afterwards."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models

FLUSH = 4_000_000  # characters kept per table before they are sent
NULL = r"\N"


class Sink:
    """Takes rows of one model as tuples of the named columns; the rest has the model's defaults."""

    def __init__(self, model: type[models.Model], *columns: str):
        self.model, self.columns = model, columns
        fields = {field.attname: field for field in model._meta.concrete_fields}
        unknown = set(columns) - fields.keys()
        if unknown:
            raise ValueError(f"{model.__name__} has no {sorted(unknown)}")
        rest = [
            one for name, one in fields.items() if name not in columns and not _by_database(one)
        ]
        names = [fields[name].column for name in columns] + [one.column for one in rest]
        self._tail = "".join("\t" + cell(_default(one)) for one in rest) + "\n"
        quoted = ", ".join(f'"{name}"' for name in names)
        self._copy = f'COPY "{model._meta.db_table}" ({quoted}) FROM STDIN'
        self._text = io.StringIO()
        self.rows = 0

    def add(self, *cells: str) -> None:
        """One row; every cell is text already, `NULL` for nothing."""
        self._text.write("\t".join(cells) + self._tail)
        self.rows += 1
        if self._text.tell() > FLUSH:
            self.flush()

    def flush(self) -> None:
        self._text.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(self._copy, self._text)
        self._text = io.StringIO()

    def close(self) -> None:
        """Send what is left, and let the table's numbering go on behind the highest id."""
        self.flush()
        number_on(self.model)


def number_on(model: type[models.Model]) -> None:
    """Let the numbering of a table go on behind its highest id."""
    key = model._meta.pk
    if not isinstance(key, models.BigAutoField):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
            [
                model._meta.db_table,
                key.column,
                (model.objects.aggregate(top=models.Max("pk"))["top"] or 0) + 1,
            ],
        )


def _by_database(field: models.Field) -> bool:
    numbered = field.primary_key and isinstance(field, models.BigAutoField)
    return numbered or field.db_default is not models.NOT_PROVIDED


def _default(field: models.Field):
    return field.get_default() if field.has_default() or not field.null else None


def cell(value) -> str:
    """One value as COPY reads it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict | list):
        return text(json.dumps(value, ensure_ascii=False))
    return text(str(value))


def text(words: str) -> str:
    return words.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


@contextmanager
def without_indexes(tables: list[str]) -> Iterator[None]:
    """Drop secondary indexes and foreign keys of the tables, and build them anew at the end."""
    again = []
    with connection.cursor() as cursor:
        for kind, query in (("CONSTRAINT", KEYS), ("INDEX", INDEXES)):
            cursor.execute(query, [tables])
            for drop, create in cursor.fetchall():
                cursor.execute(drop)
                again.append((kind, create))
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for _kind, create in reversed(again):
            cursor.execute(create)


KEYS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
"""
INDEXES = """
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid::regclass::text = ANY(%s) AND NOT indisprimary
AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)
"""
