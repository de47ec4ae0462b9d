"""Moves of the lead itself: each a small dialog that says what will happen."""

from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from handoff import actions
from handoff.forms import ReasonForm
from handoff.permissions import demand
from handoff.views.replies import attempt, dialog, finished, posted, visible_lead
from leads.actions.stages import refuse_unless
from leads.states import VERBS


@dataclass(frozen=True)
class LeadMove:
    """How a move is asked about; `field` is the verb's argument for the words."""

    title: str
    says: str
    button: str
    label: str
    done: str
    field: str = "reason"
    required: bool = False
    loses: bool = False


MOVES = {
    "nurture": LeadMove(
        _("Take into nurturing"),
        _("Marketing goes on nurturing this lead. It qualifies again by what it does."),
        _("Take into nurturing"),
        _("Why"),
        _("It is being nurtured."),
    ),
    "qualify": LeadMove(
        _("Qualify by judgement"),
        _("It becomes an MQL although the score does not say so. Your sentence is kept with it."),
        _("Qualify"),
        _("Why is this lead qualified?"),
        _("Qualified. It can be offered now."),
        field="judgement",
        required=True,
    ),
    "disqualify": LeadMove(
        _("Take the lead out"),
        _(
            "A waiting offer is withdrawn, an accepted one returned as not a fit, open deals are "
            "lost. The lead can be brought back later."
        ),
        _("Take out"),
        _("Why is this lead out?"),
        _("The lead is out."),
        required=True,
        loses=True,
    ),
    "reinstate": LeadMove(
        _("Bring the lead back"),
        _("It goes back to marketing, to be nurtured."),
        _("Bring back"),
        _("Why"),
        _("It is back and being nurtured."),
    ),
    "recycle": LeadMove(
        _("Nurture it again"),
        _("The lost lead goes back to marketing. The deal stays lost."),
        _("Nurture again"),
        _("Why"),
        _("It is back and being nurtured."),
    ),
    "take_own": LeadMove(
        _("Take it as your own lead"),
        _(
            "For people you met yourself. It is offered to you and accepted at once; the clock for "
            "the first contact starts."
        ),
        _("Take it"),
        _("How do you know this person?"),
        _("It is yours. The first contact is next."),
        required=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def lead_move(request, lead_pk, verb):
    move = MOVES.get(verb)
    if move is None:
        raise Http404
    lead = visible_lead(request, lead_pk)
    form = ReasonForm(posted(request), name=move.field, label=move.label, required=move.required)
    act = getattr(actions, f"{verb}_lead")
    if form.is_bound:
        if attempt(form, lambda **data: act(lead, by=request.user, **data)):
            return finished(request, "leads:detail", move.done, pk=lead.pk)
    else:
        demand(request.user, verb, lead)
        if verb in VERBS:
            refuse_unless(verb, lead)
    return dialog(request, "handoff/move_form.html", form, title=move.title, move=move, lead=lead)
