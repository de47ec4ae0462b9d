"""The seat of an outside partner: what they see of what is entrusted to them, and until when."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation, Team
from accounts.states import Maskable
from common import now


def today() -> date:
    """The day it is where the organisation is: seats end by it."""
    return now().astimezone(Organisation.current().zone).date()


class SeatQuerySet(models.QuerySet):
    def over(self, *, on: date):
        """Those whose last day lies before `on`."""
        return self.filter(ends_on__lt=on)


class Seat(models.Model):
    """The terms on which a partner team works here. One for each partner team."""

    team = models.OneToOneField(
        Team, on_delete=models.CASCADE, primary_key=True, related_name="seat"
    )
    purpose = models.CharField(_("what they do for us"), max_length=200, blank=True)
    masked = ArrayField(
        models.CharField(max_length=30),
        default=list,
        blank=True,
        help_text="Fields of a lead they do not see.",
    )
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("After it they can no longer sign in.")
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner seat")

    @property
    def masked_words(self) -> list[str]:
        return [code.label for code in Maskable if code in self.masked]


def seat_is_over(user) -> bool:
    """Whether `user` is of a partner whose last day has passed. A query for partners, none for others."""
    if not user.is_partner:
        return False
    return team_is_over(user.team_id)


def team_is_over(team_id: int) -> bool:
    """Whether the last day of a partner team has passed."""
    last_day = Seat.objects.filter(team=team_id).values_list("ends_on", flat=True).first()
    return last_day is not None and last_day < today()
