"""What was asked though we knew it: repeat questions per 100 handoffs."""

from dataclasses import replace

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from kpi.measures.figure import figure
from kpi.measures.groups import group_named, narrow
from kpi.measures.measure import How, Measure
from kpi.measures.reading import Reading
from kpi.measures.rooms import HANDOFFS, HEARINGS
from kpi.measures.scope import Scope
from kpi.states import Unit
from leads.states import Asked

# A handoff is of no field: each field's questions are told per 100 of all handoffs.
_NOT_OF_HANDOFFS = frozenset({"field"})


def _accepted(scope: Scope) -> Measure:
    """The handoffs the questions are held against: a question needs somebody who took the lead."""
    window = scope.period.q("lead__captured_at" if scope.by_cohort else "accepted_at")
    return Measure(HANDOFFS, window, Q(accepted_at__isnull=False), "accepted_at")


def per_hundred(scope: Scope, by: tuple[str, ...], readings: list[Reading]) -> list[Reading]:
    """The questions, each over the handoffs of its own group. One query."""
    asked = tuple(name for name in by if name not in _NOT_OF_HANDOFFS)
    taken = _handoffs(scope, asked)
    places = [by.index(name) for name in asked]
    return [
        _over(reading, taken.get(tuple(reading.group[place] for place in places), 0))
        for reading in readings
    ]


def _handoffs(scope: Scope, by: tuple[str, ...]) -> dict[tuple, int]:
    cells = tuple(cell for cell in scope.cells if cell[0] not in _NOT_OF_HANDOFFS)
    scope = replace(scope, cells=cells)
    measure = _accepted(scope)
    rows = narrow(HANDOFFS.rows(scope), measure, scope).filter(measure.window, measure.where)
    if not by:
        return {(): rows.count()}
    keys = {
        f"key_{number}": group_named(name).expression(measure, scope)
        for number, name in enumerate(by)
    }
    keys = {name: F(key) if isinstance(key, str) else key for name, key in keys.items()}
    counted = rows.order_by().values(**keys).annotate(n=Count("pk"))
    return {tuple(row[name] for name in keys): row["n"] for row in counted}


def _over(reading: Reading, handoffs: int) -> Reading:
    value = reading.n / handoffs * 100 if handoffs else None
    return replace(reading, value=value, numerator=reading.n, denominator=handoffs)


@figure(
    title=_("Repeat questions"),
    means=_(
        "How often a lead was asked again what we knew, per 100 accepted handoffs; by field and by leg."
        " Never shown by person."
    ),
    happened=_("Of the questions of the period, against the handoffs accepted in it."),
    unit=Unit.PER_HUNDRED,
    finish=per_hundred,
    shows_people=False,
)
def repeat_questions(scope: Scope) -> Measure:
    """Facts asked again though known ÷ accepted handoffs × 100.

    Asked while a handoff was open. Activity: asked in the period, over the handoffs accepted in
    it. Cohort: both of leads captured in the period.
    """
    return Measure(
        HEARINGS,
        scope.period.q("lead__captured_at" if scope.by_cohort else "at"),
        Q(outcome=Asked.AGAIN, handoff_id__isnull=False),
        "at",
        How.COUNT,
    )
