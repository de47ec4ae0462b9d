"""What stands on a company's page about its deals."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from handoff.models import Deal
from leads.models import Company

MOST = 50


@require_safe
def of_company(request, company_pk):
    """The fragment of the company page: its deals, open ones first."""
    company = get_object_or_404(Company.objects.visible_to(request.user), pk=company_pk)
    deals = (
        Deal.objects.visible_to(request.user)
        .filter(lead__company=company)
        .select_related("lead", "step", "owner__team", "lost_reason")
        .order_by("-opened_at", "-pk")[:MOST]
    )
    found = sorted(deals, key=lambda deal: deal.state != "open")
    return render(request, "handoff/_of_company.html", {"deals": found})
