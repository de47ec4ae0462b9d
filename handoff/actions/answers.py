"""The taking side's answers, and the giver's answer to a return."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import Organisation, User
from accounts.states import TeamKind
from common import now
from common.refusals import Malformed, Refusal
from handoff.actions.clocks import (
    agreement_in_force,
    clock,
    resume_deciding,
    settle_clocks,
    start_clocks,
    stop_clocks,
)
from handoff.actions.entrustments import entrust
from handoff.actions.locks import (
    lock_handoff,
    open_handoffs,
    refuse_unless_open,
    refuse_who_takes_none,
)
from handoff.models import Handoff, ReturnReason
from handoff.permissions import demand
from handoff.states import Acknowledgement, ClockKind, State
from leads.actions.stages import back_to_marketing, move_lead
from leads.history import record
from leads.models import Lead
from leads.states import CONTACT_KINDS, Direction, Stage

UNREACHABLE = "unreachable"


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
def return_lead(
    handoff: Handoff,
    *,
    by: User,
    reason: ReturnReason,
    note: str = "",
    revisit_on: date | None = None,
) -> Handoff:
    """Send the lead back to the giver with a reason, before or after accepting it.

    From the first leg it goes back to marketing (`nurturing`), from a later one to the team
    before, whose own clock goes on. The giver's clock to acknowledge starts.
    Raises `Malformed` for a retired reason, or without the date the reason asks for.
    """
    handoff = lock_handoff(handoff)
    said = (handoff.return_reason, handoff.return_note, handoff.revisit_on)
    repeated = handoff.returned_by_id == by.pk and said == (reason, note.strip(), revisit_on)
    if handoff.state == State.RETURNED and repeated:
        return handoff
    refuse_unless_open("return", handoff, by=by)
    _refuse_reason(reason, revisit_on)
    _refuse_too_few_attempts(handoff, reason)
    moment = now()
    close_returned(handoff, by=by, reason=reason, note=note, revisit_on=revisit_on, at=moment)
    tell_giver(handoff, "handoff.returned", by=by, at=moment, reason=reason.code)
    return handoff


def close_returned(
    handoff: Handoff, *, by: User | None, reason: ReturnReason, note: str, revisit_on, at: datetime
) -> None:
    """Close a *locked* open handoff as returned and put the lead where it came from."""
    if handoff.state == State.ACCEPTED:
        _refuse_while_offered_on(handoff)
    handoff.answered_at = handoff.answered_at or at
    handoff.state, handoff.closed_at, handoff.returned_by = State.RETURNED, at, by
    handoff.return_reason, handoff.return_kind = reason, reason.kind
    handoff.return_note, handoff.revisit_on = note.strip(), revisit_on
    handoff.save(
        update_fields=[
            "answered_at",
            "state",
            "closed_at",
            "returned_by",
            "return_reason",
            "return_kind",
            "return_note",
            "revisit_on",
        ]
    )
    settle_clocks(handoff, at=at)
    start_clocks(
        clock(ClockKind.ACKNOWLEDGE, handoff, team=handoff.giver_team, owner=handoff.giver, at=at)
    )
    _give_back(handoff, by=by, at=at)


def _give_back(handoff: Handoff, *, by: User | None, at: datetime) -> None:
    what: dict[str, Any] = {
        "by": by,
        "at": at,
        "recorded_at": at,
        "handoff_id": handoff.pk,
        "version": handoff.agreement_version,
        "reason": handoff.return_reason.code,
        "leg": handoff.leg,
        "round": handoff.round,
    }
    lead = handoff.lead
    if handoff.previous_leg_id:
        previous = _decides_again(handoff.previous_leg_id, at=at)
        entrust(lead, previous.taker_team, by=by, at=at, handoff=previous)
        changes = {"team": previous.taker_team, "seller": previous.taker}
        move_lead(lead, "handoff.return", Stage.SAL, changes=changes, **what)
    else:
        entrust(lead, None, by=by, at=at)
        # A lead that sales took as their own was given by sales: marketing nurtures it all the same.
        giver = handoff.giver_team if handoff.giver_team.kind == TeamKind.MARKETING else None
        changes = back_to_marketing(lead, team=giver, revisit_on=handoff.revisit_on)
        move_lead(lead, "handoff.return", Stage.NURTURING, changes=changes, **what)


def _decides_again(pk: int, *, at: datetime) -> Handoff:
    """The leg before is open again: whoever passed the lead on decides anew, their clock resuming."""
    previous = (
        Handoff.objects.select_for_update(of=("self",))
        .select_related("taker", "taker_team")
        .get(pk=pk)
    )
    if previous.state == State.CONVERTED:
        previous.state, previous.closed_at = State.ACCEPTED, None
        previous.save(update_fields=["state", "closed_at"])
    resume_deciding(previous, at=at)
    return previous


def _refuse_while_offered_on(handoff: Handoff) -> None:
    waiting = [one for one in open_handoffs(handoff.lead) if one.state == State.WAITING]
    if waiting:
        raise Refusal(_("This lead is offered on to the next team. Withdraw that offer first."))


def _refuse_reason(reason: ReturnReason | None, revisit_on: date | None) -> None:
    if reason is None or reason.retired_at:
        raise Malformed(_("Choose a reason from the agreed list."), field="reason")
    if revisit_on and revisit_on <= now().astimezone(Organisation.current().zone).date():
        raise Malformed(_("The date to come back to must lie in the future."), field="revisit_on")
    if reason.needs_revisit and not revisit_on:
        raise Malformed(
            _("With this reason, say from when you would like the lead back."), field="revisit_on"
        )


def _refuse_too_few_attempts(handoff: Handoff, reason: ReturnReason) -> None:
    """ "Could not be reached" is said after as many attempts as both sides agreed on."""
    if reason.code != UNREACHABLE:
        return
    wanted = agreement_in_force().terms.attempts_before_unreachable
    made = handoff.lead.touches.filter(
        kind__in=CONTACT_KINDS, direction=Direction.OUTBOUND, at__gte=handoff.offered_at
    )[:wanted].count()
    if made < wanted:
        raise Refusal(
            _(
                "The agreement asks for %(wanted)s attempts before a lead counts as unreachable; %(made)s so far."
            )
            % {"wanted": wanted, "made": made}
        )


@transaction.atomic
def acknowledge_return(handoff: Handoff, *, by: User, answer: str, note: str = "") -> Handoff:
    """The giver's answer to a return: seen, and what will be done. Stops their clock.

    `disagree` needs words. Repeating it with the same answer changes nothing.
    """
    handoff = lock_handoff(handoff)
    if handoff.acknowledged_at:
        said = (handoff.acknowledgement, handoff.acknowledgement_note)
        if handoff.acknowledged_by_id == by.pk and said == (answer, note.strip()):
            return handoff
        raise Refusal(
            _("%(name)s has already acknowledged this return.")
            % {"name": handoff.acknowledged_by.name}
        )
    refuse_unless_open("acknowledge", handoff, by=by)
    if answer not in Acknowledgement.values:
        raise Malformed(_("Say what you will do with the lead."), field="answer")
    if answer == Acknowledgement.DISAGREE and not note.strip():
        raise Malformed(_("Say in a sentence why you see it differently."), field="note")
    moment = now()
    handoff.acknowledged_at, handoff.acknowledged_by = moment, by
    handoff.acknowledgement, handoff.acknowledgement_note = answer, note.strip()
    handoff.save(
        update_fields=[
            "acknowledged_at",
            "acknowledged_by",
            "acknowledgement",
            "acknowledgement_note",
        ]
    )
    stop_clocks(handoff, ClockKind.ACKNOWLEDGE, at=moment)
    record(
        handoff.lead,
        "handoff.acknowledge",
        by=by,
        at=moment,
        handoff_id=handoff.pk,
        version=handoff.agreement_version,
        answer=answer,
    )
    _tell_of_acknowledgement(handoff, by=by, answer=answer)
    return handoff


def _tell_of_acknowledgement(handoff: Handoff, *, by: User, answer: str) -> None:
    to = [handoff.returned_by] if handoff.returned_by else []
    if answer == Acknowledgement.DISAGREE:
        # A disagreement is not settled between the two alone: both managers hear of it.
        teams = (handoff.giver_team_id, handoff.taker_team_id)
        to += list(User.objects.active().managers().filter(team__in=teams))
    tell(
        to,
        "handoff.acknowledged",
        by=by,
        lead=handoff.lead,
        path=f"/handoffs/{handoff.pk}/",
        answer=answer,
    )


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


def tell_giver(handoff: Handoff, kind: str, *, by: User | None, **data) -> None:
    """Tell whoever gave the handoff; where that was the system, the giving team's managers."""
    to = handoff.giver or list(User.objects.active().managers().in_team(handoff.giver_team_id))
    tell(
        to,
        kind,
        by=by,
        lead=handoff.lead,
        path=f"/handoffs/{handoff.pk}/",
        handoff=handoff.pk,
        **data,
    )
