"""How often what we know was confirmed."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from leads.models import Fact, Hearing


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
