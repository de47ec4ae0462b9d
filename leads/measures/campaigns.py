"""What a campaign brought: counts that open their lists."""

from dataclasses import dataclass

from django.db.models import Count, Q

from leads.models import Campaign, Lead


@dataclass(frozen=True)
class CampaignResult:
    """Leads a campaign brought in and how far they have got, and what one of them cost.

    `reached` are its members, whoever brought them in.
    """

    reached: int
    leads: int
    mql: int
    sal: int
    sql: int
    won: int
    cost: int

    @property
    def cost_per_lead(self) -> int | None:
        return round(self.cost / self.leads) if self.leads else None

    @property
    def cost_per_mql(self) -> int | None:
        return round(self.cost / self.mql) if self.mql else None


def campaign_results(campaign: Campaign) -> CampaignResult:
    """First entry to each stage or a later one, of the leads the campaign brought in. Two queries."""
    milestones = {
        name: Count("pk", filter=Q(**{f"{name}_at__isnull": False}))
        for name in ("mql", "sal", "sql", "won")
    }
    found = Lead.objects.filter(campaign=campaign).aggregate(leads=Count("pk"), **milestones)
    return CampaignResult(reached=campaign.members.count(), cost=campaign.cost, **found)
