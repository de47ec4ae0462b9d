"""What a campaign brought: counts that open their lists."""

from dataclasses import dataclass

from django.db.models import Count, Q

from leads.models import Campaign, CampaignMember, Lead


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
    """What one campaign brought. Two queries."""
    return results_by_campaign([campaign])[campaign.pk]


def results_by_campaign(campaigns: list[Campaign]) -> dict[int, CampaignResult]:
    """What each campaign brought: first entries to each stage or a later one. Two queries."""
    ids = [one.pk for one in campaigns]
    milestones = {
        name: Count("pk", filter=Q(**{f"{name}_at__isnull": False}))
        for name in ("mql", "sal", "sql", "won")
    }
    counted = Lead.objects.filter(campaign__in=ids).order_by().values("campaign")
    brought = {
        row.pop("campaign"): row for row in counted.annotate(leads=Count("pk"), **milestones)
    }
    members = dict(
        CampaignMember.objects.filter(campaign__in=ids)
        .order_by()
        .values_list("campaign")
        .annotate(n=Count("pk"))
    )
    nothing = dict.fromkeys(("leads", "mql", "sal", "sql", "won"), 0)
    return {
        one.pk: CampaignResult(
            reached=members.get(one.pk, 0), cost=one.cost, **brought.get(one.pk, nothing)
        )
        for one in campaigns
    }
