"""What every view here does alike: find the thing, try the verb, answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url

from common.dialogs import attempt as try_verb
from common.dialogs import opened_from, posted
from common.dialogs import show_form as dialog
from common.web import changed, close_dialog, go, toast
from handoff.models import Deal, Handoff
from leads.models import Lead

__all__ = [
    "attempt",
    "dialog",
    "finished",
    "moved",
    "on_live_page",
    "posted",
    "visible_deal",
    "visible_handoff",
    "visible_lead",
]


def visible_handoff(request: HttpRequest, pk: int, *more: str) -> Handoff:
    """The handoff with what a card shows, or 404. `more`: further relations in the same query."""
    found = Handoff.objects.visible_to(request.user).with_card_facts()
    return get_object_or_404(found.select_related(*more), pk=pk)


def visible_lead(request: HttpRequest, pk: int) -> Lead:
    """The lead with company and people, or 404."""
    found = Lead.objects.visible_to(request.user)
    return get_object_or_404(
        found.select_related("company", "team", "marketer__team", "seller__team"), pk=pk
    )


def visible_deal(request: HttpRequest, pk: int) -> Deal:
    """The deal with lead, people, step and reason, or 404."""
    found = Deal.objects.visible_to(request.user).select_related(
        "lead__company",
        "owner__team",
        "inside_sales__team",
        "step",
        "lost_reason",
        "handoff__giver",
    )
    return get_object_or_404(found, pk=pk)


def attempt(form, act):
    """The answer of `act(**cleaned data)`, or None with what is wrong written into the form."""
    return try_verb(form, lambda: act(**form.cleaned_data))


# Pages that load by themselves what has moved: a dialog over them closes, and they stay where they are.
LIVE = ("handoff:board", "exchange:now", "exchange:today")


def on_live_page(request: HttpRequest) -> bool:
    """Whether the move was made on a page that shows it by itself."""
    here = opened_from(request).partition("?")[0]
    return bool(here) and here in {resolve_url(name) for name in LIVE}


def moved(sentence) -> HttpResponse:
    """The answer to a move on such a page: a word, and the news that something moved."""
    return changed(toast(close_dialog(), sentence), "handoffs")


def finished(request: HttpRequest, to, sentence, **args) -> HttpResponse:
    """Back to the page the dialog was opened from, else to the thing's own page, with a word."""
    if on_live_page(request):
        return moved(sentence)
    return go(request, opened_from(request) or resolve_url(to, **args), sentence)
