"""What stands on the lead page about its handoffs: whose turn it is, what may be done, who holds it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import can as allowed
from accounts.states import TeamKind
from handoff.models import Clock, Deal, Entrustment, Handoff
from handoff.permissions import lead_moves_open_to, moves_open_to
from handoff.routing.words import routed
from handoff.states import ClockKind, State
from handoff.views.replies import visible_lead
from leads.permissions import can as can_lead
from leads.states import Stage


@require_safe
def of_lead(request, lead_pk):
    """The fragment of the lead page, a page without our scripts. Four queries: lead, handoffs,
    clocks, deals."""
    lead = visible_lead(request, lead_pk)
    handoffs = list(
        Handoff.objects.visible_to(request.user)
        .filter(lead=lead)
        .with_card_facts()
        .with_next_step()
        .order_by("-offered_at", "-pk")
    )
    for handoff in handoffs:
        handoff.lead = lead
    clocks = list(
        Clock.objects.running()
        .filter(lead_id=lead.pk)
        .select_related("team", "owner__team")
        .order_by("due_at", "pk")
    )
    turn = _turn(clocks)
    current, bridge = _current(handoffs), _bridge(handoffs)
    open_ones = [handoff for handoff in handoffs if handoff.is_open]
    context = {
        "lead": lead,
        "turn": turn,
        "lacks_next_step": _lacks_next_step(lead, handoffs),
        "other_clocks": [clock for clock in clocks if clock is not turn],
        "handoff": current,
        "entrusted": _entrusted(request.user, lead),
        "may_see_seat": allowed(request.user, "seat.view"),
        "routed": routed(current, request.user) if current else "",
        "moves": moves_open_to(request.user, current) if current else [],
        "lead_moves": lead_moves_open_to(request.user, lead, open_handoffs=open_ones),
        "may_touch": can_lead(request.user, "touch", lead),
        "rounds": handoffs,
        "bridge": bridge,
        # While it is on the bridge, nobody of sales has it.
        "seller": None if lead.seller == bridge else lead.seller,
        "deals": list(
            Deal.objects.visible_to(request.user).filter(lead=lead).order_by("-opened_at")
        )
        if lead.sql_at or lead.won_at
        else [],
    }
    template = "handoff/_of_lead.html" if request.htmx else "handoff/of_lead.html"
    return render(request, template, context)


def _lacks_next_step(lead, handoffs) -> bool:
    """Sales holds it, through a handoff or a deal that came of one, and nothing is planned."""
    held = lead.stage in (Stage.SAL, Stage.SQL)
    return held and any(not one.has_next_step for one in handoffs)


def _entrusted(user, lead) -> Entrustment | None:
    """For us: with which partner it is, since when and why. A query for entrusted leads only."""
    if user.is_partner or lead.entrusted_to_id is None:
        return None
    return Entrustment.objects.running().select_related("team").filter(lead=lead).first()


def _turn(clocks) -> Clock | None:
    """Whose turn it is: the taker's while an offer waits, else of whoever owes something first."""
    waiting = (clock for clock in clocks if clock.kind == ClockKind.ACCEPT)
    return next(waiting, clocks[0] if clocks else None)


def _current(handoffs):
    """The handoff that something can be done with: waiting, held, or returned and not acknowledged."""
    by_state = sorted(
        (one for one in handoffs if one.is_open or _unanswered_return(one)),
        key=lambda one: (one.state != State.WAITING, one.state != State.ACCEPTED),
    )
    return by_state[0] if by_state else None


def _unanswered_return(handoff) -> bool:
    return handoff.state == State.RETURNED and handoff.acknowledged_at is None


def _bridge(handoffs):
    """The person of inside sales who took this lead on its way, if any."""
    return next(
        (
            one.taker
            for one in handoffs
            if one.taker and one.taker.team_kind == TeamKind.INSIDE_SALES
        ),
        None,
    )
