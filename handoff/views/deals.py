"""Deals: the list with its sums, one deal, and its moves."""

from datetime import date, datetime, time

from django.db.models import Prefetch, Value
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import can as allowed
from common.clock import page_now
from common.formats import local_day
from common.keyset import page_by_key
from common.refusals import NotAllowed
from handoff import actions
from handoff.actions.locks import refuse_unless_deal
from handoff.filters import DealFilter
from handoff.forms import CorrectForm, DealForm, LoseForm, WinForm
from handoff.measures import deal_sums, deals_by_month
from handoff.models import Deal, DealStep
from handoff.permissions import deal_moves_open_to, demand
from handoff.states import DealState
from handoff.views.chips import chips, filter_dialog
from handoff.views.replies import attempt, dialog, finished, posted, visible_deal, visible_lead
from leads.models import Lead
from leads.timeline.changes import Names, people_changed, step_names
from leads.timeline.people import People

SIZE = 25
# Deals without an expected month stand after all others.
NO_MONTH = date(9999, 12, 1)
# Fetched for the page alone: joined, every open deal would be widened before it is sorted.
_SHOWN = (
    Prefetch("lead", Lead.objects.select_related("company")),
    Prefetch("owner", User.objects.select_related("team")),
)
ORDERS = {DealState.OPEN: "month", DealState.WON: "-won_at", DealState.LOST: "-lost_at"}


@require_safe
def deals(request):
    if not allowed(request.user, "deal.view"):
        raise NotAllowed
    wanted = request.GET.get("state")
    state = DealState(wanted) if wanted in DealState.values else DealState.OPEN
    everything = Deal.objects.visible_to(request.user)
    found = DealFilter(request.GET, everything.filter(state=state), request=request)
    rows = found.qs.annotate(month=Coalesce("expected_on", Value(NO_MONTH)))
    rows = rows.prefetch_related(*_SHOWN, "lost_reason" if state == DealState.LOST else "step")
    page = page_by_key(rows, order=ORDERS[state], key=request.GET.get("after", ""), size=SIZE)
    months = deals_by_month(found.qs) if state == DealState.OPEN else []
    count, amount = _sums(found.qs, months)
    context = {
        "page": page,
        "state": state,
        "tabs": _tabs(state),
        "months": months,
        "highest": max((month.amount for month in months), default=0),
        "count": count,
        "amount": amount,
        "weighted": sum(month.weighted for month in months),
        "chips": chips(request, found.form),
        "reset": f"?state={state.value}",
        "this_month": local_day(page_now()).replace(day=1),
    }
    return render(request, "handoff/deals.html", context)


@require_safe
def filters(request):
    """The dialog with the filters of the list of deals."""
    if not allowed(request.user, "deal.view"):
        raise NotAllowed
    found = DealFilter(request.GET, Deal.objects.none(), request=request)
    kept = {"state": request.GET["state"]} if "state" in request.GET else {}
    return filter_dialog(request, found.form, reverse("handoff:deals"), kept)


def _sums(rows, months):
    """Number and sum of all rows of the list; the months add up to them."""
    if months:
        return sum(month.n for month in months), sum(month.amount for month in months)
    return deal_sums(rows)


def _tabs(state):
    words = {
        DealState.OPEN: pgettext("deals", "Open"),
        DealState.WON: pgettext("deals", "Won"),
        DealState.LOST: pgettext("deals", "Lost"),
    }
    return [
        {"href": f"?state={code.value}", "label": label, "current": code == state, "count": None}
        for code, label in words.items()
    ]


@require_safe
def deal(request, pk):
    found = visible_deal(request, pk)
    events = found.lead.events.filter(deal_id=pk).select_related("by__team").newest_first()[:50]
    told = [event.data for event in events]
    context = {
        "deal": found,
        "lead": found.lead,
        "moves": deal_moves_open_to(request.user, found),
        "steps": list(DealStep.objects.all()) if found.state == DealState.OPEN else [],
        "events": events,
        "names": Names(
            People(pk for data in told for pk in people_changed(data)),
            step_names(told, request.user),
        ),
        "weighted": (found.amount or 0) * found.probability // 100,
    }
    return render(request, "handoff/deal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def deal_new(request, lead_pk):
    lead = visible_lead(request, lead_pk)
    form = DealForm(posted(request), initial={"step": DealStep.objects.first()})
    if not form.is_valid():
        demand(request.user, "open_deal", lead)
    elif opened := attempt(form, lambda **data: actions.open_deal(lead, by=request.user, **data)):
        return finished(request, "handoff:deal", _("The deal is open."), pk=opened.pk)
    return dialog(
        request, "handoff/deal_form.html", form, title=_("Open a deal"), lead=lead, is_new=True
    )


@require_http_methods(["GET", "HEAD", "POST"])
def deal_edit(request, pk):
    found = visible_deal(request, pk)
    form = DealForm(posted(request), deal=found)
    if form.is_bound:
        act = lambda **_data: actions.edit_deal(found, by=request.user, **form.changes)  # noqa: E731
        if attempt(form, act):
            return finished(request, "handoff:deal", _("Saved."), pk=pk)
    else:
        _refuse_early(request.user, "edit", found)
    context = {"title": _("Edit the deal"), "lead": found.lead, "deal": found}
    return dialog(request, "handoff/deal_form.html", form, **context)


def _refuse_early(user, verb, found):
    demand(user, verb, found)
    refuse_unless_deal(verb, found)


@require_http_methods(["GET", "HEAD", "POST"])
def deal_win(request, pk):
    found = visible_deal(request, pk)
    form = WinForm(posted(request), initial={"amount": found.amount})
    if form.is_bound:
        act = lambda **data: _win(request.user, found, **data)  # noqa: E731
        if attempt(form, act):
            return finished(request, "handoff:deal", _("Won. Marketing has been told."), pk=pk)
    else:
        _refuse_early(request.user, "win", found)
    return dialog(
        request, "handoff/win_form.html", form, title=_("Won"), deal=found, lead=found.lead
    )


def _win(user, found, *, amount, won_on):
    """A day in the past counts to its noon; today, or no day, means now."""
    today = local_day(page_now())
    at = None
    if won_on and won_on != today:
        at = timezone.make_aware(datetime.combine(won_on, time(12)))
    return actions.win_deal(found, by=user, amount=amount, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
def deal_loss(request, pk):
    found = visible_deal(request, pk)
    form = LoseForm(posted(request))
    if form.is_bound:
        if attempt(form, lambda **data: actions.lose_deal(found, by=request.user, **data)):
            return finished(request, "handoff:deal", _("Kept as lost, with its reason."), pk=pk)
    else:
        _refuse_early(request.user, "lose", found)
    return dialog(
        request, "handoff/lose_form.html", form, title=_("Lost"), deal=found, lead=found.lead
    )


@require_http_methods(["GET", "HEAD", "POST"])
def deal_correction(request, pk):
    found = visible_deal(request, pk)
    form = CorrectForm(posted(request))
    if form.is_bound:
        if attempt(form, lambda **data: actions.correct_win(found, by=request.user, **data)):
            return finished(request, "handoff:deal", _("The deal is open again."), pk=pk)
    else:
        _refuse_early(request.user, "correct", found)
    context = {"title": _("Take the win back"), "deal": found, "lead": found.lead}
    return dialog(request, "handoff/correct_form.html", form, **context)
