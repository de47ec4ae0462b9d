"""The giving side's moves: offer, withdraw; and what the clock does to an offer nobody answers."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.actions import tell
from accounts.models import User
from common import now
from common.refusals import Refusal
from handoff.actions.clocks import (
    agreement_in_force,
    agreement_now,
    clock,
    lapse_moment,
    resume_deciding,
    start_clocks,
    stop_clocks,
)
from handoff.actions.conditions import drop_condition
from handoff.actions.entrustments import entrust
from handoff.actions.locks import lock_handoff, moved_last, open_handoffs, refuse_unless_open
from handoff.actions.offerable import (
    next_leg,
    refuse_taker,
    refuse_unchanged,
    refuse_unless_offerable,
    same_offer,
)
from handoff.actions.one_by_one import one_by_one
from handoff.actions.required import refuse_incomplete
from handoff.actions.routing_queue import leave_queue, queue_lapsed
from handoff.brief import write_brief
from handoff.models import Brief, Handoff, Lane, Leg
from handoff.permissions import demand
from handoff.states import ClockKind, State
from leads.actions.stages import lock_lead, reach
from leads.history import record
from leads.models import Lead
from leads.scoring import engagement


@transaction.atomic
def offer_lead(
    lead: Lead,
    *,
    by: User | None,
    lane: Lane,
    taker: User | None = None,
    note: str = "",
    why_now: str = "",
    next_step: str = "",
    unchanged_because: str = "",
    route: dict | None = None,
    at: datetime | None = None,
) -> Handoff:
    """Offer `lead` to the next team of `lane`: to `taker` by name, or to the team's pool.

    From `mql` it is the first leg; while an accepted leg runs, its taker offers on. The brief is
    frozen, the accept clock starts. Offered again unchanged since it was returned, the giver must
    say why (`unchanged_because`). `route` is why it is this team and person, where rules chose them.
    Raises `Refusal`, `NotAllowed`, `Malformed`.
    """
    lead = lock_lead(lead)
    held = open_handoffs(lead)
    if (same := same_offer(held, by, lane, taker, (note, why_now, next_step))) is not None:
        return same
    demand(by, "offer", lead)
    previous = refuse_unless_offerable(lead, held, lane, by)
    leg = next_leg(lane, previous)
    refuse_taker(leg, taker)
    refuse_incomplete(lead, why_now=why_now, next_step=next_step, note=note)
    if by:
        refuse_unchanged(lead, leg, unchanged_because)
    handoff = make_offer(
        lead,
        leg,
        by=by,
        giver_team=lead.team,
        taker=taker,
        previous=previous,
        note=note,
        why_now=why_now,
        next_step=next_step,
        unchanged_because=unchanged_because,
        route=route,
        at=at or now(),
    )
    tell_takers(handoff, "handoff.offered", by=by)
    return handoff


def make_offer(
    lead: Lead,
    leg: Leg,
    *,
    by: User | None,
    giver_team,
    taker: User | None,
    at: datetime,
    previous: Handoff | None = None,
    note: str = "",
    why_now: str = "",
    next_step: str = "",
    unchanged_because: str = "",
    route: dict | None = None,
) -> Handoff:
    """Write the waiting handoff of a *locked* lead with its frozen brief, its clock and its event.

    A condition that sales had set for it is dropped: the lead comes back otherwise. `route` says
    why it goes to this person where the system chose them.
    """
    drop_condition(lead, by=by, at=at)
    leave_queue(lead)
    returned = Handoff.objects.filter(lead=lead, leg=leg.position, state=State.RETURNED)
    agreement, warmth = agreement_now(), round(engagement(lead, at=at), 2)
    handoff = Handoff.objects.create(
        lead=lead,
        lane=leg.lane,
        leg=leg.position,
        round=1 + returned.count(),
        previous_leg=previous,
        giver_team=giver_team,
        giver=by,
        taker_team=leg.taker,
        taker=taker,
        named=taker is not None,
        agreement_version=agreement.version,
        tier=agreement.terms.tier_of(lead.fit, warmth),
        note=note.strip(),
        why_now=why_now.strip(),
        next_step=next_step.strip(),
        unchanged_because=unchanged_because.strip(),
        route=route,
        fit=lead.fit,
        engagement=warmth,
        offered_at=at,
        lapses_at=lapse_moment(leg.taker, at),
    )
    reach(lead, "offered_at", at)
    Brief.objects.create(handoff=handoff, taken_at=at, content=write_brief(handoff, at=at))
    start_clocks(clock(ClockKind.ACCEPT, handoff, team=leg.taker, owner=taker, at=at))
    if previous:
        stop_clocks(previous, ClockKind.DECIDE, at=at)
    if leg.taker.is_partner:
        entrust(lead, leg.taker, by=by, at=at, handoff=handoff, why=note)
    record(
        lead,
        "handoff.offer",
        by=by,
        at=at,
        handoff_id=handoff.pk,
        version=handoff.agreement_version,
        lane=leg.lane_id,
        leg=leg.position,
        round=handoff.round,
        to_team=leg.taker_id,
        to=taker.pk if taker else None,
        unchanged=bool(handoff.unchanged_because) or None,
    )
    return handoff


def offer_leads(
    leads: Iterable[Lead], *, by: User, lane: Lane, taker: User | None = None, note: str = ""
) -> list[tuple[Lead, Handoff | Refusal]]:
    """Offer many leads, each in a transaction of its own: a refused one does not hold back the rest."""
    answers: list[tuple[Lead, Handoff | Refusal]] = []
    for lead in leads:
        try:
            answers.append((lead, offer_lead(lead, by=by, lane=lane, taker=taker, note=note)))
        except Refusal as refusal:
            answers.append((lead, refusal))
    return answers


@transaction.atomic
def withdraw_offer(handoff: Handoff, *, by: User | None, reason: str = "") -> Handoff:
    """Take back an offer nobody has answered yet."""
    handoff = lock_handoff(handoff)
    same = moved_last(by, handoff.lead, "handoff.withdraw", handoff_id=handoff.pk)
    if handoff.state == State.WITHDRAWN and same:
        return handoff
    refuse_unless_open("withdraw", handoff, by=by)
    moment = now()
    close_waiting(handoff, State.WITHDRAWN, "handoff.withdraw", by=by, at=moment, reason=reason)
    if reason.strip():
        handoff.lead.comments.create(text=reason.strip(), by=by, at=moment)
    tell_takers(handoff, "handoff.withdrawn", by=by)
    return handoff


def lapse_due(*, at: datetime) -> int:
    """Lapse the offers whose moment has come, each in a transaction of its own. At most 500."""
    due = list(Handoff.objects.to_lapse(at=at).order_by("lapses_at")[:500])
    return one_by_one(lambda handoff: lapse_offer(handoff, at=at) is not None, due)


@transaction.atomic
def lapse_offer(handoff: Handoff, *, at: datetime | None = None) -> Handoff | None:
    """Close an offer that waited past the agreement's limit; None when it is not due or was answered.

    The lead stays `mql` in the managers' queue, or is offered once more, as the agreement says.
    """
    handoff = lock_handoff(handoff)
    at = at or now()
    if handoff.state != State.WAITING or at < handoff.lapses_at:
        return None
    close_waiting(handoff, State.LAPSED, "handoff.lapse", by=None, at=at)
    people = User.objects.active().filter(Q(team=handoff.giver_team) | Q(team=handoff.taker_team))
    to = [handoff.giver, *people.managers()] if handoff.giver else list(people.managers())
    tell(
        to, "handoff.lapsed", lead=handoff.lead, path=f"/handoffs/{handoff.pk}/", handoff=handoff.pk
    )
    again = agreement_in_force().terms.lapsed_is_offered_again and _lapsed_before(handoff) == 1
    if not (again and _offer_again(handoff, at=at)):
        queue_lapsed(handoff, at=at)
    return handoff


def _offer_again(handoff: Handoff, *, at: datetime) -> Handoff | None:
    """What cannot be offered any more (its team is retired, say) has lapsed all the same."""
    with suppress(Refusal):
        return offer_lead(
            handoff.lead,
            by=None,
            lane=handoff.lane,
            note=handoff.note,
            why_now=handoff.why_now,
            next_step=handoff.next_step,
            at=at,
        )
    return None


def close_waiting(
    handoff: Handoff, state: State, verb: str, *, by: User | None, at: datetime, **data
) -> None:
    """Close a *locked* waiting handoff without an answer: withdrawn or lapsed."""
    handoff.state, handoff.closed_at = state, at
    handoff.save(update_fields=["state", "closed_at"])
    stop_clocks(handoff, at=at, void=True)
    if handoff.previous_leg_id:
        resume_deciding(handoff.previous_leg, at=at)
    if handoff.lead.entrusted_to_id:
        entrust(handoff.lead, handoff.lead.team, by=by, at=at, handoff=handoff.previous_leg)
    record(
        handoff.lead,
        verb,
        by=by,
        at=at,
        handoff_id=handoff.pk,
        version=handoff.agreement_version,
        has_reason=bool(data.get("reason", "").strip()) or None,
    )


def _lapsed_before(handoff: Handoff) -> int:
    return Handoff.objects.filter(lead=handoff.lead, leg=handoff.leg, state=State.LAPSED).count()


def tell_takers(handoff: Handoff, kind: str, *, by: User | None) -> None:
    to = [handoff.taker] if handoff.taker else User.objects.active().in_team(handoff.taker_team_id)
    pool = {} if handoff.taker else {"pool": True}
    path = f"/handoffs/{handoff.pk}/"
    tell(to, kind, by=by, lead=handoff.lead, path=path, handoff=handoff.pk, **pool)
