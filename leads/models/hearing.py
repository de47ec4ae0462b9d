"""Hearing: which answers a team asks for, and every time something known was asked again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from leads.models.conversation import Fact
from leads.models.interactions import Interaction
from leads.models.leads import Lead
from leads.states import Asked, FactField


class HearingSheet(models.Model):
    """What a team asks in a hearing, in order. Changed by a new version; the old ones stay.

    `items` are {"field", "label", "hint"}; "label" as of a fact, for "other". Without a team it is
    everybody's who has no own.
    """

    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="hearing_sheets"
    )
    version = models.PositiveIntegerField(default=1)
    items = models.JSONField(default=list)
    in_force = models.BooleanField(default=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("hearing sheet")
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                name="hearing_sheet_one_in_force",
                condition=Q(in_force=True),
                nulls_distinct=False,
            ),
        ]


class Hearing(models.Model):
    """One time a lead was asked what was known: confirmed, changed, or plainly asked again.

    Repeat questions are counted from here, by field and by leg. `handoff_id` and `leg` are those
    of the open handoff then, plain numbers: this app stands below the handoffs.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="hearings")
    field = models.CharField(max_length=10, choices=FactField)
    label = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=9, choices=Asked)
    fact = models.ForeignKey(
        Fact, null=True, on_delete=models.SET_NULL, related_name="hearings",
        help_text="What was known when it was asked.",
    )  # fmt: skip
    interaction = models.ForeignKey(
        Interaction, null=True, on_delete=models.SET_NULL, related_name="hearings"
    )
    handoff_id = models.BigIntegerField(null=True)
    leg = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["lead", "-at"], name="hearing_of_lead"),
            models.Index(fields=["at"], name="hearing_asked_again", condition=Q(outcome="again")),
        ]
