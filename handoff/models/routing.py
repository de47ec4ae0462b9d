"""Routing: which lead goes where, by rules both teams can read."""

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from handoff.models.agreement import Lane
from handoff.states import QueueReason, RouteTo
from leads.models import Lead
from leads.states import Stage


class RoutingPlan(models.Model):
    """One version of the rules. The one in force routes; a draft is tried on the last 30 days first."""

    version = models.PositiveIntegerField(unique=True)
    in_force = models.BooleanField(default=False)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    in_force_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("routing plan")
        constraints = [
            models.UniqueConstraint(
                fields=["in_force"], name="routing_one_plan_in_force", condition=Q(in_force=True)
            ),
        ]


class RoutingRule(models.Model):
    """One rule of a plan: the first whose conditions all hold takes the lead.

    `conditions` are {"about", "operator", "value"}: of the lead, its company, campaign or score.
    """

    plan = models.ForeignKey(RoutingPlan, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=80)
    conditions = models.JSONField(default=list)
    lane = models.ForeignKey(
        Lane, on_delete=models.PROTECT, related_name="+", verbose_name=_("lane")
    )
    to = models.CharField(_("goes to"), max_length=11, choices=RouteTo, default=RouteTo.POOL)
    person = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("routing rule")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "position"],
                name="routing_rule_one_per_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            CheckConstraint(
                name="routing_rule_names_its_person",
                condition=~Q(to=RouteTo.PERSON) | Q(person__isnull=False),
            ),
        ]


class RoutingShare(models.Model):
    """A person's share of a round robin. `given` counts what the rule gave them: the next one is
    who has the least for their weight. `cap` is how many open leads they hold at most."""

    rule = models.ForeignKey(RoutingRule, on_delete=models.CASCADE, related_name="shares")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    cap = models.PositiveSmallIntegerField(_("open leads at most"), null=True, blank=True)
    given = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "person"], name="routing_share_one_per_person"),
            CheckConstraint(name="routing_share_weighs", condition=Q(weight__gte=1)),
        ]


class QueuedLeadQuerySet(models.QuerySet):
    def waiting(self):
        """Those that still stand at `mql`: an import may have moved a lead on by itself."""
        return self.filter(lead__stage=Stage.MQL)


class QueuedLead(models.Model):
    """A qualified lead that no rule took, or whose offer lapsed: it waits for a manager.

    It leaves the queue when it is offered, or is no `mql` any more.
    """

    lead = models.OneToOneField(
        Lead, on_delete=models.CASCADE, primary_key=True, related_name="queued"
    )
    reason = models.CharField(max_length=11, choices=QueueReason)
    data = models.JSONField(default=dict, help_text="Ids and codes: which rule, which people.")
    since = models.DateTimeField()

    objects = QueuedLeadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["since"], name="queued_since")]
