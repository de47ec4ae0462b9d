"""Return with a condition: what must become true before the taker wants the lead back."""

from django.db import models
from django.db.models import CheckConstraint, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from handoff.models.handoffs import Handoff
from handoff.states import ConditionKind, ConditionState
from leads.models import Fact, Interaction, Lead
from leads.states import CLOSED, FactField, Stage, TouchKind, TouchResult


class ReturnConditionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the handoffs `user` may see."""
        if not user.is_active:
            return self.none()
        return self.filter(lead__entrusted_to=user.team_id) if user.is_partner else self

    def watching(self):
        return self.filter(state=ConditionState.WATCHING)

    def met(self):
        return self.filter(state=ConditionState.MET)

    def to_settle(self, *, today):
        """Watched, and their day has come, what they wait for is there, or their lead went another way."""
        of_lead = {"lead": OuterRef("lead"), "at__gt": OuterRef("set_at")}
        heard = Fact.objects.current().filter(field=OuterRef("field"), **of_lead)
        done = Interaction.objects.filter(kind=OuterRef("touch_kind"), **of_lead)
        labelled = heard.filter(label__iexact=OuterRef("label"))
        with_result = done.filter(result=OuterRef("touch_result"))
        return self.watching().filter(
            Q(on__lte=today)
            | Q(lead__stage__in=(*CLOSED, Stage.SQL))
            | Q(Exists(heard), kind=ConditionKind.FACT, label="")
            | Q(Exists(labelled), kind=ConditionKind.FACT)
            | Q(Exists(done), kind=ConditionKind.TOUCH, touch_result="")
            | Q(Exists(with_result), kind=ConditionKind.TOUCH)
        )


class ReturnCondition(models.Model):
    """What a returned handoff waits for: a fact that is learnt, a date, or a kind of touch.

    While it is `watching`, nothing qualifies the lead by itself. Once met, the lead is offered
    again to the same taker as `offered`.
    """

    handoff = models.OneToOneField(
        Handoff, on_delete=models.CASCADE, primary_key=True, related_name="condition"
    )
    lead = models.ForeignKey(
        Lead, on_delete=models.CASCADE, related_name="conditions", db_index=False
    )
    kind = models.CharField(max_length=5, choices=ConditionKind)
    field = models.CharField(max_length=10, choices=FactField, blank=True)
    label = models.CharField(max_length=60, blank=True, help_text="Of a fact about “other”.")
    touch_kind = models.CharField(max_length=20, choices=TouchKind, blank=True)
    touch_result = models.CharField(max_length=20, choices=TouchResult, blank=True)
    on = models.DateField(_("on"), null=True, blank=True)
    words = models.CharField(_("in your words"), max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=ConditionState, default=ConditionState.WATCHING)
    set_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, help_text="Met, expired or dropped.")
    touch = models.ForeignKey(
        Interaction, null=True, on_delete=models.SET_NULL, related_name="+",
        help_text="The touch that met it.",
    )  # fmt: skip
    offered = models.OneToOneField(
        Handoff, null=True, on_delete=models.SET_NULL, related_name="by_condition"
    )

    objects = ReturnConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition")
        indexes = [
            models.Index(fields=["lead", "-set_at"], name="condition_of_lead"),
            models.Index(fields=["on"], name="condition_due", condition=Q(state="watching")),
            models.Index(fields=["settled_at"], name="condition_met", condition=Q(state="met")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], name="condition_one_watching", condition=Q(state="watching")
            ),
            CheckConstraint(
                name="condition_says_what",
                condition=(Q(kind="fact") & ~Q(field=""))
                | (Q(kind="touch") & ~Q(touch_kind=""))
                | Q(kind="date", on__isnull=False),
            ),
        ]
