"""The list behind a figure: exactly its rows, paged by key, and the same as a file."""

import csv
from collections.abc import Iterator

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.permissions import can
from common.keyset import page_by_key
from common.refusals import Malformed, NotAllowed
from kpi.filters import PAGE_PERIOD, demand_no_person, demand_people, list_url, query_of, scope_of
from kpi.measures import FIGURES, Figure, Scope, group_named, list_of, read_one
from kpi.measures.measure import Measure
from kpi.views.gate import demand_figures
from kpi.views.names import Names
from kpi.views.picker import SAYS, Picker
from kpi.views.rows import ROWS, RowsOf
from kpi.views.shown import show

PAGE = 50
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
    found = kind.with_facts(list_of(figure, scope, part)).order_by(f"-{measure.moment}", "-pk")
    response = StreamingHttpResponse(
        _csv(kind, figure, measure, scope, found), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{figure.name}.csv"'
    return response


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


class _Line:
    """What `csv.writer` writes to: the line comes back as the value of its own `write`."""

    @staticmethod
    def write(line: str) -> str:
        return line


def _csv(kind: RowsOf, figure: Figure, measure: Measure, scope: Scope, found) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([column.title for column in kind.head(figure, measure)])
    batch = []
    for row in found.iterator(chunk_size=1000):
        batch.append(row)
        if len(batch) == 1000:
            yield from _lines(writer, kind, figure, measure, scope, batch)
            batch = []
    yield from _lines(writer, kind, figure, measure, scope, batch)


def _lines(writer, kind, figure, measure, scope, batch) -> Iterator[str]:
    kind.complete(batch)
    for row in batch:
        line = kind.line(row, figure, measure, scope)
        yield writer.writerow([_harmless(cell.plain) for cell in line.cells])


def _harmless(value) -> str:
    """Excel takes a cell that begins so for a formula."""
    text = "" if value is None else str(value)
    return (
        f"'{text}"
        if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _is_number(text)
        else text
    )


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
