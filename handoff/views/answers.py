"""The answers to an offer and to a return."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.clock import page_now
from common.refusals import NotAllowed, Refusal
from common.web import changed, go, is_htmx, toast
from handoff import actions
from handoff.actions.acknowledgements import refuse_acknowledged
from handoff.actions.clocks import agreement_in_force
from handoff.actions.conditions import condition_of
from handoff.actions.locks import refuse_unless_open
from handoff.forms import AcknowledgeForm, ReassignForm, ReturnForm, WithdrawForm
from handoff.permissions import demand, moves_open_to
from handoff.views.cards import with_clocks
from handoff.views.days import revisit_days
from handoff.views.replies import (
    attempt,
    dialog,
    finished,
    moved,
    on_live_page,
    posted,
    visible_handoff,
)
from leads.measures import unheard


@require_POST
def acceptance(request, pk):
    """Claim or accept. On a card of the list the card is swapped, also when somebody was faster."""
    handoff = visible_handoff(request, pk)
    on_card = is_htmx(request) and request.headers.get("HX-Target", "") == f"handoff-{pk}"
    try:
        handoff = actions.accept_lead(handoff, by=request.user)
    except NotAllowed:
        raise
    except Refusal as late:
        if not on_card:
            raise
        return toast(_card(request, pk, status=409), late.sentence, kind="error")
    if on_card:
        return changed(toast(_card(request, pk), _("Accepted. It is yours now.")), "handoffs")
    if on_live_page(request):
        return moved(_("Accepted. It is yours now."))
    return go(request, "handoff:detail", _("Accepted. It is yours now."), pk=handoff.pk)


def _card(request, pk, status=200):
    handoff = with_clocks([visible_handoff(request, pk)])[0]
    moves = moves_open_to(request.user, handoff)
    context = {"handoff": handoff, "moves": moves, "is_new": status == 200}
    return render(request, "handoff/_card.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def return_(request, pk):
    handoff = visible_handoff(request, pk)
    to_hear = unheard(handoff.lead, handoff.taker_team_id)
    form = ReturnForm(posted(request), handoff=handoff, unheard=to_hear)
    if request.method == "POST":
        if attempt(form, lambda **data: actions.return_lead(handoff, by=request.user, **data)):
            return finished(
                request, "handoff:detail", _("Returned. The giving team has been told."), pk=pk
            )
    else:
        refuse_unless_open("return", handoff, by=request.user)
    return dialog(
        request,
        "handoff/return_form.html",
        form,
        title=_("Return"),
        handoff=handoff,
        version=agreement_in_force().version,
        terms=agreement_in_force().terms,
        acknowledged_by=_acknowledged_by(handoff),
        comes_to=_comes_to(handoff, request.user),
        days=revisit_days(),
    )


def _comes_to(handoff, user):
    """To whom the lead comes back, and on which way: past the team before it is who had it there."""
    ways = [(handoff.taker or user, "near")]
    if handoff.previous_leg_id:
        ways.append((handoff.previous_leg.taker, "further"))
    return ways


def _acknowledged_by(handoff):
    """When the giver's answer to a return made now would be due."""
    minutes = agreement_in_force().terms.acknowledge_within
    return handoff.giver_team.business_calendar.add_minutes(page_now(), minutes)


@require_http_methods(["GET", "HEAD", "POST"])
def acknowledgement(request, pk):
    handoff = visible_handoff(request, pk)
    form = AcknowledgeForm(posted(request))
    if request.method == "POST":
        act = lambda **data: actions.acknowledge_return(handoff, by=request.user, **data)  # noqa: E731
        if attempt(form, act):
            words = _("Acknowledged. The team that returned it has been told.")
            return finished(request, "handoff:detail", words, pk=pk)
    else:
        _refuse_acknowledged(request, handoff)
    return dialog(
        request,
        "handoff/acknowledge_form.html",
        form,
        title=_("Acknowledge the return"),
        handoff=handoff,
        condition=condition_of(handoff),
    )


def _refuse_acknowledged(request, handoff):
    refuse_unless_open("acknowledge", handoff, by=request.user)
    refuse_acknowledged(handoff)


@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request, pk):
    handoff = visible_handoff(request, pk)
    form = WithdrawForm(posted(request))
    if request.method == "POST":
        if attempt(form, lambda **data: actions.withdraw_offer(handoff, by=request.user, **data)):
            return finished(request, "handoff:detail", _("The offer is withdrawn."), pk=pk)
    else:
        refuse_unless_open("withdraw", handoff, by=request.user)
    return dialog(
        request, "handoff/withdraw_form.html", form, title=_("Withdraw the offer"), handoff=handoff
    )


@require_http_methods(["GET", "HEAD", "POST"])
def taker(request, pk):
    """Another person of the taking team; their manager decides."""
    handoff = visible_handoff(request, pk)
    form = ReassignForm(posted(request), handoff=handoff)
    if request.method == "POST":
        before = handoff.taker_id
        given = attempt(
            form, lambda **data: actions.reassign_handoff(handoff, by=request.user, **data)
        )
        if given:
            return finished(request, "handoff:detail", _who_has_it_now(given, before), pk=pk)
    else:
        demand(request.user, "reassign", handoff)
        if not handoff.is_open:
            refuse_unless_open("accept", handoff, by=request.user)
    return dialog(
        request, "handoff/reassign_form.html", form, title=_("Who takes it"), handoff=handoff
    )


def _who_has_it_now(handoff, before):
    """What the choice came to: also that it came to nothing."""
    if handoff.taker is None:
        if before is None:
            return _("Nothing changed: it still waits for anyone in the team.")
        return _("It waits for anyone in the team again.")
    if handoff.taker_id == before:
        return _("Nothing changed: it stays with %(name)s.") % {"name": handoff.taker.name}
    return _("Passed to another person.")
