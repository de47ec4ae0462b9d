"""The figures as data: for the address /kpi/figures.json and the command, one and the same."""

from collections.abc import Iterable

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import can
from common.refusals import Malformed, Refusal
from kpi.filters import demand_no_person, demand_people, list_url, scope_of
from kpi.measures import FIGURES, Group, Reading, Scope, can_be_told, group_named, place, read

# What is told where no figure is named: each step, each way between neighbours, and the whole.
MAIN = (
    "leads",
    "mql",
    "offered",
    "sal",
    "contacted",
    "sql",
    "won",
    "conversion_leads_mql",
    "conversion_mql_sal",
    "conversion_sal_sql",
    "conversion_sql_won",
    "conversion_mql_won",
    "conversion_leads_won",
    "velocity_leads_mql",
    "velocity_mql_sal",
    "velocity_sal_sql",
    "velocity_sql_won",
    "velocity_mql_won",
    "velocity_mql_won_p90",
    "acceptance_rate",
    "return_rate",
    "returned",
    "sla_kept",
    "speed_to_lead",
    "brief_read",
    "repeat_questions",
    "conditions_met",
    "condition_days",
    "second_round_win_rate",
    "score_honesty",
    "score_honesty_accepted",
    "won_amount",
    "campaign_return",
    "pipeline",
    "forecast",
    "unaccounted",
)


def figures_data(names: Iterable[str], scope: Scope, by: str = "") -> dict:
    """Readings of the figures `names` (all main ones where none is named), in the documented shape.

    Of the main ones those that cannot be divided by `by` are left out; for a named one that is
    `Malformed`. Raises KeyError for a name that is no figure.
    """
    names = list(names)
    figures = [FIGURES[name] for name in names or MAIN]
    group = group_named(by) if by else None
    if not names:
        figures = [f for f in figures if can_be_told(f, scope, group)]
    for figure in figures:
        demand_no_person(figure, scope)
    readings = read(figures, scope, [by] if by else [])
    return {
        "view": scope.view.value,
        "from": scope.period.first and scope.period.first.isoformat(),
        "to": scope.period.end and scope.period.end.isoformat(),
        "figures": list(_rows(readings, scope, group)),
    }


def _rows(readings: dict[str, list[Reading]], scope: Scope, group: Group | None):
    words = _words(readings, group)
    for name, found in readings.items():
        for reading in sorted(found, key=lambda r: place(r, group)):
            value = reading.group[0] if group else None
            cells = ((group.name, group.key_of(value)),) if group else ()
            yield {
                "name": name,
                "by": words[value] if group else None,
                "value": reading.value,
                "unit": str(reading.unit),
                "n": reading.n,
                "numerator": reading.numerator,
                "denominator": reading.denominator,
                "list": list_url(name, scope, cells),
            }


def _words(readings, group: Group | None) -> dict:
    """What each group is called: its own name where people gave it one, else its stable key."""
    if group is None:
        return {}
    values = {reading.group[0] for found in readings.values() for reading in found}
    words = group.words(values - {None}) if group.named else {v: group.key_of(v) for v in values}
    return words | {None: "(none)"}


class SeesFigures(BasePermission):
    def has_permission(self, request, view):
        return can(request.user, "kpi.view")


class FiguresView(APIView):
    """GET ?name=mql&name=won&view=cohort&from=2026-10-01&to=2027-01-01&by=source and the filters."""

    permission_classes = (IsAuthenticated, SeesFigures)

    def handle_exception(self, error):
        """Always JSON here, whatever the client says it accepts."""
        if isinstance(error, Refusal):
            return Response({"detail": str(error), "code": error.code}, status=error.status)
        return super().handle_exception(error)

    def get(self, request):
        params: QueryDict = request.query_params
        scope = scope_of(params, request.user)
        by = params.get("by", "")
        if by == "person":
            demand_people(request.user)
        names = params.getlist("name")
        unknown = [name for name in names if name not in FIGURES]
        if unknown:
            raise Malformed(_("There is no such figure: %(name)s.") % {"name": unknown[0][:60]})
        return Response(figures_data(names, scope, by))
