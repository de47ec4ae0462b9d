"""The giving side's moves: offer, withdraw; and what the clock does to an offer nobody answers."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import User
from common import now
from common.refusals import Malformed, NotAllowed, Refusal
from handoff.actions.clocks import (
    agreement_in_force,
    clock,
    lapse_moment,
    resume_deciding,
    start_clocks,
    stop_clocks,
)
from handoff.actions.entrustments import entrust
from handoff.actions.locks import (
    lock_handoff,
    moved_last,
    open_handoffs,
    refuse_unless_open,
    refuse_who_takes_none,
)
from handoff.actions.required import refuse_incomplete
from handoff.brief import write_brief
from handoff.models import Brief, Handoff, Lane, Leg
from handoff.permissions import demand
from handoff.states import ClockKind, State
from leads.actions.stages import lock_lead, reach
from leads.history import record
from leads.models import Lead
from leads.scoring import engagement
from leads.states import Stage


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
    at: datetime | None = None,
) -> Handoff:
    """Offer `lead` to the next team of `lane`: to `taker` by name, or to the team's pool.

    From `mql` it is the first leg; while an accepted leg runs, its taker offers on. The brief is
    frozen, the accept clock starts. Offered again unchanged since it was returned, the giver must
    say why (`unchanged_because`). Raises `Refusal`, `NotAllowed`, `Malformed`.
    """
    lead = lock_lead(lead)
    held = open_handoffs(lead)
    if (same := _same_offer(held, by, lane, taker, (note, why_now, next_step))) is not None:
        return same
    demand(by, "offer", lead)
    previous = _refuse_unless_offerable(lead, held, lane, by)
    leg = _next_leg(lane, previous)
    _refuse_taker(leg, taker)
    refuse_incomplete(lead, why_now=why_now, next_step=next_step, note=note)
    if by and Handoff.objects.filter(lead=lead, leg=leg.position, state=State.RETURNED).exists():
        _refuse_unchanged(lead, leg, unchanged_because)
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
        unchanged=bool(unchanged_because.strip()),
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
    unchanged: bool = False,
) -> Handoff:
    """Write the waiting handoff of a *locked* lead with its frozen brief, its clock and its event."""
    returned = Handoff.objects.filter(lead=lead, leg=leg.position, state=State.RETURNED)
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
        agreement_version=agreement_in_force().version,
        note=note.strip(),
        why_now=why_now.strip(),
        next_step=next_step.strip(),
        fit=lead.fit,
        engagement=round(engagement(lead, at=at), 2),
        offered_at=at,
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
        unchanged=unchanged or None,
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


@transaction.atomic
def lapse_offer(handoff: Handoff, *, at: datetime | None = None) -> Handoff | None:
    """Close an offer that waited past the agreement's limit; None when it is not due or was answered.

    The lead stays `mql` in the managers' queue, or is offered once more, as the agreement says.
    """
    handoff = lock_handoff(handoff)
    at = at or now()
    if handoff.state != State.WAITING or at < lapse_moment(handoff.offered_at):
        return None
    close_waiting(handoff, State.LAPSED, "handoff.lapse", by=None, at=at)
    people = User.objects.active().filter(Q(team=handoff.giver_team) | Q(team=handoff.taker_team))
    to = [handoff.giver, *people.managers()] if handoff.giver else list(people.managers())
    tell(
        to, "handoff.lapsed", lead=handoff.lead, path=f"/handoffs/{handoff.pk}/", handoff=handoff.pk
    )
    if agreement_in_force().terms.lapsed_is_offered_again and _lapsed_before(handoff) == 1:
        _offer_again(handoff, at=at)
    return handoff


def _offer_again(handoff: Handoff, *, at: datetime) -> None:
    """What cannot be offered any more (its team is retired, say) has lapsed all the same."""
    with suppress(Refusal):
        offer_lead(
            handoff.lead,
            by=None,
            lane=handoff.lane,
            note=handoff.note,
            why_now=handoff.why_now,
            next_step=handoff.next_step,
            at=at,
        )


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


def _same_offer(
    held: list[Handoff], by: User | None, lane: Lane, taker: User | None, words: tuple[str, ...]
) -> Handoff | None:
    waiting = held[0] if held and held[0].state == State.WAITING else None
    same = (
        waiting
        and by
        and waiting.giver_id == by.pk
        and waiting.lane_id == lane.pk
        and (waiting.taker_id == taker.pk if taker else not waiting.named)
        and (waiting.note, waiting.why_now, waiting.next_step)
        == tuple(word.strip() for word in words)
    )
    return waiting if same else None


def _refuse_unless_offerable(
    lead: Lead, held: list[Handoff], lane: Lane, by: User | None
) -> Handoff | None:
    """The accepted handoff that is offered on, or None for the first leg."""
    if held and held[0].state == State.WAITING:
        raise Refusal(_("This lead is already offered and waits for an answer."))
    if lead.stage == Stage.MQL:
        return None
    if lead.stage != Stage.SAL or not held:
        raise Refusal(
            _("Only a qualified lead can be offered; this one is at “%(stage)s”.")
            % {"stage": lead.get_stage_display()}
        )
    previous = held[0]
    if by is not None and by.pk != previous.taker_id and not by.is_manager:
        raise NotAllowed(
            _("%(name)s holds this lead and passes it on.") % {"name": previous.taker.name}
        )
    if previous.lane_id != lane.pk:
        raise Refusal(_("This lead travels another lane."))
    return previous


def _next_leg(lane: Lane, previous: Handoff | None) -> Leg:
    position = 0 if previous is None else previous.leg + 1
    leg = lane.legs.select_related("taker", "lane").filter(position=position).first()
    if leg is None:
        raise Refusal(_("There is no next team on this lane: open a deal instead."))
    if not leg.taker.is_active or not lane.is_active:
        raise Refusal(
            _("The team %(team)s does not take leads any more.") % {"team": leg.taker.name}
        )
    return leg


def _refuse_taker(leg: Leg, taker: User | None) -> None:
    if taker is None:
        return
    if taker.team_id != leg.taker_id:
        raise Malformed(
            _("%(name)s is not in the team %(team)s.")
            % {"name": taker.name, "team": leg.taker.name},
            field="taker",
        )
    if not taker.is_active:
        raise Malformed(
            _("%(name)s does not work here any more.") % {"name": taker.name}, field="taker"
        )
    refuse_who_takes_none(taker)


def _refuse_unchanged(lead: Lead, leg: Leg, because: str) -> None:
    last = (
        Handoff.objects.filter(lead=lead, leg=leg.position, state=State.RETURNED)
        .order_by("-closed_at")
        .first()
    )
    since = last.closed_at
    changed = (
        lead.touches.filter(at__gt=since).exists()
        or lead.facts.filter(at__gt=since).exists()
        or lead.questions.filter(answered_at__gt=since).exists()
    )
    if not changed and not because.strip():
        raise Refusal(
            _(
                "Nothing has changed since this lead was returned. Say why you offer it again all the same."
            )
        )


def _lapsed_before(handoff: Handoff) -> int:
    return Handoff.objects.filter(lead=handoff.lead, leg=handoff.leg, state=State.LAPSED).count()


def tell_takers(handoff: Handoff, kind: str, *, by: User | None) -> None:
    to = [handoff.taker] if handoff.taker else User.objects.active().in_team(handoff.taker_team_id)
    pool = {} if handoff.taker else {"pool": True}
    path = f"/handoffs/{handoff.pk}/"
    tell(to, kind, by=by, lead=handoff.lead, path=path, handoff=handoff.pk, **pool)
