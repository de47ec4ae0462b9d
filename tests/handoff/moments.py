"""Moments of tests about promises, written as the wall clock in Tokyo shows them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def jst(*parts) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("Asia/Tokyo")).astimezone(UTC)
