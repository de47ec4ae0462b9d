"""The one source of time: the database's clock, settable for tests and for histories of the past."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone

_set_to: ContextVar[datetime | None] = ContextVar("time_at", default=None)


def now() -> datetime:
    """The present moment (aware, UTC), by the clock of the database.

    Web and worker machines may disagree about the time; the database is one. It is
    `clock_timestamp()`, not `now()`: a verb asks after its lock, and the wait for the lock
    must not count.
    """
    if (moment := _set_to.get()) is not None:
        return moment
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0].astimezone(UTC)


@contextmanager
def time_at(moment: datetime):
    """Within the block `now()` answers `moment`: for tests, the demo's history and imports."""
    token = _set_to.set(moment)
    try:
        yield moment
    finally:
        _set_to.reset(token)


def page_now() -> datetime:
    """The present moment for words on a page ("today 9:05"): no query, so never for a rule."""
    return _set_to.get() or timezone.now()
