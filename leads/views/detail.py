"""The page of one lead: its card, its one timeline, its score; and its neighbours in the list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from common.clock import page_now
from common.keyset import next_to
from common.web import go
from leads.actions.comments import MAY_WITHDRAW_WITHIN
from leads.filters import find_leads
from leads.filters.leads import own_fields
from leads.measures import Card, read_card
from leads.models import Lead
from leads.permissions import can
from leads.states import Stage
from leads.timeline import Day, Filter, People, read_timeline, tell_story
from leads.timeline.stories import people_in
from leads.views.replies import visible_lead
from leads.views.scores import score_of
from leads.views.seam import seam_of

_ACTS = ("edit", "comment", "fact", "consent", "follow_up", "touch", "question", "answer", "assign")


@require_safe
def detail(request, pk):
    """Everything about a lead. Six queries and one fragment, whatever has happened with it."""
    card = read_card(pk, request.user)
    story = _story(request, card)
    context = {
        **story,
        "kept": _kept(request),
        "seam": seam_of(card.journey),
        "lacks_step": card.lead.stage in (Stage.SAL, Stage.SQL) and not card.steps,
        "at_end": card.lead.stage in (Stage.LOST, Stage.DISQUALIFIED),
        "own": _own_values(card.lead),
        **score_of(card.lead, at=story["moment"]),
    }
    return render(request, "leads/detail.html", context)


def _story(request: HttpRequest, card: Card) -> dict:
    """What the timeline and everything that names people on the page needs."""
    only = request.GET.get("only", Filter.ALL)
    key = request.GET.get("after", "")
    page = read_timeline(card.lead, only=only, key=key)
    people = People(card.people | people_in(page.entries) | {request.user.pk})
    days = tell_story(page.entries, journey=card.journey, people=people, reader=request.user)
    _mark_own(days, request.user)
    return {
        "lead": card.lead,
        "card": card,
        "facts": [
            (fact, people.get(fact.by), people.get(fact.confirmed_by)) for fact in card.facts
        ],
        "steps": [(step, people.get(step.owner)) for step in card.steps],
        "days": days,
        "next_key": page.next_key,
        "only": only,
        "filters": [(code, words, code == only) for code, words in Filter.choices],
        "moment": page_now(),
        "may": {verb: can(request.user, verb, card.lead) for verb in _ACTS},
    }


def _mark_own(days: list[Day], user: User) -> None:
    """What the reader may still take back: their own words of the last quarter of an hour."""
    since = page_now() - MAY_WITHDRAW_WITHIN
    for day in days:
        for item in day.items:
            own = item.kind in ("comment", "touch") and item.by_id == user.pk
            item.can_withdraw = own and item.at >= since


def _own_values(lead: Lead) -> list[tuple[str, object]]:
    """The own fields of the lead and of its company that have a value, by name."""
    found = []
    for row, of in ((lead, "lead"), (lead.company, "company")):
        if row is not None and row.attributes:
            found += [
                (str(one), row.attributes[one.code])
                for one in own_fields(of)
                if one.code in row.attributes
            ]
    return found


def _kept(request: HttpRequest) -> str:
    """The list this lead was opened from, to go on in it; not the page of the timeline."""
    query = request.GET.copy()
    for gone in ("only", "after"):
        query.pop(gone, None)
    return f"?{query.urlencode()}" if query else ""


@require_safe
def timeline(request, pk):
    """The timeline alone: narrowed by `only`, or the older part after a key."""
    card = read_card(pk, request.user)
    template = "leads/_older.html" if request.GET.get("after") else "leads/_timeline.html"
    context = _story(request, card)
    if request.htmx:
        return render(request, template, context)
    return redirect(f"{reverse('leads:detail', args=[pk])}?{request.GET.urlencode()}")


def story_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The timeline anew, for whatever has just added to it."""
    return render(request, "leads/_timeline.html", _story(request, read_card(pk, request.user)))


@require_safe
def neighbour(request, pk, back):
    """On to the next or the previous lead of the list one came from."""
    lead = visible_lead(request, pk)
    found = find_leads(request.GET, request.user)
    other = next_to(found.rows, lead, order=found.order, back=back)
    if other is None:
        words = (
            _("This is the first one of the list.")
            if back
            else _("This is the last one of the list.")
        )
        return go(
            request, f"{reverse('leads:detail', args=[pk])}{_kept(request)}", words, kind="info"
        )
    return redirect(f"{reverse('leads:detail', args=[other.pk])}{_kept(request)}")
