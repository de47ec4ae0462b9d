"""Moments of people who keep office hours."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.calendars import BusinessCalendar


@dataclass(frozen=True)
class Hours:
    """Working time of the organisation, counted forwards and backwards."""

    calendar: BusinessCalendar
    seed: int = 0

    def after(self, at: datetime, minutes: float) -> datetime:
        """`minutes` of working time after `at`."""
        return self.calendar.add_minutes(at, max(1.0, minutes))

    def before(self, at: datetime, minutes: float) -> datetime:
        """The moment from which `minutes` of working time have passed at `at`."""
        day = at.astimezone(ZoneInfo(self.calendar.zone)).date()
        left = timedelta(minutes=minutes)
        while True:
            if self.calendar.works_on(day):
                for opens, closes in reversed(self.calendar.intervals_of(day)):
                    end = min(at, closes)
                    if end - opens >= left:
                        return end - left
                    left -= max(timedelta(), end - opens)
            day -= timedelta(days=1)

    def soon(self, rng: random.Random, at: datetime, median: float, spread: float = 0.8):
        """A moment of working time after `at`: mostly around `median` minutes, sometimes much later."""
        return self.after(at, median * rng.lognormvariate(0, spread))

    def pace(self, team: str, at: datetime) -> float:
        """How slow `team` was in the week of `at`: about 1, above 2 in a bad week."""
        year, week, _ = at.isocalendar()
        rng = random.Random(f"{self.seed}:{team}:{year}:{week}")
        return rng.lognormvariate(-0.1, 0.3) * (2.3 if rng.random() < 0.12 else 1)

    def on(self, day, hour: float) -> datetime:
        """The moment of `day` at `hour` o'clock, local time."""
        whole = time(int(hour), int(hour % 1 * 60))
        return datetime.combine(day, whole, ZoneInfo(self.calendar.zone))

    def today(self, at: datetime):
        return at.astimezone(ZoneInfo(self.calendar.zone)).date()

    def next_day(self, day, days: int = 0):
        """The working day `days` after `day`, or the first one from there on."""
        day += timedelta(days=days)
        while not self.calendar.works_on(day):
            day += timedelta(days=1)
        return day
