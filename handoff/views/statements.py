"""The monthly statement of a partner: a page that prints, its rows, and for us a file."""

from django.http import Http404, HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Team
from accounts.permissions import can as allowed
from common.clock import page_now
from common.csvs import csv_response, in_portions
from common.keyset import page_by_key
from common.refusals import NotAllowed
from handoff.statements import FIGURES, Month, Statement, clocks_of, statement
from handoff.states import ClockKind
from handoff.views.register import seat_of, seen_team
from leads.models import Lead

SIZE = 50


def _asked_for(request: HttpRequest, pk: int, month: str) -> tuple[Team, Month]:
    """The partner and the month: up to the present one, and none before anything was written."""
    team = seen_team(request, pk)
    try:
        wanted = Month.read(month)
    except ValueError as wrong:
        raise Http404 from wrong
    if not wanted.first.year >= 2000 or wanted > Month.of(page_now()):
        raise Http404
    return team, wanted


@require_safe
def monthly(request, pk, month):
    team, wanted = _asked_for(request, pk, month)
    at = page_now()
    following = wanted.shifted(1)
    context = {
        "team": team,
        "seat": seat_of(team),
        "month": wanted,
        "before": wanted.shifted(-1),
        "following": following if following <= Month.of(at) else None,
        "is_running": wanted == Month.of(at),
        "found": statement(team, wanted, reader=request.user, at=at),
        "may_export": allowed(request.user, "seat.export"),
    }
    return render(request, "handoff/statement.html", context)


@require_safe
def statement_file(request, pk, month):
    """The figures of the statement as a file."""
    team, wanted = _asked_for(request, pk, month)
    if not allowed(request.user, "seat.export"):
        raise NotAllowed
    found = statement(team, wanted, reader=request.user, at=page_now())
    heading = (_("Partner"), _("Month"), _("Figure"), _("Number"), _("Of"))
    rows = [(team.name, wanted.code, *row) for row in _lines(found)]
    return csv_response(in_portions(heading, rows), f"statement-{team.pk}-{wanted.code}.csv")


def _lines(found: Statement):
    for figure, n in found.figures:
        yield str(figure.label), n, ""
    for reason, n in found.reasons:
        yield _("Returned: %(reason)s") % {"reason": reason}, n, ""
    for kind, kept in found.promises:
        yield _("Promise kept: %(promise)s") % {"promise": kind.label}, kept.kept, kept.due


@require_safe
def statement_rows(request, pk, month, figure):
    """The rows behind one figure, as many as it says. What is not with the partner any more has no
    name for them."""
    team, wanted = _asked_for(request, pk, month)
    label, rows, moment = _rows(request, team, wanted, figure)
    page = page_by_key(rows, order=f"-{moment}", key=request.GET.get("after", ""), size=SIZE)
    ids = {row.lead_id for row in page}
    leads = Lead.objects.visible_to(request.user).select_related("company").in_bulk(ids)
    context = {
        "team": team,
        "month": wanted,
        "label": label,
        "page": page,
        "lines": [(getattr(row, moment), leads.get(row.lead_id), row) for row in page],
    }
    return render(request, "handoff/statement_rows.html", context)


def _rows(request: HttpRequest, team: Team, month: Month, code: str):
    """(label, rows, their moment) of a figure, or of the promises of one kind."""
    if code in ClockKind.values:
        rows = clocks_of(team, month, at=page_now()).filter(kind=code)
        return ClockKind(code).label, rows, "due_at"
    figure = FIGURES.get(code)
    if figure is None or (figure.ours and request.user.is_partner):
        raise Http404
    rows = figure.rows(team, month)
    if reason := request.GET.get("reason", ""):
        rows = rows.filter(return_reason__code=reason) if code == "returned" else rows.none()
    return figure.label, rows, figure.moment
