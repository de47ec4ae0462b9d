"""The seat of an outside partner: what they see of what is entrusted to them, and until when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Team


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

    class Meta:
        verbose_name = _("partner seat")
