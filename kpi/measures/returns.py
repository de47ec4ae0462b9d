"""What campaigns brought for what they cost."""

from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.refusals import Malformed
from kpi.measures.figure import figure
from kpi.measures.measure import Measure
from kpi.measures.money import won
from kpi.measures.reading import Reading
from kpi.measures.scope import NONE, Scope
from kpi.states import Unit
from leads.models import Campaign


def costs(scope: Scope, also) -> dict[int, int]:
    """Whole cost of each campaign that ran in the period by its dates, or is among `also`.

    A campaign without dates always counts: it cannot be said that it did not run.
    """
    first, last = scope.period.first, scope.period.last
    ran = Q(pk__isnull=False)
    if last:
        ran &= Q(starts_on__isnull=True) | Q(starts_on__lte=last)
    if first:
        ran &= Q(ends_on__isnull=True) | Q(ends_on__gte=first)
    found = Campaign.objects.filter(ran | Q(pk__in=also))
    for name, value in (*scope.filters, *scope.cells):
        if name == "campaign":
            found = found.filter(pk=None if value == NONE else value)
    return dict(found.values_list("pk", "cost"))


def divide(scope: Scope, by: tuple[str, ...], readings: list[Reading]) -> list[Reading]:
    """The won amounts, each over the cost of its campaigns.

    A cost cannot be told apart by source, month or team: Raises `Malformed` for such groups, and
    says nothing (None) where the page is narrowed by them.
    """
    narrowed = {name for name, _ in (*scope.filters, *scope.cells)} - {"campaign"}
    if by not in ((), ("campaign",)):
        raise Malformed(_("The cost of a campaign cannot be divided in this way."), field="by")
    won_by = {reading.group: reading for reading in readings}
    cost = costs(scope, also=_campaigns(scope, won_by, by))
    if not by:
        return [_over(readings[0], None if narrowed else sum(cost.values()))]
    empty = (
        replace(readings[0], value=0, n=0)
        if readings
        else Reading("campaign_return", Unit.TIMES, 0, 0)
    )
    return [
        _over(won_by.get((pk,), replace(empty, group=(pk,))), None if narrowed else spent)
        for pk, spent in cost.items()
    ]


def _campaigns(scope: Scope, won_by: dict, by: tuple[str, ...]):
    """The campaigns of the deals that are counted: their numbers, or the query that gives them."""
    if by:
        return [pk for (pk,) in won_by]
    measure = campaign_return(scope)
    rows = measure.room.rows(scope).filter(measure.window, measure.where)
    return rows.values("lead__campaign")


def _over(reading: Reading, cost: int | None) -> Reading:
    amount = reading.value
    value = amount / cost if cost else None
    return replace(reading, value=value, numerator=amount, denominator=cost)


@figure(
    title=_("Campaign return"),
    means=_(
        "Won amount of the leads a campaign brought in ÷ its whole cost, counted by the first touch."
    ),
    happened=_("Of the deals won in the period."),
    unit=Unit.TIMES,
    finish=divide,
    only_by=("campaign",),
)
def campaign_return(scope: Scope) -> Measure:
    """Won amount by the campaign that brought the lead in (first touch) ÷ cost of the campaign.

    The list are the won deals. The cost counted is that of the campaigns that ran in the period
    or brought one of these deals.
    """
    return won(scope, Q(lead__campaign__isnull=False))
