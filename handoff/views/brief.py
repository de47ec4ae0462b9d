"""The brief: what the taker reads before the first contact, in two minutes on a phone."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from common.web import toast
from handoff import actions
from handoff.actions.clocks import agreement_in_force
from handoff.actions.conditions import condition_of
from handoff.actions.introductions import why_not_introduced
from handoff.actions.locks import what_happened
from handoff.actions.rests import pause_of
from handoff.permissions import can, moves_open_to
from handoff.routing.words import routed
from handoff.states import State
from handoff.views.brief_page import read_page
from handoff.views.cards import with_clocks
from handoff.views.difference_page import read_difference
from handoff.views.replies import visible_handoff
from leads.models import FollowUp


@require_safe
def detail(request, pk):
    handoff = with_clocks([visible_handoff(request, pk, "brief")])[0]
    agreement = agreement_in_force()
    moves = moves_open_to(request.user, handoff)
    context = {
        "handoff": handoff,
        "lead": handoff.lead,
        "brief": read_page(handoff, request.user),
        "difference": read_difference(handoff),
        "condition": condition_of(handoff),
        "pause": pause_of(handoff),
        "moves": moves,
        "seen": _as_seen(handoff, moves),
        "routed": routed(handoff, request.user),
        "has_next": "pass_on" in moves and handoff.has_next,
        "may_reassign": handoff.is_open and can(request.user, "reassign", handoff),
        "may_introduce": _may_introduce(request.user, handoff),
        "lacks_next_step": "contact" in moves and not _has_plans(handoff),
        "records_reading": _records_reading(request.user, handoff),
        "is_draft": agreement.is_draft,
        "terms": agreement.terms,
    }
    return render(request, "handoff/brief.html", context)


def _may_introduce(user, handoff) -> bool:
    """Whether `user` is to be offered the introduction: nothing stands against it."""
    return (
        handoff.state == State.ACCEPTED
        and can(user, "introduce", handoff)
        and not why_not_introduced(handoff)
    )


def _has_plans(handoff) -> bool:
    return FollowUp.objects.open().filter(lead=handoff.lead_id).exists()


def _records_reading(user, handoff) -> bool:
    """Whether the page is to tell that it was shown: once, and only for the taking team."""
    return (
        handoff.brief_read_at is None and handoff.is_open and user.team_id == handoff.taker_team_id
    )


@require_safe
def news(request, pk):
    """Asked by an open brief now and then: nothing while it is as it was `seen`, else the brief
    anew, of which the page takes the parts that move."""
    handoff = visible_handoff(request, pk)
    if request.GET.get("seen") == _as_seen(handoff, moves_open_to(request.user, handoff)):
        return HttpResponse(status=204)
    answer = detail(request, pk)
    state = request.GET.get("seen", "").partition("-")[0]
    return answer if state == handoff.state else toast(answer, what_happened(handoff))


def _as_seen(handoff, moves) -> str:
    """What buttons, heading and outcome of the page depend on."""
    parts = (handoff.state, handoff.taker_id, bool(handoff.acknowledged_at), *moves)
    return "-".join(str(part) for part in parts)


@require_POST
def reading(request, pk):
    """Sent once by the page when the brief is really shown; nobody sees who read it."""
    actions.read_brief(visible_handoff(request, pk), by=request.user)
    return HttpResponse(status=204)
