"""The taking side's answers: accept, and who of them holds the lead."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import User
from common import now
from common.refusals import Malformed
from handoff.actions.clocks import clock, settle_clocks, start_clocks, stop_clocks
from handoff.actions.entrustments import entrust
from handoff.actions.locks import lock_handoff, refuse_unless_open, refuse_who_takes_none
from handoff.actions.telling import tell_giver
from handoff.models import Handoff
from handoff.permissions import demand
from handoff.states import ClockKind, State
from leads.actions.stages import move_lead
from leads.history import record
from leads.models import Lead
from leads.states import Stage


@transaction.atomic
def accept_lead(handoff: Handoff, *, by: User) -> Handoff:
    """Claim a lead: `by` holds it from now on, their team is accountable, contact and decide clocks start.

    Of any number of people at once exactly one wins; the others are told who. The winner may
    repeat it. There is no undo: returning is the way back.
    """
    handoff = lock_handoff(handoff)
    if handoff.state == State.ACCEPTED and handoff.taker_id == by.pk:
        return handoff
    refuse_unless_open("accept", handoff, by=by)
    moment = now()
    if handoff.taker_team_id == by.team_id:
        handoff.taker_team = by.team  # known already
    handoff.state, handoff.taker = State.ACCEPTED, by
    handoff.answered_at = handoff.accepted_at = moment
    handoff.save(update_fields=["state", "taker", "answered_at", "accepted_at"])
    stop_clocks(handoff, ClockKind.ACCEPT, at=moment)
    start_clocks(
        clock(ClockKind.CONTACT, handoff, team=handoff.taker_team, owner=by, at=moment),
        clock(ClockKind.DECIDE, handoff, team=handoff.taker_team, owner=by, at=moment),
    )
    if handoff.previous_leg_id:
        _convert_previous(handoff, at=moment)
    entrust(handoff.lead, handoff.taker_team, by=by, at=moment, handoff=handoff)
    move_lead(
        handoff.lead,
        "handoff.accept",
        Stage.SAL,
        by=by,
        at=moment,
        recorded_at=moment,
        changes={"team": handoff.taker_team, "seller": by},
        handoff_id=handoff.pk,
        version=handoff.agreement_version,
        leg=handoff.leg,
        round=handoff.round,
    )
    tell_giver(handoff, "handoff.accepted", by=by, at=moment)
    return handoff


def _convert_previous(handoff: Handoff, *, at: datetime) -> None:
    previous = Handoff.objects.select_for_update().get(pk=handoff.previous_leg_id)
    settle_clocks(previous, at=at)
    previous.state, previous.closed_at = State.CONVERTED, at
    previous.save(update_fields=["state", "closed_at"])


@transaction.atomic
def reassign_handoff(handoff: Handoff, *, by: User, taker: User | None) -> Handoff:
    """A manager of the taking team puts the handoff to another person, or back into the pool.

    Clocks run on: the customer has waited already. An accepted handoff always has a person.
    """
    handoff = lock_handoff(handoff)
    demand(by, "reassign", handoff)
    if not handoff.is_open:
        refuse_unless_open("accept", handoff, by=by)
    if handoff.taker_id == (taker.pk if taker else None):
        return handoff
    _refuse_new_taker(handoff, taker)
    handoff.taker, handoff.named = taker, taker is not None
    handoff.save(update_fields=["taker", "named"])
    handoff.clocks.running().exclude(kind=ClockKind.ACKNOWLEDGE).update(owner=taker)
    if handoff.state == State.ACCEPTED:
        handoff.lead.seller = taker
        Lead.objects.filter(pk=handoff.lead_id).update(seller=taker)
    record(
        handoff.lead,
        "handoff.reassign",
        by=by,
        handoff_id=handoff.pk,
        version=handoff.agreement_version,
        to=taker.pk if taker else None,
    )
    if taker:
        tell(taker, "handoff.reassigned", by=by, lead=handoff.lead, path=f"/handoffs/{handoff.pk}/")
    return handoff


def _refuse_new_taker(handoff: Handoff, taker: User | None) -> None:
    if taker is None and handoff.state == State.ACCEPTED:
        raise Malformed(_("An accepted lead needs a person who holds it."), field="taker")
    if taker and (taker.team_id != handoff.taker_team_id or not taker.is_active):
        raise Malformed(
            _("%(name)s is not in the team %(team)s.")
            % {"name": taker.name, "team": handoff.taker_team.name},
            field="taker",
        )
    if taker:
        refuse_who_takes_none(taker)
