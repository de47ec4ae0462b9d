"""The board "whose turn is it": one leg on three sheets, and what has moved on it since."""

from django.core.cache import caches
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.calendars import hours_in_words
from accounts.states import Side, TeamKind
from common.clock import page_now
from handoff.actions.clocks import agreement_in_force
from handoff.board import Wanted, chosen_leg, columns_of, legs_by_lane, version_now
from handoff.board.lists import LISTS
from handoff.forms.board import BoardForm
from handoff.measures import promises_kept
from handoff.states import ClockKind
from handoff.views.chips import chips, filter_dialog

# What stays in the address when something else changes.
KEPT = ("lane", "leg", "team", "person", "campaign")
KEPT_SECONDS = 60
# Three tabs stand side by side on a phone.
_SHORT = {
    TeamKind.MARKETING: pgettext_lazy("short", "Marketing"),
    TeamKind.INSIDE_SALES: pgettext_lazy("short", "Inside sales"),
}


@require_safe
def board(request):
    lanes = legs_by_lane()
    leg = _leg(request, lanes)
    if leg is None:
        return render(request, "handoff/board/none.html")
    form = BoardForm(request.GET, user=request.user)
    context = _context(request, lanes, leg, form)
    context |= {
        "lanes": lanes,
        "chips": [] if _own_team_alone(request, form) else chips(request, form),
        "scopes": _scopes(request, leg),
        "hours": hours_in_words(request.user.business_calendar.usual_hours),
    }
    # Rendered by itself, not included from within blocks of blocks: as deep as that, every call of
    # CPython 3.11 and 3.12 may cost a page of memory, and a hundred cards took twice their time.
    context["board"] = render_to_string("handoff/board/_board.html", context, request)
    return render(request, "handoff/board/page.html", context)


@require_safe
def board_now(request):
    """The board anew, or 204 while it is still as the page has it (`v`)."""
    version = version_now(at=page_now())
    if request.GET.get("v") == version:
        return HttpResponse(status=204)
    lanes = legs_by_lane()
    leg = _leg(request, lanes)
    if leg is None:
        return HttpResponse(status=204)
    form = BoardForm(request.GET, user=request.user)
    return render(
        request, "handoff/board/_board.html", _context(request, lanes, leg, form, version)
    )


@require_safe
def filters(request):
    """The dialog with the filters of the board, those that are on filled in."""
    kept = {name: request.GET[name] for name in ("lane", "leg") if name in request.GET}
    form = BoardForm(request.GET, user=request.user)
    form.is_valid()
    return filter_dialog(request, form, reverse("handoff:board"), kept)


def _leg(request, lanes):
    wanted = {name: request.GET.get(name, "") for name in ("lane", "leg")}
    return chosen_leg(lanes, request.user, **wanted)


def _context(request, lanes, leg, form, version=""):
    # Read before the rows: what moves in between is shown twice rather than never.
    version = version or version_now(at=page_now())
    follows = any(
        one.lane_id == leg.lane_id and one.position == leg.position + 1
        for _lane, found in lanes
        for one in found
    )
    wanted = Wanted(request.user, leg, **form.wanted, sizes=_sizes(request), leg_follows=follows)
    return {
        "leg": leg,
        "form": form,
        "columns": columns_of(wanted),
        "sheets": _sheets(leg, follows),
        "version": version,
        "kept": _kept(request),
        "paused_open": "paused" in wanted.sizes,
    }


def _sizes(request) -> dict[str, int]:
    """How many of a list are wanted, where that is not the usual number: `?offered=40`."""
    given = {one.code: request.GET.get(one.code, "") for one in LISTS}
    return {code: int(n) for code, n in given.items() if n.isdecimal() and len(n) < 6}


def _kept(request) -> str:
    """The part of the address that says what the board shows."""
    query = request.GET.copy()
    for name in set(query) - set(KEPT):
        del query[name]
    return query.urlencode()


def _sheets(leg, follows) -> list[dict]:
    """The three sheets: whose they are, their lists, and the promise each is held to."""
    terms = agreement_in_force().terms
    kept = caches["local"].get_or_set(
        "board:kept", lambda: promises_kept(at=page_now()), KEPT_SECONDS
    )
    giver = Side.MARKETING if leg.giver_kind == TeamKind.MARKETING else Side.SALES

    kind = TeamKind(leg.giver_kind).label
    short = _SHORT.get(leg.giver_kind, kind)

    def sheet(code, name, clock, side, *lists, short=""):
        found = kept.get((clock, side))
        return {
            "code": code,
            "name": name,
            "short": short or name,
            "clock": clock,
            "within": terms.within(clock),
            "kept": found.ratio if found else None,
            "lists": lists,
        }

    return [
        sheet("mk", kind, ClockKind.ACKNOWLEDGE, giver, "returned", "ready", short=short),
        sheet("hd", pgettext_lazy("sheet", "Overlap"), ClockKind.ACCEPT, leg.taker.side,
              "offered", "accepted"),
        sheet("sl", leg.taker.name, ClockKind.CONTACT, leg.taker.side, "contacted", "deal"),
    ]  # fmt: skip


def _scopes(request, leg) -> list[dict]:
    """Mine, my team's, everybody's: the filters most people want, as buttons."""
    user = request.user
    if user.team_id is None:
        return []
    base = request.GET.copy()
    for name in (*{one.code for one in LISTS}, "team", "person", "v"):
        base.pop(name, None)
    team, person = request.GET.get("team", ""), request.GET.get("person", "")

    def scope(words, **narrowed):
        query = base.copy()
        for name, value in narrowed.items():
            query[name] = str(value)
        on = (narrowed.get("team", ""), narrowed.get("person", ""))
        return {
            "href": f"?{query.urlencode()}",
            "words": words,
            "current": (team, person) == tuple(str(one) for one in on),
        }

    return [
        scope(pgettext_lazy("scope", "Mine"), person=user.pk),
        scope(user.team.name, team=user.team_id),
        scope(pgettext_lazy("scope", "Everyone")),
    ]


def _own_team_alone(request, form) -> bool:
    """Whether nothing is on but what a button of the page says already."""
    on = {name for name, value in form.wanted.items() if value}
    own = {"team": str(request.user.team_id), "person": str(request.user.pk)}
    return len(on) == 1 and all(request.GET.get(name) == own.get(name) for name in on)
