"""Periods are whole days of the organisation's zone; a minute before midnight is the day before."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from kpi.measures import FIGURES, Scope, read_one
from kpi.periods import Period, Preset, period_of
from kpi.states import View
from tests.factories import a_lead

TOKYO = ZoneInfo("Asia/Tokyo")
SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("preset", "first", "end"),
    [
        (Preset.MONTH, "2026-11-01", "2026-12-01"),
        (Preset.LAST_MONTH, "2026-10-01", "2026-11-01"),
        (Preset.QUARTER, "2026-10-01", "2027-01-01"),
        (Preset.YEAR, "2026-04-01", "2027-04-01"),
        (Preset.DAYS_90, "2026-08-24", "2026-11-22"),
    ],
)
def test_presets(preset, first, end):
    period = period_of(preset, SATURDAY, zone=TOKYO)
    assert (period.first.isoformat(), period.end.isoformat()) == (first, end)


def test_quarters_follow_the_fiscal_year():
    period = period_of(Preset.QUARTER, date(2026, 1, 31), zone=TOKYO, fiscal_month=2)
    assert (period.first, period.end) == (date(2025, 11, 1), date(2026, 2, 1))
    assert period_of(Preset.YEAR, date(2026, 1, 31), zone=TOKYO, fiscal_month=2).first == date(
        2025, 2, 1
    )


def test_all_time_has_no_bounds_and_nothing_before_it():
    period = period_of(Preset.ALL, SATURDAY, zone=TOKYO)
    assert (period.first, period.end, period.before()) == (None, None, None)


def test_before_a_quarter_lies_the_quarter_before():
    before = period_of(Preset.QUARTER, date(2026, 2, 1), zone=TOKYO).before()
    assert (before.first, before.end) == (date(2025, 10, 1), date(2026, 1, 1))


def test_before_some_days_lie_as_many_days():
    before = Period(date(2026, 11, 1), date(2026, 11, 11), TOKYO).before()
    assert (before.first, before.end) == (date(2026, 10, 22), date(2026, 11, 1))


def test_a_running_period_is_held_against_the_same_day_of_the_one_before():
    at = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    scope = Scope(View.COHORT, period_of(Preset.QUARTER, SATURDAY, zone=TOKYO), at)
    before = scope.before()
    assert (before.period.first, before.period.end) == (date(2026, 7, 1), date(2026, 8, 22))
    assert before.as_of == datetime(2026, 8, 22, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("moment", "counted"),
    [
        ("2026-10-31T23:59:59+09:00", 0),
        ("2026-11-01T00:00:00+09:00", 1),
        ("2026-11-30T23:59:59+09:00", 1),
        ("2026-12-01T00:00:00+09:00", 0),
    ],
)
def test_a_month_begins_at_midnight_in_tokyo(db, moment, counted):
    a_lead(at=datetime.fromisoformat(moment))
    period = Period(date(2026, 11, 1), date(2026, 12, 1), TOKYO)
    scope = Scope(View.ACTIVITY, period, datetime(2027, 1, 1, tzinfo=UTC))
    assert read_one(FIGURES["leads"], scope).value == counted


@pytest.mark.parametrize(
    ("zone", "days"),
    [("Asia/Tokyo", 3), ("UTC", 2)],
)
def test_days_are_those_of_the_calendar_not_of_24_hours(db, zone, days):
    captured = datetime.fromisoformat("2026-11-01T23:59:00+09:00")
    a_lead(at=captured, mql_at=datetime.fromisoformat("2026-11-04T00:01:00+09:00"))
    scope = Scope(View.COHORT, Period(None, None, ZoneInfo(zone)), datetime(2027, 1, 1, tzinfo=UTC))
    reading = read_one(FIGURES["velocity_leads_mql"], scope)
    assert (reading.value, reading.unit) == (days, "days")


def test_under_two_days_it_is_told_in_hours(db):
    captured = datetime.fromisoformat("2026-11-01T22:00:00+09:00")
    a_lead(at=captured, mql_at=datetime.fromisoformat("2026-11-02T01:30:00+09:00"))
    scope = Scope(View.COHORT, Period(None, None, TOKYO), datetime(2027, 1, 1, tzinfo=UTC))
    reading = read_one(FIGURES["velocity_leads_mql"], scope)
    assert (reading.value, reading.unit) == (3.5, "hours")


def test_the_two_views_count_different_leads(db):
    """Captured in October, qualified in November."""
    october = datetime.fromisoformat("2026-10-10T10:00:00+09:00")
    a_lead(at=october, mql_at=datetime.fromisoformat("2026-11-10T10:00:00+09:00"))
    at = datetime(2027, 1, 1, tzinfo=UTC)

    def mql(view, first, end):
        return read_one(FIGURES["mql"], Scope(view, Period(first, end, TOKYO), at)).value

    october, november, december = (date(2026, month, 1) for month in (10, 11, 12))
    assert mql(View.COHORT, october, november) == 1
    assert mql(View.COHORT, november, december) == 0
    assert mql(View.ACTIVITY, october, november) == 0
    assert mql(View.ACTIVITY, november, december) == 1
