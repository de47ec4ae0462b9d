"""Business time: what a promise counts, by hand and by law."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions.calendars import SHORTEST_WEEK
from accounts.calendars import BusinessCalendar, hours_as_text, parse_hours, public_holidays, week
from handoff.models.terms import LONGEST

pytestmark = pytest.mark.nodb

WITH_LUNCH = parse_hours([["09:00", "12:00"], ["13:00", "18:00"]])
ROUND_THE_CLOCK = parse_hours([["00:00", "24:00"]])
TOKYO = BusinessCalendar()
LUNCH = BusinessCalendar(hours=week(WITH_LUNCH))
NEW_YORK = BusinessCalendar(zone="America/New_York", country="US")
BERLIN = BusinessCalendar(zone="Europe/Berlin", country="DE", hours=week(((510, 1020),)))


def at(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def jst(*parts):
    return at("Asia/Tokyo", *parts)


def off(*days):
    return tuple((day, ()) for day in days)


def test_a_clock_started_on_friday_afternoon_ends_after_the_long_weekend():
    # Monday 23 November is Labour Thanksgiving Day.
    assert TOKYO.add_minutes(jst(2026, 11, 20, 17), 120) == jst(2026, 11, 24, 10)


def test_what_is_started_at_night_counts_from_the_morning():
    assert TOKYO.add_minutes(jst(2026, 11, 18, 23), 60) == jst(2026, 11, 19, 10)


def test_what_ends_exactly_at_closing_time_ends_then():
    assert TOKYO.add_minutes(jst(2026, 11, 19, 17), 60) == jst(2026, 11, 19, 18)
    assert TOKYO.add_minutes(jst(2026, 11, 19, 17), 60.5) == jst(2026, 11, 20, 9, 0, 30)


def test_nothing_added_in_closed_hours_is_the_next_opening():
    assert TOKYO.add_minutes(jst(2026, 11, 20, 18), 0) == jst(2026, 11, 24, 9)
    assert TOKYO.add_minutes(jst(2026, 11, 20, 10), 0) == jst(2026, 11, 20, 10)


def test_a_break_stops_the_clock_and_closes_the_house():
    assert LUNCH.add_minutes(jst(2026, 11, 19, 11, 30), 60) == jst(2026, 11, 19, 13, 30)
    assert LUNCH.add_minutes(jst(2026, 11, 19, 11), 60) == jst(2026, 11, 19, 12)
    assert not LUNCH.is_open(jst(2026, 11, 19, 12, 30))
    assert LUNCH.closes_after(jst(2026, 11, 19, 11)) == jst(2026, 11, 19, 12)
    assert LUNCH.minutes_between(jst(2026, 11, 19, 9), jst(2026, 11, 19, 18)) == 480


def test_the_turn_of_the_year_with_own_days_off():
    """29 December to 3 January off: Monday 28 is the last day, Monday 4 the first."""
    days = [date(2026, 12, 29) + timedelta(days=n) for n in range(6)]
    house = BusinessCalendar(days=off(*days))
    assert house.add_minutes(jst(2026, 12, 28, 17), 120) == jst(2027, 1, 4, 10)
    assert house.minutes_between(jst(2026, 12, 28, 9), jst(2027, 1, 5, 9)) == 2 * 540
    # Without own days only New Year's Day is a holiday: Tuesday to Thursday count.
    assert TOKYO.minutes_between(jst(2026, 12, 28, 9), jst(2027, 1, 5, 9)) == 5 * 540


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        # 2026: Showa Day Wed 29 April; 3 to 5 May are Sun to Tue, so Wed 6 May is the substitute.
        (jst(2026, 4, 28, 17), 120, jst(2026, 4, 30, 10)),
        (jst(2026, 5, 1, 17), 120, jst(2026, 5, 7, 10)),
        (jst(2026, 4, 28, 9), 4 * 540, jst(2026, 5, 7, 18)),  # 28, 30 April, 1 and 7 May
        # 2027: Showa Day Thu 29 April; 3 to 5 May are Mon to Wed.
        (jst(2027, 4, 28, 17), 120, jst(2027, 4, 30, 10)),
        (jst(2027, 4, 30, 17), 120, jst(2027, 5, 6, 10)),
        (jst(2027, 4, 28, 9), 3 * 540, jst(2027, 5, 6, 18)),
    ],
)
def test_golden_week(start, minutes, due):
    assert TOKYO.add_minutes(start, minutes) == due
    assert TOKYO.minutes_between(start, due) == minutes


def test_a_saturday_worked_out_of_turn_and_a_holiday_that_is_worked():
    house = BusinessCalendar(
        days=((date(2026, 11, 21), ((600, 900),)), (date(2026, 11, 23), ((540, 1080),)))
    )
    assert house.add_minutes(jst(2026, 11, 20, 17), 120) == jst(2026, 11, 21, 11)
    assert house.minutes_between(jst(2026, 11, 20, 18), jst(2026, 11, 24, 9)) == 300 + 540


@pytest.mark.parametrize(
    ("zone", "country", "friday", "monday"),
    [
        # Into summer time: 29 March 2026 in Berlin, 8 March in New York. Offsets +1 to +2, −5 to −4.
        ("Europe/Berlin", "", datetime(2026, 3, 27, 16, tzinfo=UTC), datetime(2026, 3, 30, 8, tzinfo=UTC)),
        ("America/New_York", "", datetime(2026, 3, 6, 22, tzinfo=UTC), datetime(2026, 3, 9, 14, tzinfo=UTC)),
        # Out of it: 25 October in Berlin, 1 November in New York.
        ("Europe/Berlin", "", datetime(2026, 10, 23, 15, tzinfo=UTC), datetime(2026, 10, 26, 9, tzinfo=UTC)),
        ("America/New_York", "", datetime(2026, 10, 30, 21, tzinfo=UTC), datetime(2026, 11, 2, 15, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_weekend_on_which_the_clock_changes(zone, country, friday, monday):
    """17:00 on Friday and 120 minutes: 10:00 on Monday, by the wall clock of each day."""
    house = BusinessCalendar(zone=zone, country=country)
    assert friday.astimezone(ZoneInfo(zone)).time() == time(17)
    assert house.add_minutes(friday, 120) == monday
    assert house.minutes_between(friday, monday) == 120


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
    ],
)
def test_a_day_counts_the_hours_it_has(zone, day, hours):
    house = BusinessCalendar(zone=zone, country="", hours=week(ROUND_THE_CLOCK, days=range(7)))
    begin, end = house.hours_of(day)
    assert house.minutes_between(begin, end) == hours * 60
    assert end - begin == timedelta(hours=hours)


def test_an_opening_time_that_the_clock_skips_is_the_moment_of_the_jump():
    house = BusinessCalendar(
        zone="Europe/Berlin", country="", hours=week(((150, 360),), days=range(7))
    )
    begin, end = house.hours_of(date(2026, 3, 29))  # 2:30 does not exist: 2:00 becomes 3:00
    assert (begin, end) == (
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 3, 29, 4, tzinfo=UTC),
    )
    assert not house.is_open(begin - timedelta(seconds=1))
    assert house.is_open(begin)


def test_an_opening_time_that_comes_twice_is_the_first_and_hours_never_overlap():
    parts = parse_hours([["00:30", "02:30"], ["02:45", "06:00"]])
    house = BusinessCalendar(zone="Europe/Berlin", country="", hours=week(parts, days=range(7)))
    first, second = house.intervals_of(date(2026, 10, 25))
    assert second[0] == datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 2:45 in summer time
    assert first[1] < second[0]
    assert house.minutes_between(first[0], second[1]) == 120 + 195 + 60


def test_hours_that_the_jump_swallows_whole_do_not_count():
    parts = parse_hours([["02:10", "02:50"], ["04:00", "05:00"]])
    house = BusinessCalendar(zone="Europe/Berlin", country="", hours=week(parts, days=range(7)))
    assert len(house.intervals_of(date(2026, 3, 29))) == 1


def test_a_team_elsewhere_counts_its_own_day():
    """17:30 on Thursday in Tokyo is 3:30 in New York, where Thanksgiving is next week."""
    start = jst(2026, 11, 19, 17, 30)
    assert NEW_YORK.add_minutes(start, 60) == at("America/New_York", 2026, 11, 19, 10)
    assert TOKYO.add_minutes(start, 60) == jst(2026, 11, 20, 9, 30)
    assert not NEW_YORK.works_on(date(2026, 11, 26))


def test_a_team_without_working_days_is_an_error_not_an_endless_loop():
    with pytest.raises(ValueError, match="no working hours"):
        BusinessCalendar(hours=week(days=range(0))).add_minutes(jst(2026, 1, 5, 9), 1)


@pytest.mark.parametrize(
    "hours", [week(), week(((540, 540 + SHORTEST_WEEK),), days=range(1))], ids=["usual", "shortest"]
)
def test_whatever_can_be_agreed_has_an_end(hours):
    """The last step of a ladder at 1,000 percent of the longest promise: far away, but no error."""
    ends = BusinessCalendar(hours=hours).add_minutes(jst(2026, 1, 5, 9), 10 * LONGEST)
    assert ends > jst(2036, 1, 5, 9)


def test_holidays_are_called_in_the_language_of_the_reader():
    day = date(2026, 5, 6)
    assert public_holidays("JP", 2026, "ja")[day] == "振替休日"
    assert public_holidays("JP", 2026, "en")[day] == "Substitute Holiday"
    assert not public_holidays("", 2026)


@pytest.mark.parametrize(
    "pairs",
    [
        [["18:00", "09:00"]],
        [["09:00", "09:00"]],
        [["09:00", "13:00"], ["12:00", "18:00"]],
        [["09:00", "12:00"], ["12:00", "18:00"]],
        [["09:00", "25:00"]],
        [["09:00", "12:75"]],
    ],
)
def test_hours_out_of_order_are_refused(pairs):
    with pytest.raises(ValueError, match=r"order|time of day"):
        parse_hours(pairs)


def test_hours_are_kept_as_they_were_read():
    assert hours_as_text(WITH_LUNCH) == [["09:00", "12:00"], ["13:00", "18:00"]]
    assert hours_as_text(ROUND_THE_CLOCK) == [["00:00", "24:00"]]


moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)
calendars = st.sampled_from(
    [
        TOKYO,
        LUNCH,
        NEW_YORK,
        BERLIN,
        BusinessCalendar(hours=week(ROUND_THE_CLOCK, days=range(7)), zone="Europe/Berlin", country=""),
        BusinessCalendar(
            zone="Australia/Lord_Howe",  # moves its clock by half an hour
            country="AU",
            hours=week(parse_hours([["01:45", "02:15"], ["09:00", "17:00"]]), days=range(7)),
        ),
        BusinessCalendar(days=off(*(date(2026, 12, 29) + timedelta(days=n) for n in range(6)))),
    ]
)  # fmt: skip


@given(calendars, moments, st.integers(1, 6000))
def test_the_minutes_to_a_due_moment_are_those_that_were_added(calendar, start, minutes):
    due = calendar.add_minutes(start, minutes)
    assert calendar.minutes_between(start, due) == pytest.approx(minutes, abs=1e-6)
    assert calendar.minutes_between(due, start) == pytest.approx(-minutes, abs=1e-6)


@given(calendars, moments, st.integers(1, 6000))
def test_a_due_moment_is_never_in_closed_hours(calendar, start, minutes):
    due = calendar.add_minutes(start, minutes)
    days = {calendar.local_day(due), calendar.local_day(due - timedelta(seconds=1))}
    spans = [span for day in days for span in calendar.intervals_of(day)]
    assert any(begin < due <= end for begin, end in spans)


@given(calendars, moments, st.integers(1, 3000), st.integers(1, 3000))
def test_adding_twice_is_adding_the_sum(calendar, start, first, second):
    assert calendar.add_minutes(calendar.add_minutes(start, first), second) == calendar.add_minutes(
        start, first + second
    )


@given(calendars, st.lists(moments, min_size=3, max_size=3))
def test_the_minutes_of_two_stretches_add_up(calendar, three):
    a, b, c = sorted(three)
    whole = calendar.minutes_between(a, c)
    parts = calendar.minutes_between(a, b) + calendar.minutes_between(b, c)
    assert whole == pytest.approx(parts, abs=1e-6)
    assert 0 <= whole <= (c - a) / timedelta(minutes=1) + 1e-6


@given(calendars, moments, st.integers(0, 3000), st.integers(0, 600), st.integers(0, 3000))
def test_later_stays_later(calendar, start, minutes, more, wait):
    due = calendar.add_minutes(start, minutes)
    assert due <= calendar.add_minutes(start, minutes + more)
    assert due <= calendar.add_minutes(start + timedelta(minutes=wait), minutes)


@given(calendars, moments)
def test_a_moment_is_open_where_an_interval_of_its_day_says_so(calendar, moment):
    spans = calendar.intervals_of(calendar.local_day(moment))
    inside = next((end for begin, end in spans if begin <= moment < end), None)
    assert calendar.closes_after(moment) == inside
    assert calendar.is_open(moment) == (inside is not None)
