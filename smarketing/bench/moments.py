"""Two years of moments, ready as text: a million rows must not format a million dates."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.calendars import BusinessCalendar

STEP = timedelta(minutes=10)


@dataclass
class Moments:
    """Moments ten minutes apart, known by their number; the last one is now."""

    end: datetime
    calendar: BusinessCalendar
    count: int = 2 * 365 * 24 * 6
    half_life: int = 30
    _due: dict = field(default_factory=dict)

    def __post_init__(self):
        self.start = self.end - self.count * STEP
        self.texts = [str(self.start + n * STEP) for n in range(self.count + 1)]
        per_step = STEP / timedelta(days=self.half_life)
        self.factors = [2 ** (n * per_step) for n in range(self.count + 1)]

    def text(self, number: int) -> str:
        return self.texts[min(number, self.count)]

    def due(self, number: int, minutes: int) -> str:
        """The moment `minutes` of working time after moment `number`."""
        key = (number, minutes)
        if key not in self._due:
            moment = self.calendar.add_minutes(self.start + number * STEP, minutes)
            self._due[key] = str(moment)
        return self._due[key]
