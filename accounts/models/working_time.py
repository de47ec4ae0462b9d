"""When people work: calendars of teams, days that differ, and who is away."""

from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


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
    hours = models.JSONField(default=dict)
    is_default = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

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


class AbsenceQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(first_day__lte=day, last_day__gte=day)


class Absence(models.Model):
    """Days on which a person is away, and who stands in. Nothing is routed to them meanwhile."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    stand_in = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("stand-in"),
    )  # fmt: skip

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        ordering = ["first_day", "id"]
        indexes = [models.Index(fields=["last_day", "person"], name="absence_until")]
        constraints = [
            CheckConstraint(
                name="absence_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))
            ),
        ]
