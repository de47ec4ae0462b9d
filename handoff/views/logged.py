"""After a contact was logged: how many attempts that makes, what is next, and the way back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.web import changed, is_htmx, toast
from handoff import actions
from handoff.actions.clocks import agreement_in_force
from handoff.actions.contacts import attempts_of
from handoff.models import Handoff
from handoff.permissions import can
from handoff.views.days import due_days
from handoff.views.replies import finished
from leads.models import Interaction, Lead
from leads.views.detail import story_answer


def logged(
    request: HttpRequest, lead: Lead, touch: Interaction, *, quick: bool = False
) -> HttpResponse:
    """Back to where one was; or what is to be decided first, where a call was logged by one tap or
    nothing is planned with a lead that one's team holds."""
    handoff = _held(request, lead)
    planned = lead.follow_ups.open().exists()
    if not is_htmx(request) or not (quick or (handoff and not planned and touch.is_contact)):
        return finished(request, "leads:detail", _("Logged."), pk=lead.pk)
    attempts = attempts_of(handoff) if handoff else 0
    enough = agreement_in_force().terms.attempts_before_unreachable
    context = {
        "title": _("Logged"),
        "lead": lead,
        "touch": touch,
        "handoff": handoff,
        "attempts": attempts,
        "enough": enough,
        "left": max(0, enough - attempts),
        "may_return": bool(handoff and can(request.user, "return", handoff)),
        "planned": planned,
        "days": due_days(),
    }
    return render(request, "handoff/logged.html", context)


def _held(request: HttpRequest, lead: Lead) -> Handoff | None:
    found = Handoff.objects.accepted().filter(lead=lead, taker_team=request.user.team_id)
    return found.select_related("lead", "taker_team").order_by("-leg").first()


@require_POST
def touch_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """A contact taken back, with what it did to the clock. The timeline comes back where it asked."""
    touch = get_object_or_404(Interaction.objects.visible_to(request.user), pk=pk)
    actions.withdraw_contact(touch, by=request.user)
    words = _("The touch is taken back.")
    if is_htmx(request) and request.headers.get("HX-Target") == "story":
        return changed(toast(story_answer(request, touch.lead_id), words), "handoffs")
    return finished(request, "leads:detail", words, pk=touch.lead_id)
