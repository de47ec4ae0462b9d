"""How often what we know was confirmed."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models.sight import hidden
from leads.models import Fact, Hearing, HearingSheet, Lead
from leads.states import FactField


def with_confirmations(facts: QuerySet[Fact]) -> QuerySet[Fact]:
    """Says of each fact how often it was `confirmed`, last when (`confirmed_at`) and by whom (an id)."""
    confirmed = Hearing.objects.confirmed().filter(fact=OuterRef("pk"))
    latest = confirmed.order_by("-at", "-pk")
    times = confirmed.order_by().values("fact").annotate(n=Count("pk")).values("n")
    return facts.annotate(
        confirmed=Coalesce(Subquery(times), 0),
        confirmed_at=Subquery(latest.values("at")[:1]),
        confirmed_by=Subquery(latest.values("by")[:1]),
    )


def unheard(lead: Lead, team_id: int | None) -> list[str]:
    """Fields a team asks for that nobody has heard of the lead, in the order of its sheet. Two queries."""
    sheet = HearingSheet.objects.for_team(team_id)
    known = set(Fact.objects.current().filter(lead=lead).values_list("field", flat=True))
    known |= {FactField.OTHER, *(field for field in FactField if f"fact_{field}" in hidden())}
    return [item["field"] for item in sheet.items if item["field"] not in known]
