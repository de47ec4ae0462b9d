"""Periods: [first, end) in whole days of the organisation's time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _


class Preset(TextChoices):
    MONTH = "month", _("This month")
    LAST_MONTH = "last_month", _("Last month")
    QUARTER = "quarter", _("This quarter")
    YEAR = "year", _("This fiscal year")
    DAYS_90 = "90_days", _("Last 90 days")
    ALL = "all", _("All time")
    CUSTOM = "custom", _("From – to")


@dataclass(frozen=True)
class Period:
    """[first, end): the day `end` is not in it. None on either side: no bound there."""

    first: date | None
    end: date | None
    zone: ZoneInfo
    preset: str = Preset.CUSTOM

    @property
    def start_at(self) -> datetime | None:
        return midnight(self.first, self.zone) if self.first else None

    @property
    def end_at(self) -> datetime | None:
        return midnight(self.end, self.zone) if self.end else None

    @property
    def last(self) -> date | None:
        """The last day in it, as people write periods."""
        return self.end and self.end - timedelta(days=1)

    def q(self, column: str) -> Q:
        """That the moment in `column` lies in the period; nothing at all where it has no bounds."""
        bounds = {}
        if self.first:
            bounds[f"{column}__gte"] = self.start_at
        if self.end:
            bounds[f"{column}__lt"] = self.end_at
        return Q(**bounds)

    def before(self) -> "Period | None":
        """The period just before it, of the same kind: the month before a month."""
        if self.first is None or self.end is None:
            return None
        months: dict[str, int] = {
            Preset.MONTH: 1,
            Preset.LAST_MONTH: 1,
            Preset.QUARTER: 3,
            Preset.YEAR: 12,
        }
        if self.preset in months:
            first = add_months(self.first, -months[self.preset])
        else:
            first = self.first - (self.end - self.first)
        return Period(first, self.first, self.zone, Preset.CUSTOM)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment `day` begins in `zone`."""
    return datetime.combine(day, time.min, zone)


def add_months(day: date, months: int) -> date:
    """The first of the month that lies `months` after that of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def period_of(preset: str, today: date, *, zone: ZoneInfo, fiscal_month: int = 4) -> Period:
    """The period a preset means on the day `today`; quarters follow the fiscal year."""
    month = today.replace(day=1)
    into_year = (today.month - fiscal_month) % 12
    bounds = {
        Preset.MONTH: (month, add_months(month, 1)),
        Preset.LAST_MONTH: (add_months(month, -1), month),
        Preset.QUARTER: (
            add_months(month, -(into_year % 3)),
            add_months(month, 3 - into_year % 3),
        ),
        Preset.YEAR: (add_months(month, -into_year), add_months(month, 12 - into_year)),
        Preset.DAYS_90: (today - timedelta(days=89), today + timedelta(days=1)),
        Preset.ALL: (None, None),
    }
    first, end = bounds[Preset(preset)]
    return Period(first, end, zone, Preset(preset))
