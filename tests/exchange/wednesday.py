"""The day the tests of Today are told on."""

from datetime import UTC, datetime, timedelta

from common.clock import time_at

# A Wednesday at 14:00 in Tokyo.
NOON = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def at(moment, verb, *things, **what):
    with time_at(moment):
        return verb(*things, **what)
