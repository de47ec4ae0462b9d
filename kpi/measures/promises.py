"""The promises of both sides: which were kept."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpi.measures.figure import figure
from kpi.measures.measure import How, Measure
from kpi.measures.rooms import CLOCKS
from kpi.measures.scope import Scope
from kpi.states import Unit
from leads.models import Lead


@figure(
    title=_("Promises kept"),
    means=_(
        "Promises kept in time ÷ promises that fell due, of both sides."
        " What was called off (an offer withdrawn) does not count."
    ),
    happened=_("Of the promises that fell due in the period."),
    unit=Unit.RATIO,
    parts=(pgettext_lazy("figures", "Kept"), pgettext_lazy("figures", "Late")),
)
def sla_kept(scope: Scope) -> Measure:
    """Clocks stopped in time ÷ clocks due in the period, void ones left out, per clause and side.

    A clock counts once its time is over, so that a running promise is neither kept nor missed.
    Cohort: the clocks about leads captured in the period.
    """
    due = Q(void=False, due_at__lte=scope.at)
    window = scope.period.q("due_at")
    if scope.by_cohort:
        window = _of_cohort(scope)
    return Measure(
        CLOCKS,
        window,
        due,
        "due_at",
        How.RATIO,
        part=Q(stopped_at__lte=F("due_at")),
        person="owner_id",
    )


def _of_cohort(scope: Scope) -> Q:
    cohort = scope.period.q("captured_at")
    return cohort and Q(lead_id__in=Lead.objects.filter(cohort).values("pk"))
