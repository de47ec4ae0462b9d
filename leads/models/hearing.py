"""Hearing: which answers a team asks for, and every time something known was asked again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from leads.models.conversation import Fact
from leads.models.interactions import Interaction
from leads.models.leads import Lead
from leads.states import ASKED_FOR, Asked, FactField


class HearingSheetQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(in_force=True)

    def for_team(self, team_id: int | None):
        """The sheet in force for a team: its own, else everybody's, else the one we begin with."""
        mine = self.in_force().filter(Q(team=team_id) | Q(team=None))
        found = mine.order_by(models.F("team_id").asc(nulls_last=True)).first()
        return found or HearingSheet(version=0, items=first_items())


def first_items() -> list[dict]:
    """What is asked before anybody has made a sheet: every field in its order."""
    return [{"field": field.value, "label": "", "hint": ""} for field in ASKED_FOR]


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

    objects = HearingSheetQuerySet.as_manager()

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


class HearingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both teams read all; a partner those of leads entrusted to them."""
        if not user.is_active:
            return self.none()
        return self.filter(lead__entrusted_to=user.team_id) if user.is_partner else self

    def confirmed(self):
        return self.filter(outcome=Asked.CONFIRMED)


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

    objects = HearingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["lead", "-at"], name="hearing_of_lead"),
            models.Index(fields=["at"], name="hearing_asked_again", condition=Q(outcome="again")),
        ]
