"""The register of what was entrusted to partners: which lead, when, why, until when."""

from django.db import models
from django.db.models import Q

from accounts.models import Team, User
from handoff.models.handoffs import Handoff
from leads.models import Lead


class EntrustmentQuerySet(models.QuerySet):
    def running(self):
        return self.filter(ended_at=None)

    def begun_in(self, begin, end):
        return self.filter(begun_at__gte=begin, begun_at__lt=end)


class Entrustment(models.Model):
    """One time a lead was in a partner's hands. `Lead.entrusted_to` is the one that runs."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="entrustments")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="entrustments")
    handoff = models.ForeignKey(
        Handoff, null=True, on_delete=models.PROTECT, related_name="entrustments"
    )
    why = models.TextField(blank=True)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = EntrustmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "-begun_at"], name="entrustment_of_team")]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], name="entrustment_one_runs", condition=Q(ended_at=None)
            ),
        ]
