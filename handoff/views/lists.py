"""The list of handoffs."""

from django.db.models import Prefetch
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.calendars import hours_in_words
from accounts.permissions import can as allowed
from common.keyset import Page, page_by_key
from handoff.filters import HandoffFilter
from handoff.measures import counts_up_to
from handoff.models import Handoff
from handoff.permissions import moves_open_to
from handoff.views.cards import with_clocks, with_people
from handoff.views.chips import chips, filter_dialog
from handoff.views.tabs import ALL, BY_CODE, TABS, default_tab, scopes, visible_clocks, visible_rows

SIZE = 20


@require_safe
def handoffs(request):
    user = request.user
    choices = scopes(user)
    scope = _one_of(request.GET.get("scope"), [code for code, _words in choices], _usual(user))
    tab = BY_CODE[_one_of(request.GET.get("tab"), BY_CODE, default_tab(user))]
    found = HandoffFilter(request.GET, Handoff.objects.visible_to(user), request=request)
    filtered = bool(found.form.is_valid() and any(found.form.cleaned_data.values()))
    page = _page(request, tab, scope, found.qs, filtered)
    for row in page.rows:
        row.moves = moves_open_to(user, row)
    context = {
        "page": page,
        "tab": tab,
        "tabs": _tabs(request, tab, scope),
        "scope": scope,
        "scopes": choices,
        "filtered": filtered,
        "chips": chips(request, found.form),
        "hours": hours_in_words(request.user.business_calendar.usual_hours),
        "may_queue": allowed(user, "routing.queue"),
        "reset": f"?tab={tab.code}&scope={scope}",
    }
    return render(request, "handoff/list.html", context)


@require_safe
def filters(request):
    """The dialog with the filters of the list, those that are on filled in."""
    found = HandoffFilter(request.GET, Handoff.objects.none(), request=request)
    kept = {name: request.GET[name] for name in ("tab", "scope") if name in request.GET}
    return filter_dialog(request, found.form, reverse("handoff:list"), kept)


def _one_of(wanted, known, usual):
    return wanted if wanted in known else usual


def _usual(user):
    return "team" if user.team_id else ALL


def _page(request, tab, scope, found, filtered) -> Page:
    key = request.GET.get("after", "")
    if tab.clock is None:
        rows = (
            visible_rows(request.user, scope, found)
            .with_next_step()
            .select_related("lead__company")
        )
        page = page_by_key(rows, order="-offered_at", key=key, size=SIZE)
        return Page(with_clocks(with_people(page.rows)), page.next_key)
    clocks = visible_clocks(tab, request.user, scope, found if filtered else None)
    # Fetched for the page alone: joined, every running clock would be widened before it is sorted.
    handoffs = Handoff.objects.with_next_step().select_related("lead__company")
    clocks = clocks.prefetch_related(Prefetch("handoff", queryset=handoffs))
    page = page_by_key(clocks, order="due_at", key=key, size=SIZE)
    return Page(with_people(_with(clock) for clock in page.rows), page.next_key)


def _with(clock):
    clock.handoff.clock = clock
    return clock.handoff


def _tabs(request, current, scope):
    """The tabs with their counts; the last one holds everything and is not counted."""
    user = request.user
    counted = [tab for tab in TABS if tab.clock]
    counts = counts_up_to({tab.code: visible_clocks(tab, user, scope, None) for tab in counted})
    return [
        {
            "href": f"?tab={tab.code}&scope={scope}",
            "label": tab.label,
            "current": tab is current,
            "count": counts.get(tab.code),
        }
        for tab in TABS
    ]
