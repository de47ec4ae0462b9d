"""What becomes of leads that came back: conditions met, how long that took, second rounds won."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handoff.states import ConditionState
from kpi.measures.figure import figure
from kpi.measures.handoffs import WON_AFTERWARDS, answered
from kpi.measures.measure import How, Measure
from kpi.measures.rooms import CONDITIONS
from kpi.measures.scope import Scope
from kpi.states import Unit

_MET = Q(state=ConditionState.MET)
_FROM_THE_SECOND = Q(round__gte=2)


def _conditions(scope: Scope, moment: str, where: Q, how: How, **more) -> Measure:
    """Cohort: conditions of leads captured in the period. Activity: `moment` lies in it."""
    window = scope.period.q("lead__captured_at" if scope.by_cohort else moment)
    return Measure(CONDITIONS, window, where, moment, how, person="handoff__taker_id", **more)


@figure(
    title=_("Conditions met"),
    means=_(
        "Returns whose condition came true ÷ returns with a condition, to date. Those still watched,"
        " dropped, or not met in time count as not met."
    ),
    happened=_("Of the conditions set in the period."),
    unit=Unit.RATIO,
    parts=(pgettext_lazy("figures", "Met"), pgettext_lazy("figures", "Not met")),
)
def conditions_met(scope: Scope) -> Measure:
    """Conditions met to date ÷ conditions set, of those set in the period."""
    return _conditions(scope, "set_at", Q(), How.RATIO, part=_MET)


@figure(
    title=_("Time until a condition is met, median"),
    means=_(
        "Median of the calendar days between the return and the moment its condition was met;"
        " in hours where it is under two days."
    ),
    happened=_("Of the conditions met in the period."),
    unit=Unit.DAYS,
)
def condition_days(scope: Scope) -> Measure:
    """Median of return → condition met, in calendar days of the organisation's zone.

    In hours where it is under two days. Activity: of the conditions met in the period.
    """
    return _conditions(scope, "settled_at", _MET, How.MEDIAN, span=("set_at", "settled_at"))


@figure(
    title=_("Win rate of second rounds"),
    means=_(
        "Handoffs from the second round on whose lead was won afterwards ÷ those that got an answer,"
        " to date."
    ),
    happened=_("Of the second and later rounds answered in the period."),
    unit=Unit.RATIO,
    parts=(pgettext_lazy("figures", "Won"), pgettext_lazy("figures", "Not won")),
)
def second_round_win_rate(scope: Scope) -> Measure:
    """Won ÷ answered, of the handoffs of round 2 and later that got their answer in the period.

    The same win rate as `score_honesty`, of other rounds and all legs: the handoff was converted
    and its lead won at or after its offer. A round that came back once more is one that did not
    win; each leg counts its own rounds.
    """
    return answered(scope, part=WON_AFTERWARDS, where=_FROM_THE_SECOND)
