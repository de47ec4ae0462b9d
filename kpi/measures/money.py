"""Deals in yen: won, open, expected."""

from django.db.models import Case, ExpressionWrapper, F, FloatField, Q, When
from django.utils.translation import gettext_lazy as _

from handoff.states import DealState
from kpi.measures.figure import figure
from kpi.measures.measure import How, Measure
from kpi.measures.rooms import DEALS
from kpi.measures.scope import Scope
from kpi.states import Unit

# Sums are of yen: a deal in another currency is listed, but not added to what it is not.
_YEN = Case(When(currency="JPY", then=F("amount")))
_EXPECTED = ExpressionWrapper(_YEN * F("probability") / 100.0, output_field=FloatField())


def won(scope: Scope, where: Q | None = None) -> Measure:
    """Σ amount of the won deals that are also `where`."""
    state = Q(state=DealState.WON) & (where or Q())
    window = scope.period.q("lead__captured_at" if scope.by_cohort else "won_at")
    return Measure(DEALS, window, state, "won_at", How.SUM, quantity=_YEN, person="owner_id")


def _open(scope: Scope, quantity) -> Measure:
    window = scope.period.q("lead__captured_at") if scope.by_cohort else Q()
    return Measure(
        DEALS,
        window,
        Q(state=DealState.OPEN),
        "opened_at",
        How.SUM,
        quantity=quantity,
        month="expected_on",
        person="owner_id",
    )


@figure(
    title=_("Won amount"),
    means=_("Sum of the amounts of won deals."),
    happened=_("Of the deals won in the period."),
    unit=Unit.YEN,
)
def won_amount(scope: Scope) -> Measure:
    """Σ amount of won deals. Activity: won in the period. Cohort: of leads captured in it."""
    return won(scope)


@figure(
    title=_("Pipeline"),
    means=_("Sum of the amounts of the deals that are open now, by expected month."),
    happened=_("As of now, whatever the period."),
    unit=Unit.YEN,
)
def pipeline(scope: Scope) -> Measure:
    """Σ amount of open deals, as of now. Cohort: of leads captured in the period."""
    return _open(scope, _YEN)


@figure(
    title=_("Forecast"),
    means=_("Sum of amount × probability of the deals that are open now, by expected month."),
    happened=_("As of now, whatever the period."),
    unit=Unit.YEN,
)
def forecast(scope: Scope) -> Measure:
    """Σ amount × probability of open deals, as of now. Cohort: of leads captured in the period."""
    return _open(scope, _EXPECTED)
