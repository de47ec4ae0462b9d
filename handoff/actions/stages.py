"""Moves of the lead itself that an open handoff or deal has a say in."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import now
from common.refusals import Malformed, Refusal
from handoff.actions.clocks import release_answers
from handoff.actions.conditions import drop_condition
from handoff.actions.deals import close_lost
from handoff.actions.entrustments import entrust
from handoff.actions.locks import open_handoffs
from handoff.actions.offers import close_waiting, tell_takers
from handoff.actions.returns import close_returned
from handoff.actions.routing_queue import leave_queue
from handoff.actions.telling import tell_giver
from handoff.models import LostReason, ReturnReason
from handoff.states import ReturnKind, State
from leads.actions.stages import (
    already,
    back_to_marketing,
    lock_lead,
    move_lead,
    refuse_unless,
)
from leads.actions.stages import nurture_lead as _nurture
from leads.actions.stages import qualify_lead as _qualify
from leads.history import record
from leads.models import Lead
from leads.permissions import demand
from leads.states import Stage

__all__ = ["disqualify_lead", "nurture_lead", "qualify_lead", "recycle_lead", "reinstate_lead"]


@transaction.atomic
def nurture_lead(lead: Lead, *, by: User | None, reason: str = "") -> Lead:
    """Take a lead (back) into nurturing; refused while an offer of it waits for an answer."""
    lead = lock_lead(lead)
    if any(handoff.state == State.WAITING for handoff in open_handoffs(lead)):
        raise Refusal(_("This lead is offered. Withdraw the offer first."))
    lead = _nurture(lead, by=by, reason=reason)
    leave_queue(lead)
    return lead


@transaction.atomic
def qualify_lead(
    lead: Lead, *, by: User | None, judgement: str, at: datetime | None = None
) -> Lead:
    """Make an MQL of a lead by a marketer's stated judgement, whatever sales waits for: a condition
    it was returned with is dropped."""
    lead = lock_lead(lead)
    drop_condition(lead, by=by, at=at or now())
    return _qualify(lead, by=by, judgement=judgement, at=at)


@transaction.atomic
def disqualify_lead(lead: Lead, *, by: User | None, reason: str) -> Lead:
    """Take a lead out for good, with a reason in words. Its waiting offer is withdrawn, an accepted
    one returned as not a fit, its open deals lost. Reinstating brings it back to nurturing."""
    lead = lock_lead(lead)
    if already(lead, "disqualify", by):
        return lead
    demand(by, "disqualify", lead)
    refuse_unless("disqualify", lead)
    if not reason.strip():
        raise Malformed(_("Say in a sentence why this lead is out."), field="reason")
    moment = now()
    lead.comments.create(text=reason.strip(), by=by, at=moment)
    drop_condition(lead, by=by, at=moment)
    _close_handoffs(lead, by=by, note=reason, at=moment)
    lost = LostReason.objects.filter(retired_at=None).order_by("position").last()
    for deal in lead.deals.select_for_update().open():
        close_lost(deal, reason=lost, note=reason, at=moment)
        record(lead, "deal.lose", by=by, at=moment, deal_id=deal.pk, reason=lost and lost.code)
    release_answers(lead, at=moment)
    leave_queue(lead)
    entrust(lead, None, by=by, at=moment)
    move_lead(
        lead,
        "lead.disqualify",
        Stage.DISQUALIFIED,
        by=by,
        at=moment,
        changes={"revisit_on": None},
    )
    return lead


def _close_handoffs(lead: Lead, *, by: User | None, note: str, at) -> None:
    """From the last leg to the first: each return leaves the lead with the giver of that leg."""
    # A return opens the leg before again, so each is looked for anew.
    while held := open_handoffs(lead):
        handoff = held[0]
        if handoff.state == State.WAITING:
            close_waiting(handoff, State.WITHDRAWN, "handoff.withdraw", by=by, at=at)
            tell_takers(handoff, "handoff.withdrawn", by=by)
        else:
            reason = ReturnReason.objects.filter(kind=ReturnKind.REJECTED, retired_at=None).first()
            close_returned(handoff, by=by, reason=reason, note=note, revisit_on=None, at=at)
            tell_giver(handoff, "handoff.returned", by=by, reason=reason.code)


@transaction.atomic
def reinstate_lead(lead: Lead, *, by: User | None, reason: str = "") -> Lead:
    """Bring a disqualified lead back to nurturing, with marketing."""
    return _back(lead, "reinstate", by=by, reason=reason)


@transaction.atomic
def recycle_lead(lead: Lead, *, by: User | None, reason: str = "") -> Lead:
    """Bring a lost lead back to nurturing, with marketing: another day, another chance."""
    return _back(lead, "recycle", by=by, reason=reason)


def _back(lead: Lead, verb: str, *, by: User | None, reason: str) -> Lead:
    lead = lock_lead(lead)
    if already(lead, verb, by):
        return lead
    demand(by, verb, lead)
    refuse_unless(verb, lead)
    moment = now()
    if reason.strip():
        lead.comments.create(text=reason.strip(), by=by, at=moment)
    move_lead(
        lead, f"lead.{verb}", Stage.NURTURING, by=by, at=moment, changes=back_to_marketing(lead)
    )
    return lead
