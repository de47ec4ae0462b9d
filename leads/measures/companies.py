"""What the list of companies shows beside each name."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max

from accounts.models import User
from leads.models import Company, Lead


@dataclass(frozen=True)
class CompanyRow:
    """A company, how many leads it has that the reader may see, and when one was last touched."""

    company: Company
    leads: int
    last_touch_at: object


def company_rows(companies: Iterable[Company], reader: User) -> list[CompanyRow]:
    """The rows of a page of companies. One query."""
    companies = list(companies)
    counted = (
        Lead.objects.visible_to(reader)
        .filter(company__in=[one.pk for one in companies])
        .order_by()
        .values_list("company")
        .annotate(n=Count("pk"), last=Max("last_touch_at"))
    )
    found = {pk: (n, last) for pk, n, last in counted}
    return [CompanyRow(one, *found.get(one.pk, (0, None))) for one in companies]
