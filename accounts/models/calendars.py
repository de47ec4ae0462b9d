"""Working calendars: the hours of teams, and the days that differ."""

from datetime import date
from functools import lru_cache

from django.contrib.postgres.aggregates import JSONBAgg
from django.core.cache import caches
from django.db import models
from django.db.models import Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from accounts.calendars import NINE_TO_SIX, BusinessCalendar, hours_as_text, parse_hours

# For so long a process computes by what it has read.
KEEP_SECONDS = 30


def office_hours() -> dict[str, list]:
    """Monday to Friday from nine to six, as `WorkingCalendar.hours` keeps it."""
    return {str(day): hours_as_text(NINE_TO_SIX) for day in range(5)}


class WorkingCalendar(models.Model):
    """Working hours of one or more teams. One of them is everybody's who has no other.

    `hours` are the open times of each weekday ("0" is Monday) as pairs of times, so that a break
    is the gap between two pairs: {"0": [["09:00", "12:00"], ["13:00", "18:00"]], …}. Every change
    raises `version`, which clocks keep: promises already given keep their due moments.
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=50, default="Asia/Tokyo")
    country = models.CharField(
        _("holidays of"),
        max_length=2,
        default="JP",
        blank=True,
        help_text=_("Country code whose national holidays do not count as working days."),
    )
    hours = models.JSONField(default=office_hours)
    is_default = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    CACHE_KEY = "calendars"

    class Meta:
        verbose_name = _("working calendar")
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], name="calendar_one_default", condition=Q(is_default=True)
            ),
        ]

    def __str__(self):
        return self.name

    def business(self, own_days: list[dict] | None = None) -> BusinessCalendar:
        """What it computes by. Asks for its days, unless they are given as `_read` finds them."""
        if own_days is None:
            own_days = [{"day": one.day, "hours": one.hours} for one in self._own_days()]
        days = sorted((_day(one["day"]), parse_hours(one["hours"])) for one in own_days)
        week = tuple(parse_hours(self.hours.get(str(day), [])) for day in range(7))
        return _same(self.time_zone, week, self.country, tuple(days), self.pk, self.version)

    def _own_days(self):
        return self.days.all() if self.pk else ()

    @classmethod
    def of(cls, pk: int | None) -> BusinessCalendar:
        """The business calendar of row `pk`; None: the default one. Kept in the process for a while."""
        kept = caches["local"]
        found = kept.get(cls.CACHE_KEY)
        if found is None or pk not in found:
            found = cls._read()
            kept.set(cls.CACHE_KEY, found, KEEP_SECONDS)
        return found[pk]

    @classmethod
    def default(cls) -> BusinessCalendar:
        """What counts where no team is meant, and for teams without a calendar of their own."""
        return cls.of(None)

    @classmethod
    def forget(cls) -> None:
        """Read them anew: after one was changed in this process."""
        caches["local"].delete(cls.CACHE_KEY)

    @classmethod
    def _read(cls) -> dict[int | None, BusinessCalendar]:
        # In one query: it may come in the middle of a verb.
        days = JSONObject(day="days__day", hours="days__hours")
        own = JSONBAgg(days, filter=Q(days__isnull=False), default=[])
        rows = list(cls.objects.annotate(own_days=own))
        found: dict[int | None, BusinessCalendar] = {
            row.pk: row.business(row.own_days) for row in rows
        }
        default = next((row.pk for row in rows if row.is_default), None)
        # Before `setup` was run there is none: then the usual office hours count.
        return found | {None: found[default] if default else cls().business()}


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


@lru_cache(maxsize=128)
def _same(zone, week, country, days, pk, version) -> BusinessCalendar:
    """One object for the same rules: it keeps the years it has summed up."""
    return BusinessCalendar(zone, week, country, days, pk, version)


class CalendarDay(models.Model):
    """One day that differs from its weekday: closed (no hours), or worked out of turn."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=60, blank=True)
    hours = models.JSONField(default=list, blank=True, help_text="Pairs of times; none: closed.")

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_once"),
        ]
