"""The page both teams see."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from common import formats
from handoff.states import ClockKind
from kpi.filters import PAGE_PERIOD, list_url, query_of, scope_of
from kpi.measures import FIGURES, Ask, Reading, Scope, read_all
from kpi.measures.stuck import Stuck, where_stuck
from kpi.states import Step, Unit
from kpi.views.breakdown import tabs
from kpi.views.gate import demand_figures, promised_share
from kpi.views.names import Names
from kpi.views.picker import Picker
from kpi.views.promises import Promises, promise_asks
from kpi.views.sections import Answers, Forecast, Honest
from kpi.views.shown import Shown, show
from kpi.views.tables import Tables
from kpi.views.way import Stage, Way
from leads.models import Lead


def page(request):
    demand_figures(request.user)
    scope = scope_of(request.GET, request.user, period=PAGE_PERIOD)
    return render(request, "kpi/page.html", _context(request, scope))


def _context(request, scope: Scope) -> dict:
    names, target = Names(request.user), promised_share()
    found = read_all(_asks(scope), scope)
    way, promises = Way(found, scope), Promises(found, scope, target)
    tables = Tables(found, scope, names, promises.cube)
    stuck = where_stuck(promises.by_clause, target, way.falls())
    return {
        "scope": scope,
        "query": query_of(scope),
        "picker": Picker(scope, names, request.path),
        "tabs": tabs(request.user, scope),
        "empty": (empty := not any(stage.count.reading.n for stage in way.stages)),
        "no_leads": empty and not Lead.objects.exists(),
        "way": way,
        "compared": bool(way.then),
        "judged": bool(way.then or promises.by_clause),
        "nodes": _nodes(way, promises, tables, scope),
        "stuck": stuck and _stuck_words(stuck, scope),
        "target": target,
        "promises": promises,
        "answers": Answers(found, scope, names),
        "honest": Honest(found, scope),
        "forecast": Forecast(found, scope),
        "campaigns": tables.by("campaign"),
        "sources": tables.by("source"),
        "teams": tables.by("team"),
    }


def _asks(scope: Scope) -> list[Ask]:
    """Everything the page tells, read at once."""
    return [
        *Way.asks,
        *Tables.asks,
        *Answers.asks(scope),
        *Honest.asks,
        *Forecast.asks,
        *promise_asks(scope),
    ]


# ── the tiles ───────────────────────────────────────────────────────────────────────────────────


def _nodes(way: Way, promises: Promises, tables: Tables, scope: Scope) -> list[dict]:
    """The steps on the two sheets, and the money; under each the figure that leads to it."""
    accept, contact = (promises.clause(kind) for kind in (ClockKind.ACCEPT, ClockKind.CONTACT))
    under = {
        Step.LEADS: (_("Without a source"), _sourceless(tables, scope), False),
        Step.MQL: (_("Until qualified"), way.at(Step.MQL).time, False),
        Step.OFFERED: (_("Until offered"), way.at(Step.OFFERED).time, False),
        Step.SAL: (_("Accepted in time"), accept, promises.is_below(accept.reading)),
        Step.SQL: (_("Contacted in time"), contact, promises.is_below(contact.reading)),
        Step.WON: (_("Until won"), way.at(Step.WON).time, False),
    }
    nodes = []
    for stage in way.stages:
        if stage.step in under:
            words, shown, bad = under[stage.step]
            share = _share(stage, way, scope)
            nodes.append(
                {"stage": stage, "share": share, "words": words, "under": shown, "bad": bad}
            )
    return [*nodes, _money(tables, scope)]


def _share(stage: Stage, way: Way, scope: Scope) -> Shown | None:
    """The conversion between two tiles: first contact, which has none, is passed over."""
    past = way.now["conversion_sal_sql"]
    if stage.step is Step.SQL and past.n:
        return show(past, scope)
    return stage.share


def _sourceless(tables: Tables, scope: Scope) -> Shown:
    found = tables.cubes[0].along("source").get((None,), {}).get("leads")
    reading = found or Reading("leads", Unit.COUNT, 0, 0)
    return show(reading, scope, (("source", "none"),))


def _money(tables: Tables, scope: Scope) -> dict:
    amount = tables.amount
    mean = amount.value / amount.n if amount.value else None
    average = Reading("won_amount", Unit.YEN, mean, amount.n)
    return {
        "stage": None,
        "count": show(amount, scope),
        "words": _("On average"),
        "under": Shown(average, list_url("won_amount", scope)),
        "bad": False,
        "share": None,
    }


# ── where it is stuck ───────────────────────────────────────────────────────────────────────────


def _stuck_words(stuck: Stuck, scope: Scope) -> dict:
    reading = stuck.reading
    points = formats.number(round(stuck.gap * 100))
    facts = {
        "share": formats.percent(reading.value or 0),
        "should": formats.percent(stuck.should),
        "part": formats.number(reading.numerator),
        "n": formats.number(reading.n),
        "rest": formats.number(reading.n - (reading.numerator or 0)),
        "points": points,
    }
    if stuck.clause:
        cells = (("clause", stuck.clause),)
        return {
            "what": ClockKind(stuck.clause).label,
            "words": _("%(share)s kept (%(part)s of %(n)s); the agreement says %(should)s.")
            % facts,
            "link": _("See the %(rest)s that were late") % facts,
            "url": list_url(reading.name, scope, cells, part=False),
        }
    return {
        "what": FIGURES[reading.name].title,
        "words": _("%(share)s; up to the same day of the period before it was %(should)s.") % facts,
        "link": _("See the %(rest)s that have not got there") % facts,
        "url": list_url(reading.name, scope, part=False),
    }
