"""Who is away, and who stands in."""

from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class AbsenceQuerySet(models.QuerySet):
    def on(self, day):
        """Who is away on `day`, the day where they work."""
        return self.filter(first_day__lte=day, last_day__gte=day)

    def from_day(self, day):
        """Absences that last on `day` or begin later."""
        return self.filter(last_day__gte=day)

    def overlapping(self, first_day, last_day):
        return self.filter(first_day__lte=last_day, last_day__gte=first_day)


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
