"""Sending a lead back."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.models.seats import team_is_over
from accounts.states import TeamKind
from common import now
from common.locking import lock_row
from common.refusals import Malformed, Refusal
from handoff.actions.clocks import (
    agreement_in_force,
    clock,
    resume_deciding,
    settle_clocks,
    start_clocks,
)
from handoff.actions.conditions import (
    Condition,
    asked_for,
    drop_condition,
    local_day,
    refuse_condition,
    watch_condition,
)
from handoff.actions.entrustments import entrust
from handoff.actions.follow_ups import pass_on_follow_ups
from handoff.actions.locks import lock_handoff, open_handoffs, refuse_unless_open
from handoff.actions.telling import giver_of, tell_giver
from handoff.models import Handoff, ReturnReason
from handoff.states import ClockKind, State
from leads.actions.stages import back_to_marketing, move_lead
from leads.states import CONTACT_KINDS, Direction, Stage

UNREACHABLE = "unreachable"
# Reasons that help nobody by themselves: with them come words.
NEEDS_WORDS = frozenset({"too_little_known"})


@transaction.atomic
def return_lead(
    handoff: Handoff,
    *,
    by: User,
    reason: ReturnReason,
    note: str = "",
    revisit_on: date | None = None,
    condition: Condition | None = None,
) -> Handoff:
    """Send the lead back to the giver with a reason, before or after accepting it.

    From the first leg it goes back to marketing (`nurturing`), from a later one to the team
    before, whose own clock goes on, or, where the reason says so (`to_marketing`), through every
    team before it to marketing: each earlier leg closes as returned too, for the same reason, so
    that its next offer is a second round there as well. The giver who holds the lead now owes the
    acknowledgement; all givers on the way are told.

    With a `condition` it is watched, and the taker of the leg the lead came back on is offered it
    again once it is met; its day is the revisit date. Raises `Malformed` for a retired reason, a
    condition that says nothing, or without the date or the words the reason asks for.
    """
    handoff = lock_handoff(handoff)
    if condition:
        revisit_on = condition.on or revisit_on
        condition = replace(condition, on=revisit_on, words=condition.words.strip())
    if _is_repeated(handoff, by, (reason, note.strip(), revisit_on), condition):
        return handoff
    refuse_unless_open("return", handoff, by=by)
    _refuse_reason(reason, revisit_on, note)
    _refuse_too_few_attempts(handoff, reason)
    if condition:
        refuse_condition(condition)
    moment = now()
    ways = _ways_back(handoff, reason)
    said: dict[str, Any] = {"by": by, "reason": reason, "note": note, "revisit_on": revisit_on}
    for one in ways:
        close_returned(one, **said, at=moment, goes_further=one is not ways[-1])
        tell_giver(one, "handoff.returned", by=by, at=moment, reason=reason.code)
    for one in ways:
        # What was promised to the customer stays promised, by who holds the lead now.
        pass_on_follow_ups(ways[-1].lead, one.taker_team, *_holders(ways[-1]))
    if condition:
        watch_condition(ways[-1], condition, at=moment)
    return ways[0]


def _holders(returned: Handoff) -> tuple[User | None, User | None]:
    """Who holds the lead after this handoff came back: the taker of the leg before, else who looks
    after it; where that is nobody, who gave it."""
    lead = returned.lead
    return lead.seller if returned.previous_leg_id else lead.marketer, giver_of(returned)


def _ways_back(handoff: Handoff, reason: ReturnReason) -> list[Handoff]:
    """The handoff, and with a reason that goes to marketing those of the legs before it, locked.
    A partner whose seat is over is passed by, too."""
    ways = [handoff]
    while ways[-1].previous_leg_id and (reason.to_marketing or _is_gone(ways[-1].giver_team)):
        previous = lock_row(Handoff, ways[-1].previous_leg_id)
        previous.lead = handoff.lead
        ways.append(previous)
    return ways


def _is_gone(team: Team) -> bool:
    return team.is_partner and team_is_over(team.pk)


def _is_repeated(handoff: Handoff, by: User, said: tuple, condition: Condition | None) -> bool:
    if handoff.state != State.RETURNED or handoff.returned_by_id != by.pk:
        return False
    if said != (handoff.return_reason, handoff.return_note, handoff.revisit_on):
        return False
    return condition == asked_for(handoff)


def close_returned(
    handoff: Handoff,
    *,
    by: User | None,
    reason: ReturnReason,
    note: str,
    revisit_on,
    at: datetime,
    goes_further: bool = False,
) -> None:
    """Close a *locked* open handoff as returned and put the lead where it came from.

    `goes_further`: its giver hands the lead straight on to the giver before, and owes no answer.
    """
    if handoff.state == State.ACCEPTED:
        _refuse_while_offered_on(handoff)
    drop_condition(handoff.lead, by=by, at=at)
    handoff.acknowledged_at = at if goes_further else None
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
            "acknowledged_at",
        ]
    )
    settle_clocks(handoff, at=at)
    if not goes_further:
        owner = giver_of(handoff)
        start_clocks(
            clock(ClockKind.ACKNOWLEDGE, handoff, team=handoff.giver_team, owner=owner, at=at)
        )
    _give_back(handoff, by=by, at=at, goes_further=goes_further)


def _give_back(handoff: Handoff, *, by: User | None, at: datetime, goes_further: bool) -> None:
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
        previous = _accepted_again(handoff.previous_leg_id)
        if not goes_further:
            resume_deciding(previous, at=at)
            entrust(lead, previous.taker_team, by=by, at=at, handoff=previous)
        changes = {"team": previous.taker_team, "seller": previous.taker}
        move_lead(lead, "handoff.return", Stage.SAL, changes=changes, **what)
    else:
        entrust(lead, None, by=by, at=at)
        # A lead that sales took as their own was given by sales: marketing nurtures it all the same.
        giver = handoff.giver_team if handoff.giver_team.kind == TeamKind.MARKETING else None
        changes = back_to_marketing(lead, team=giver, revisit_on=handoff.revisit_on)
        move_lead(lead, "handoff.return", Stage.NURTURING, changes=changes, **what)


def _accepted_again(pk: int) -> Handoff:
    """The leg before is open again: whoever passed the lead on decides anew."""
    previous = (
        Handoff.objects.select_for_update(of=("self",))
        .select_related("taker", "taker_team")
        .get(pk=pk)
    )
    if previous.state == State.CONVERTED:
        previous.state, previous.closed_at = State.ACCEPTED, None
        previous.save(update_fields=["state", "closed_at"])
    return previous


def _refuse_while_offered_on(handoff: Handoff) -> None:
    waiting = [one for one in open_handoffs(handoff.lead) if one.state == State.WAITING]
    if waiting:
        raise Refusal(_("This lead is offered on to the next team. Withdraw that offer first."))


def _refuse_reason(reason: ReturnReason | None, revisit_on: date | None, note: str) -> None:
    if reason is None or reason.retired_at:
        raise Malformed(_("Choose a reason from the agreed list."), field="reason")
    if revisit_on and revisit_on <= local_day(now()):
        raise Malformed(_("The date to come back to must lie in the future."), field="revisit_on")
    if reason.needs_revisit and not revisit_on:
        raise Malformed(
            _("With this reason, say from when you would like the lead back."), field="revisit_on"
        )
    if reason.code in NEEDS_WORDS and not note.strip():
        raise Malformed(_("Say in a sentence what is missing."), field="note")


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
