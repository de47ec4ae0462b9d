"""The main figures by one group: month, lane, person …"""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from accounts.permissions import can
from kpi.filters import PAGE_PERIOD, demand_people, query_of, scope_of
from kpi.measures import FIGURES, GROUPS, Group, Scope, can_be_told, place, read
from kpi.views.gate import demand_figures
from kpi.views.names import Names
from kpi.views.picker import Picker
from kpi.views.shown import show

OFFERED = ("source", "campaign", "team", "lane", "month", "week", "stage", "person")
SHOWN = (
    "leads",
    "mql",
    "offered",
    "sal",
    "sql",
    "won",
    "conversion_mql_won",
    "velocity_mql_won",
    "acceptance_rate",
    "return_rate",
    "speed_to_lead",
    "sla_kept",
    "won_amount",
)


def breakdown(request, group: str):
    demand_figures(request.user)
    if group not in OFFERED:
        raise Http404
    if group == "person":
        demand_people(request.user)
    scope = scope_of(request.GET, request.user, period=PAGE_PERIOD)
    chosen = GROUPS[group]
    figures = [FIGURES[name] for name in SHOWN if can_be_told(FIGURES[name], scope, chosen)]
    context = {
        "group": chosen,
        "scope": scope,
        "query": query_of(scope),
        "figures": figures,
        "rows": _rows(figures, scope, chosen),
        "picker": Picker(scope, Names(request.user), request.path),
        "tabs": tabs(request.user, scope, group),
    }
    return render(request, "kpi/breakdown.html", context)


def tabs(user, scope: Scope, current: str = "") -> list[dict]:
    """The groups to choose from; by person for managers only."""
    return [
        {
            "href": f"{reverse('kpi:by', args=[name])}?{query_of(scope)}",
            "label": GROUPS[name].title,
            "current": name == current,
            "count": None,
        }
        for name in OFFERED
        if name != "person" or can(user, "kpi.people")
    ]


def _rows(figures, scope: Scope, group: Group) -> list[dict]:
    """A row for each group, in its order; a figure without rows there is left empty."""
    found: dict = {}
    for name, readings in read(figures, scope, [group.name]).items():
        for reading in readings:
            found.setdefault(reading.group[0], {})[name] = reading
    words = group.words(value for value in found if value is not None) | {None: None}
    ordered = sorted(found.items(), key=lambda item: place(_first(item[1]), group))
    return [
        {
            "words": words[value],
            "cells": [
                name in of and show(of[name], scope, ((group.name, group.key_of(value)),))
                for name in (figure.name for figure in figures)
            ],
        }
        for value, of in ordered
    ]


def _first(readings: dict):
    return next(iter(readings.values()))
