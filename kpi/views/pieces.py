"""What is fetched when somebody unfolds it: the tables behind the charts, the form of the filters."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.web import is_htmx, safe_next
from kpi.filters import PAGE_PERIOD, query_of, scope_of
from kpi.measures import Ask, Scope, Words, read_all
from kpi.views.gate import demand_figures, promised_share
from kpi.views.names import Names
from kpi.views.picker import Picker
from kpi.views.promises import Promises, promise_asks
from kpi.views.sections import Forecast, Honest, Rounds


@dataclass(frozen=True)
class Piece:
    title: Words
    asks: Callable[[Scope], list[Ask]]
    tell: Callable


PIECES = {
    "promises": Piece(
        _("Promises of both sides"),
        promise_asks,
        lambda found, scope: Promises(found, scope, promised_share()),
    ),
    "honesty": Piece(_("Score honesty"), lambda scope: Honest.asks, Honest),
    "forecast": Piece(_("Forecast"), lambda scope: Forecast.asks, Forecast),
    "rounds": Piece(_("What became of leads that came back"), Rounds.asks, Rounds),
}


def piece(request, name: str):
    demand_figures(request.user)
    if name not in PIECES:
        raise Http404
    scope = scope_of(request.GET, request.user, period=PAGE_PERIOD)
    asked = PIECES[name]
    told = asked.tell(read_all(asked.asks(scope), scope), scope)
    return _piece(request, scope, f"kpi/_{name}_table.html", title=asked.title, told=told)


def filters(request):
    """The form of the filters for the page of figures `next`."""
    demand_figures(request.user)
    scope = scope_of(request.GET, request.user, period=PAGE_PERIOD)
    keep = {"part": request.GET["part"]} if request.GET.get("part") else {}
    path = safe_next(request, reverse("kpi:page"))
    picker = Picker(scope, Names(request.user), path, keep)
    return _piece(request, scope, "kpi/_filters.html", title=_("Filters"), picker=picker)


def _piece(request, scope: Scope, template: str, **context):
    """The piece alone, or as a page of its own where no script unfolds it."""
    context |= {"template": template, "query": query_of(scope)}
    return render(request, template if is_htmx(request) else "kpi/piece.html", context)
