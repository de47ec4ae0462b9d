"""From lead to win: how many, what share goes on, and how long it takes."""

from itertools import combinations

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kpi.measures.figure import figure
from kpi.measures.measure import How, Measure
from kpi.measures.rooms import FUNNEL
from kpi.measures.scope import Scope
from kpi.states import Step, Unit
from leads.states import CLOSED

# Until sales accepts, a lead counts for its marketer; from then on for its seller.
_PERSON = dict.fromkeys(Step, "seller_id") | dict.fromkeys(
    (Step.LEADS, Step.MQL, Step.OFFERED), "marketer_id"
)


def reached(step: Step, scope: Scope) -> Q:
    """That a lead has reached the step, as far as the scope may know."""
    known = Q() if step is Step.LEADS else Q(**{f"{step.column}__isnull": False})
    return known & Q(**{f"{step.column}__lt": scope.as_of}) if scope.as_of else known


def count_of(step: Step, scope: Scope) -> Measure:
    """Leads whose first entry to the step (or a later one) falls in the period.

    Cohort: leads captured in the period and have reached the step to date.
    Activity: leads that first reached it in the period, whenever they were captured.
    """
    moment = Step.LEADS.column if scope.by_cohort else step.column
    return Measure(
        FUNNEL, scope.period.q(moment), reached(step, scope), moment, person=_PERSON[step]
    )


def conversion(a: Step, b: Step, scope: Scope) -> Measure:
    """Leads that reached b ÷ leads that reached a.

    Cohort: of the leads captured in the period. Activity: of those that first reached a in
    the period. Both to date.
    """
    moment = Step.LEADS.column if scope.by_cohort else a.column
    return Measure(
        FUNNEL,
        scope.period.q(moment),
        reached(a, scope),
        moment,
        How.RATIO,
        part=reached(b, scope),
        person=_PERSON[b],
    )


def velocity(a: Step, b: Step, scope: Scope, how: How = How.MEDIAN) -> Measure:
    """Time between first reaching a and b, in calendar days of the organisation's zone.

    In hours where it is under two days. Every lead that reached both counts, also one that
    reached b first (its days are negative). Cohort: of the leads captured in the period.
    Activity: of those that first reached b in the period.
    """
    moment = Step.LEADS.column if scope.by_cohort else b.column
    return Measure(
        FUNNEL,
        scope.period.q(moment),
        reached(a, scope) & reached(b, scope),
        moment,
        how,
        span=(a.column, b.column),
        person=_PERSON[b],
    )


_MEANS = {
    Step.LEADS: _("Leads, counted by when they were captured."),
    Step.MQL: _("Leads that became qualified for marketing, or got further, for the first time."),
    Step.OFFERED: _("Leads that were offered to the next team for the first time."),
    Step.SAL: _("Leads that were accepted by sales, or got further, for the first time."),
    Step.CONTACTED: _("Leads with whom a first contact was made after the handoff."),
    Step.SQL: _("Leads for whom a deal was opened for the first time."),
    Step.WON: _("Leads of whom a deal was won for the first time."),
}


def _register_step(step: Step):
    figure(
        step.value,
        title=step.label,
        means=_MEANS[step],
        happened=_("Those for whom this happened in the period."),
        unit=Unit.COUNT,
    )(lambda scope: count_of(step, scope))


def _register_pair(a: Step, b: Step):
    pair = {"a": a.label, "b": b.label}
    figure(
        f"conversion_{a.value}_{b.value}",
        title=format_lazy(_("Conversion {a} → {b}"), **pair),
        means=format_lazy(
            _("Leads that reached “{b}” ÷ leads that reached “{a}”, to date."), **pair
        ),
        happened=format_lazy(_("Of the leads that first reached “{a}” in the period."), **pair),
        unit=Unit.RATIO,
        parts=(
            format_lazy(_("Reached “{b}”"), **pair),
            format_lazy(_("Not yet “{b}”"), **pair),
        ),
    )(lambda scope: conversion(a, b, scope))
    figure(
        f"velocity_{a.value}_{b.value}",
        title=format_lazy(_("Time {a} → {b}, median"), **pair),
        means=format_lazy(
            _(
                "Median of the calendar days between first reaching “{a}” and “{b}”;"
                " in hours where it is under two days."
            ),
            **pair,
        ),
        happened=format_lazy(_("Of the leads that first reached “{b}” in the period."), **pair),
        unit=Unit.DAYS,
    )(lambda scope: velocity(a, b, scope))
    figure(
        f"velocity_{a.value}_{b.value}_p90",
        title=format_lazy(_("Time {a} → {b}, 90th percentile"), **pair),
        means=format_lazy(
            _("Nine of ten leads took at most so many calendar days from “{a}” to “{b}”."), **pair
        ),
        happened=format_lazy(_("Of the leads that first reached “{b}” in the period."), **pair),
        unit=Unit.DAYS,
    )(lambda scope: velocity(a, b, scope, How.NINETIETH))


for _step in Step:
    _register_step(_step)
for _a, _b in combinations(Step, 2):
    _register_pair(_a, _b)


@figure(
    title=_("Nobody accountable"),
    means=_("Leads that are not closed and have no accountable team. Always 0."),
    happened=_("As of now, whatever the period."),
    unit=Unit.COUNT,
)
def unaccounted(scope: Scope) -> Measure:
    """Leads not closed with no accountable team, at this moment: always 0."""
    nobody = Q(team__isnull=True) & ~Q(stage__in=sorted(CLOSED))
    return Measure(FUNNEL, Q(), nobody, Step.LEADS.column)
