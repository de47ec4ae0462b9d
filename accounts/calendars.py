"""Business time: a pure calendar of open hours, holidays and days that differ left out or put in.

A time of day is counted in minutes from midnight, 1440 being the next one. Where the clock is put
forward or back, a time of day that it skips is the moment of the jump, and one that it shows twice
is the first of the two: so hours never overlap, and a day of 23 or 25 hours counts what it has.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

# The open hours of a day: (from, to) in minutes from midnight, in order, not touching each other.
Hours = tuple[tuple[int, int], ...]
Week = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]

CLOSED: Hours = ()
NINE_TO_SIX: Hours = ((9 * 60, 18 * 60),)
MIDNIGHT = 24 * 60

# A calendar without any working day must end somewhere. Further than whatever can be agreed: ten
# times a working year, in a week of five hours.
HORIZON_YEARS = 150
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_MINUTE_US = 60_000_000


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int, language: str = "") -> Mapping[date, str]:
    """The national holidays of `country` (ISO code; "" means none) in `year`, with their names.

    `language` ("ja", "en"): of the names, where the library knows them in it.
    """
    if not country:
        return MappingProxyType({})
    known = holidays.country_holidays(country).supported_languages if language else ()
    fits = [one for one in known if one.split("_")[0] == language]
    found = holidays.country_holidays(country, years=year, language=fits[0] if fits else None)
    return MappingProxyType({day: name for day, name in found.items() if day.year == year})


def week(hours: Hours = NINE_TO_SIX, *, days: range | frozenset[int] = range(5)) -> Week:
    """The same hours on some weekdays (0 is Monday), closed on the others."""
    return tuple(hours if day in days else CLOSED for day in range(7))  # type: ignore[return-value]


@dataclass(frozen=True)
class BusinessCalendar:
    """When a team works: open hours of each weekday in a time zone, holidays and days that differ.

    A minute counts if it lies in an open interval [from, to). `days` are days off (no hours) and
    days worked out of turn; they go before weekdays and holidays. `pk` and `version` say which
    row of the settings it was read from.
    """

    zone: str = "Asia/Tokyo"
    hours: Week = field(default_factory=week)
    country: str = "JP"
    days: tuple[tuple[date, Hours], ...] = ()
    pk: int | None = None
    version: int = 1

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def usual_hours(self) -> Hours:
        """The hours of most weekdays that are worked: what is called "our hours"."""
        worked = [one for one in self.hours if one]
        return max(worked, key=worked.count) if worked else CLOSED

    @property
    def usual_minutes(self) -> int:
        """The length of such a day."""
        return sum(end - begin for begin, end in self.usual_hours)

    @cached_property
    def _own(self) -> dict[date, Hours]:
        return dict(self.days)

    @cached_property
    def _years(self) -> dict[int, "_Year"]:
        return {}

    def hours_on(self, day: date) -> Hours:
        """The open hours of `day`; none: closed."""
        own = self._own.get(day)
        if own is not None:
            return own
        hours = self.hours[day.weekday()]
        return CLOSED if hours and day in public_holidays(self.country, day.year) else hours

    def works_on(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return bool(self.hours_on(day))

    def local_day(self, at: datetime) -> date:
        """The day of `at` where the team is."""
        return at.astimezone(self.tz).date()

    def intervals_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """The open intervals of `day` as moments, in UTC. Hours that a jump of the clock swallows are left out."""
        found = (
            (self._moment(day, begin), self._moment(day, end)) for begin, end in self.hours_on(day)
        )
        return [(begin, end) for begin, end in found if begin < end]

    def hours_of(self, day: date) -> tuple[datetime, datetime]:
        """The first opening and the last closing of a working day. Raises ValueError for another."""
        found = self.intervals_of(day)
        if not found:
            raise ValueError(f"{day} is not a working day.")
        return found[0][0], found[-1][1]

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies in working hours."""
        return self.closes_after(at) is not None

    def closes_after(self, at: datetime) -> datetime | None:
        """The end of the open interval in which `at` lies (a break ends it too), or None when closed."""
        year, n, us = self._find(at)
        if n == len(year.starts) or us < year.starts[n]:
            return None
        return _moment_of(year.ends[n])

    def add_minutes(self, start: datetime, minutes: float) -> datetime:
        """The moment `minutes` business minutes after `start`; never in closed hours.

        A clock started on Friday at 17:00 with 120 minutes ends on Monday at 10:00. What would end
        exactly at closing time ends then, not at the next opening. With 0 minutes: `start` itself,
        or the next opening. Raises ValueError for a calendar without working hours.
        """
        number = start.astimezone(self.tz).year
        year, n, us = self._find(start, number)
        left = round(minutes * _MINUTE_US)
        if n < len(year.starts):  # counted from the beginning of the year
            left += year.before[n] + max(0, us - year.starts[n])
            if left <= year.total:
                return year.moment(max(n, bisect_left(year.after, left)), left)
            left -= year.total
        for later in range(number + 1, number + HORIZON_YEARS):
            year = self._year(later)
            if year.starts and left <= year.total:
                return year.moment(bisect_left(year.after, left), left)
            left -= year.total
        raise ValueError("This calendar has no working hours.")

    def minutes_between(self, start: datetime, end: datetime) -> float:
        """Business minutes from `start` to `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.minutes_between(end, start)
        first, last = start.astimezone(self.tz).year, end.astimezone(self.tz).year
        total = self._elapsed(end, last) - self._elapsed(start, first)
        total += sum(self._year(number).total for number in range(first, last))
        return total / _MINUTE_US

    def _elapsed(self, at: datetime, number: int) -> int:
        """Open microseconds of the year `number` up to `at`."""
        year, n, us = self._find(at, number)
        if n == len(year.starts):
            return year.total
        return year.before[n] + max(0, us - year.starts[n])

    def _find(self, at: datetime, number: int | None = None) -> tuple["_Year", int, int]:
        """The year of `at`, the number of its first interval that ends after `at`, and `at` itself."""
        year = self._year(at.astimezone(self.tz).year if number is None else number)
        us = (at - _EPOCH) // timedelta(microseconds=1)
        return year, bisect_right(year.ends, us), us

    def _year(self, number: int) -> "_Year":
        found = self._years.get(number)
        if found is None:
            first = date(number, 1, 1)
            days = (first + timedelta(days=n) for n in range((date(number + 1, 1, 1) - first).days))
            found = _Year([span for day in days for span in self.intervals_of(day)])
            self._years[number] = found
        return found

    def _moment(self, day: date, minute: int) -> datetime:
        """The moment of a time of day, in UTC, by the rule at the head of this module."""
        wall = datetime.combine(day, time()) + timedelta(minutes=minute)
        moment = wall.replace(tzinfo=self.tz).astimezone(UTC)
        if moment.astimezone(self.tz).replace(tzinfo=None) == wall:
            return moment
        # Skipped: seen from after the jump the same time of day lies before it; walk up to it.
        moment = wall.replace(tzinfo=self.tz, fold=1).astimezone(UTC)
        offset = moment.astimezone(self.tz).utcoffset()
        while moment.astimezone(self.tz).utcoffset() == offset:
            moment += _MINUTE
        return moment


class _Year:
    """The open intervals of one year in microseconds, summed up, so that a moment is found by halving."""

    __slots__ = ("after", "before", "ends", "starts", "total")

    def __init__(self, intervals: list[tuple[datetime, datetime]]):
        micro = timedelta(microseconds=1)
        self.starts = [(begin - _EPOCH) // micro for begin, _end in intervals]
        self.ends = [(end - _EPOCH) // micro for _begin, end in intervals]
        self.before, self.after, self.total = [], [], 0
        for begin, end in zip(self.starts, self.ends, strict=True):
            self.before.append(self.total)
            self.total += end - begin
            self.after.append(self.total)

    def moment(self, n: int, elapsed: int) -> datetime:
        """The moment in interval `n` at which `elapsed` open microseconds of the year have passed."""
        return _moment_of(self.starts[n] + elapsed - self.before[n])


def _moment_of(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=us)


def parse_hours(pairs: list[list[str]]) -> Hours:
    """Hours as the settings keep them, [["09:00", "12:00"], …]; "24:00" is the end of the day.

    Raises ValueError unless each pair ends after it begins and after the pair before it.
    """
    found = tuple((_minutes(begin), _minutes(end)) for begin, end in pairs)
    last = -1
    for begin, end in found:
        if not last < begin < end <= MIDNIGHT:
            raise ValueError("Hours must be in order and must not overlap.")
        last = end
    return found


def hours_as_text(hours: Hours) -> list[list[str]]:
    """The other way round."""
    return [[f"{one // 60:02}:{one % 60:02}" for one in pair] for pair in hours]


def hours_in_words(hours: Hours) -> str:
    """9:00–12:00, 13:00–18:00, in every language alike."""
    pairs = (f"{a // 60}:{a % 60:02}–{b // 60}:{b % 60:02}" for a, b in hours)
    return ", ".join(pairs)


def _minutes(text: str) -> int:
    hour, _colon, minute = text.partition(":")
    found = int(hour) * 60 + int(minute)
    if not (0 <= int(minute) < 60 and 0 <= found <= MIDNIGHT):
        raise ValueError(f"No time of day: {text}")
    return found
