"""The tables behind the charts of the page, fetched when somebody unfolds them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from common.web import is_htmx
from kpi.filters import PAGE_PERIOD, query_of, scope_of
from kpi.measures import Ask, Scope, Words, read_all
from kpi.views.gate import demand_figures, promised_share
from kpi.views.promises import Promises, promise_asks
from kpi.views.sections import Forecast, Honest


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
}


def piece(request, name: str):
    demand_figures(request.user)
    if name not in PIECES:
        raise Http404
    scope = scope_of(request.GET, request.user, period=PAGE_PERIOD)
    asked = PIECES[name]
    template = f"kpi/_{name}_table.html"
    context = {
        "told": asked.tell(read_all(asked.asks(scope), scope), scope),
        "title": asked.title,
        "template": template,
        "query": query_of(scope),
    }
    return render(request, template if is_htmx(request) else "kpi/piece.html", context)
