"""Business time: a pure calendar of working hours, holidays of the country left out."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

# A promise cannot reach further than this: a calendar without any working day must end somewhere.
HORIZON = timedelta(days=3660)


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The national holidays of `country` (ISO code; "" means none) in `year`."""
    if not country:
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year))


@dataclass(frozen=True)
class BusinessCalendar:
    """When a team works: hours on weekdays (0 = Monday) in a time zone.

    A minute counts if it lies in an open interval [opens, closes) of a working day.
    """

    zone: str = "Asia/Tokyo"
    opens: time = time(9)
    closes: time = time(18)
    weekdays: frozenset[int] = field(default_factory=lambda: frozenset(range(5)))
    country: str = "JP"

    def works_on(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return day.weekday() in self.weekdays and day not in public_holidays(self.country, day.year)

    def hours_of(self, day: date) -> tuple[datetime, datetime]:
        """Opening and closing moment of `day`, aware, whether or not it is a working day."""
        zone = ZoneInfo(self.zone)
        return datetime.combine(day, self.opens, zone), datetime.combine(day, self.closes, zone)

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies in working hours."""
        local = at.astimezone(ZoneInfo(self.zone))
        return self.works_on(local.date()) and self.opens <= local.time() < self.closes

    def add_minutes(self, start: datetime, minutes: float) -> datetime:
        """The moment `minutes` business minutes after `start`; never in closed hours.

        A clock started on Friday at 17:00 with 120 minutes ends on Monday at 10:00. What would
        end exactly at closing time ends then, not at the next opening.
        """
        left = timedelta(minutes=minutes)
        for opens, closes in self._open_hours_from(start):
            begin = max(start, opens)
            if left <= closes - begin:
                return begin + left
            left -= closes - begin
        raise ValueError("This calendar has no working hours.")

    def minutes_between(self, start: datetime, end: datetime) -> float:
        """Business minutes from `start` to `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.minutes_between(end, start)
        total = timedelta()
        for opens, closes in self._open_hours_from(start):
            if opens >= end:
                break
            total += max(timedelta(), min(closes, end) - max(opens, start))
        return total.total_seconds() / 60

    def _open_hours_from(self, start: datetime):
        # Compared in UTC: between datetimes of one zone Python subtracts wall clocks, which is
        # wrong across a change to summer time.
        utc = ZoneInfo("UTC")
        day = start.astimezone(ZoneInfo(self.zone)).date()
        last = day + HORIZON
        while day < last:
            if self.works_on(day):
                opens, closes = (moment.astimezone(utc) for moment in self.hours_of(day))
                if closes > start:
                    yield opens, closes
            day += timedelta(days=1)
