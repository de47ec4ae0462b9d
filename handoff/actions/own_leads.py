"""Sales' own leads: somebody a rep met, offered to oneself and accepted at once."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import now
from common.refusals import Malformed, Refusal
from handoff.actions.answers import accept_lead
from handoff.actions.clocks import agreement_in_force
from handoff.actions.locks import open_handoffs
from handoff.actions.offers import make_offer
from handoff.models import Handoff, Leg
from handoff.permissions import can_take_own, demand
from leads.actions.stages import lock_lead, move_lead
from leads.models import Lead
from leads.states import Stage


@transaction.atomic
def take_own_lead(lead: Lead, *, by: User, reason: str) -> Handoff:
    """Take a lead that nobody in marketing holds: qualified by `by`'s word, offered to oneself, accepted.

    The ledger tells all three moves, so that the figures count it as any other handoff.
    Raises `Refusal` where a marketer looks after the lead, or it is already on its way.
    """
    lead = lock_lead(lead)
    held = open_handoffs(lead)
    if held and held[0].taker_id == by.pk and held[0].giver_id == by.pk:
        return held[0]
    demand(by, "take_own", lead)
    _refuse_unless_free(lead, held)
    if not reason.strip():
        raise Malformed(_("Say in a sentence how you know this person."), field="reason")
    leg = _first_leg_of(by)
    moment = now()
    version = agreement_in_force().version
    if lead.stage != Stage.MQL:
        move_lead(
            lead,
            "lead.qualify",
            Stage.MQL,
            by=by,
            at=moment,
            version=version,
            judgement=True,
            own=True,
        )
    lead.comments.create(text=reason.strip(), by=by, at=moment)
    handoff = make_offer(lead, leg, by=by, giver_team=by.team, taker=by, at=moment)
    return accept_lead(handoff, by=by)


def _refuse_unless_free(lead: Lead, held: list[Handoff]) -> None:
    if lead.marketer_id:
        raise Refusal(
            _("%(name)s in marketing looks after this lead. Ask for it to be offered to you.")
            % {"name": lead.marketer.name}
        )
    if held or not can_take_own(lead):
        raise Refusal(_("This lead is already on its way."))


def _first_leg_of(by: User) -> Leg:
    legs = Leg.objects.filter(position=0, taker=by.team, lane__is_active=True).select_related(
        "lane", "taker"
    )
    leg = legs.order_by("lane_id").first()
    if leg is None:
        raise Refusal(_("No lane begins with your team."))
    return leg
