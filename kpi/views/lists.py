"""The list behind a figure: exactly its rows, paged by key, and the same as a file."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.permissions import can
from common.csvs import csv_response, in_portions
from common.keyset import page_by_key
from common.refusals import Malformed, NotAllowed
from kpi.filters import PAGE_PERIOD, demand_no_person, demand_people, list_url, query_of, scope_of
from kpi.measures import FIGURES, Figure, Scope, group_named, list_of, read_one
from kpi.views.gate import demand_figures
from kpi.views.names import Names
from kpi.views.picker import SAYS, Picker
from kpi.views.rows import ROWS, RowsOf
from kpi.views.shown import show

PAGE = 50
PORTION = 1000
PARTS = {"in": True, "out": False}


def rows(request, name: str):
    figure, scope, part = _asked(request, name)
    measure = figure.measure(scope)
    kind = ROWS[measure.room.name]
    found = kind.with_facts(list_of(figure, scope, part))
    order = f"-{measure.moment}"
    page = page_by_key(found, order=order, key=request.GET.get("after", ""), size=PAGE)
    kind.complete(page.rows)
    keep = {"part": request.GET.get("part", "")}
    reading = read_one(figure, scope)
    context = {
        "figure": figure,
        "scope": scope,
        "says": figure.counted(scope.view) or SAYS[scope.view],
        "shown": show(reading, scope),
        "count": _count(reading, part),
        "parts": _parts(figure, scope, reading, part),
        "page": page,
        "head": kind.head(figure, measure),
        "lines": [kind.line(row, figure, measure, scope) for row in page.rows],
        "picker": Picker(scope, Names(request.user), request.path, keep),
        "groups": _groups(scope),
        "export_url": _export_url(request, figure),
        "page_query": query_of(_page_scope(scope)),
    }
    return render(request, "kpi/list.html", context)


def export(request, name: str):
    """The rows as CSV that opens right in Excel: with a BOM, and no cell that is a formula."""
    figure, scope, part = _asked(request, name)
    if not can(request.user, "lead.export"):
        raise NotAllowed
    measure = figure.measure(scope)
    kind = ROWS[measure.room.name]
    heading = [
        *(column.title for column in kind.head(figure, measure)),
        pgettext("figures", "Note"),
    ]
    found = kind.with_facts(list_of(figure, scope, part))
    lines = (
        [*(cell.plain for cell in line.cells), line.flag]
        for line in (
            kind.line(row, figure, measure, scope)
            for row in _every(found, kind, f"-{measure.moment}")
        )
    )
    return csv_response(in_portions(heading, lines), f"{figure.name}.csv")


def _every(found: QuerySet, kind: RowsOf, order: str) -> Iterator:
    """All rows in the order of the list, fetched by key: a slow reader holds no cursor open."""
    key: str | None = ""
    while key is not None:
        page = page_by_key(found, order=order, key=key, size=PORTION)
        kind.complete(page.rows)
        yield from page.rows
        key = page.next_key


def _asked(request, name: str) -> tuple[Figure, Scope, bool | None]:
    demand_figures(request.user)
    if name not in FIGURES:
        raise Http404
    figure = FIGURES[name]
    scope = scope_of(request.GET, request.user, period=PAGE_PERIOD)
    if any(cell == "person" for cell, _key in scope.cells):
        demand_people(request.user)
    demand_no_person(figure, scope)
    part = request.GET.get("part", "")
    if part and not figure.shows_people:
        raise NotAllowed(_("Which briefs were read is only ever shown in sum."))
    if part and (part not in PARTS or figure.parts is None):
        raise Malformed(_("This part of the list does not exist."), field="part")
    return figure, scope, PARTS.get(part)


def _count(reading, part: bool | None) -> int:
    if part is None:
        return reading.n
    return reading.numerator if part else reading.n - reading.numerator


def _parts(figure: Figure, scope: Scope, reading, part: bool | None) -> list[dict]:
    """Tabs of a ratio: all it counts, those that count, the rest."""
    if figure.parts is None or not figure.shows_people:
        return []
    words = (_("All"), *figure.parts)
    return [
        {
            "href": list_url(figure.name, scope, part=which),
            "label": label,
            "count": _count(reading, which),
            "current": which is part,
        }
        for which, label in zip((None, True, False), words, strict=True)
    ]


def _groups(scope: Scope) -> list[tuple[str, str]]:
    """What group of the figure this is, in words."""
    told = []
    for name, key in scope.cells:
        group = group_named(name)
        value = group.value(key)
        words = _("(none)") if value is None else group.words([value]).get(value, key)
        told.append((str(group.title), str(words)))
    return told


def _page_scope(scope: Scope) -> Scope:
    return Scope(scope.view, scope.period, scope.at, scope.user, scope.filters)


def _export_url(request, figure: Figure) -> str:
    if not can(request.user, "lead.export"):
        return ""
    query = request.GET.copy()
    query.pop("after", None)
    return f"{request.path.rstrip('/')}.csv?{query.urlencode()}"
