"""What kpi reads beside the tables of others: the way of every lead, as a view of the database."""

from django.db import models

from accounts.models import Team, User
from leads.models import Campaign, Lead, Source
from leads.states import Stage


class FunnelQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Figures are for both teams; a partner has none."""
        return self.none() if user.is_partner or not user.is_active else self


class Funnel(models.Model):
    """One row per lead: when it first reached each step, and where it came from. Read only.

    A view: `offered_at` and `contacted_at` are the first of the lead's handoffs. A query that
    does not ask for these two does not pay for them, since PostgreSQL leaves out the join.
    """

    lead = models.OneToOneField(
        Lead, primary_key=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    captured_at = models.DateTimeField()
    mql_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)
    sal_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    sql_at = models.DateTimeField(null=True)
    won_at = models.DateTimeField(null=True)
    source = models.ForeignKey(Source, null=True, on_delete=models.DO_NOTHING, related_name="+")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.DO_NOTHING, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.DO_NOTHING, related_name="+")
    marketer = models.ForeignKey(User, null=True, on_delete=models.DO_NOTHING, related_name="+")
    seller = models.ForeignKey(User, null=True, on_delete=models.DO_NOTHING, related_name="+")
    stage = models.CharField(max_length=12, choices=Stage)

    objects = FunnelQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "kpi_funnel"

    @property
    def won_before_captured(self) -> bool:
        """A deal was won before our first contact: counted like any other, and flagged."""
        return bool(self.won_at and self.won_at < self.captured_at)
