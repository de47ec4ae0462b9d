"""Business time: what a promise counts."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.calendars import BusinessCalendar

pytestmark = pytest.mark.nodb

TOKYO = BusinessCalendar()
NEW_YORK = BusinessCalendar(zone="America/New_York", country="US")


def jst(*parts):
    return datetime(*parts, tzinfo=UTC) - timedelta(hours=9)


def test_a_clock_started_on_friday_afternoon_ends_on_monday_morning():
    assert TOKYO.add_minutes(jst(2026, 11, 20, 17), 120) == jst(
        2026, 11, 24, 10
    )  # Monday is a holiday


def test_what_is_started_at_night_counts_from_the_morning():
    assert TOKYO.add_minutes(jst(2026, 11, 18, 23), 60) == jst(2026, 11, 19, 10)


def test_what_ends_exactly_at_closing_time_ends_then():
    assert TOKYO.add_minutes(jst(2026, 11, 19, 17), 60) == jst(2026, 11, 19, 18)


def test_labour_thanksgiving_day_does_not_count():
    assert not TOKYO.works_on(datetime(2026, 11, 23).date())
    assert TOKYO.minutes_between(jst(2026, 11, 20, 17), jst(2026, 11, 24, 10)) == 120


def test_a_day_of_summer_time_still_has_nine_working_hours():
    before, after = datetime(2026, 3, 6, 14, tzinfo=UTC), datetime(2026, 3, 9, 22, tzinfo=UTC)
    # Friday 9–18 EST (14–23 UTC), Monday 9–18 EDT (13–22 UTC)
    assert NEW_YORK.minutes_between(before, after) == 2 * 540


def test_a_team_without_working_days_is_an_error_not_an_endless_loop():
    with pytest.raises(ValueError, match="no working hours"):
        BusinessCalendar(weekdays=frozenset()).add_minutes(jst(2026, 1, 5, 9), 1)


moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)
calendars = st.sampled_from(
    [
        TOKYO,
        NEW_YORK,
        BusinessCalendar(zone="Europe/Berlin", opens=time(8, 30), closes=time(17), country="DE"),
    ]
)


@given(calendars, moments, st.integers(1, 6000))
def test_the_minutes_to_a_due_moment_are_those_that_were_added(calendar, start, minutes):
    due = calendar.add_minutes(start, minutes)
    assert calendar.minutes_between(start, due) == pytest.approx(minutes, abs=1e-4)
    local = due.astimezone(calendar.hours_of(due.date())[0].tzinfo)
    assert calendar.works_on(local.date())
    assert calendar.opens <= local.time() <= calendar.closes


@given(calendars, moments, st.integers(1, 3000), st.integers(1, 3000))
def test_adding_twice_is_adding_the_sum(calendar, start, first, second):
    assert calendar.add_minutes(calendar.add_minutes(start, first), second) == calendar.add_minutes(
        start, first + second
    )
