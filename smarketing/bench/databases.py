"""A database of the bench's own on the configured server: made, used, dropped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.core.cache import caches
from django.core.management import call_command
from django.db import connection


@contextmanager
def own_database(name: str, *, keep: bool, reuse: bool) -> Iterator[tuple[str, bool]]:
    """Within the block Django speaks to database `name`.

    Gives its address for other processes, and whether it is new: with `reuse` one that an earlier
    run kept is taken as it is.
    """
    before = connection.settings_dict["NAME"]
    new = not (reuse and _exists(name))
    if new:
        _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _run(f'CREATE DATABASE "{name}"')
    _switch(name)
    try:
        if new:
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl(), new
    finally:
        _switch(before)
        if not keep:
            _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _exists(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _switch(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    caches["local"].clear()  # what was kept is about another database


def _run(statement: str) -> None:
    # Databases are made outside of transactions, from any database but the one concerned.
    with connection.cursor() as cursor:
        cursor.execute(statement)
