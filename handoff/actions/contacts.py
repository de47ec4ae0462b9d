"""Reaching out to a lead: a touch, the milestones of the handoff it serves, and what follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from accounts.models import User
from common import now
from handoff.actions.clocks import speed_of, stop_clocks
from handoff.actions.pauses import resume_when_heard
from handoff.actions.questions import ask_question
from handoff.models import Handoff
from handoff.permissions import demand
from handoff.states import ClockKind, State
from leads.actions.follow_ups import plan_follow_up
from leads.actions.hearings import Heard, Occasion, hear
from leads.actions.stages import lock_lead, reach
from leads.actions.touches import log_touch, withdraw_touch
from leads.history import record
from leads.models import Interaction, Lead
from leads.states import CONTACT_KINDS, Direction, TouchKind, TouchResult

# A meeting is a contact by itself; a call only when somebody answered.
MEETINGS = frozenset({TouchKind.WEB_MEETING, TouchKind.VISIT_IN_PERSON, TouchKind.HEARING})
SPOKEN_TO = frozenset(
    {TouchResult.REACHED, TouchResult.DEMO, TouchResult.INTERESTED, TouchResult.NOT_INTERESTED}
)
MILESTONES = ["first_attempt_at", "speed_minutes", "first_contact_at", "contact_brief_read"]


@dataclass(frozen=True)
class NextStep:
    """What follows from a contact, planned in the same breath."""

    what: str
    due_at: datetime
    kind: str = TouchKind.CALL
    promised: bool = False


@transaction.atomic
def log_contact(
    lead: Lead,
    *,
    by: User,
    kind: str,
    direction: str = "",
    at: datetime | None = None,
    words: str = "",
    result: str = "",
    minutes: int | None = None,
    campaign=None,
    facts: dict[str, str] | None = None,
    heard: Iterable[Heard] = (),
    question: str = "",
    next_step: NextStep | None = None,
    external_id: str = "",
) -> Interaction:
    """Log what happened with the lead, with the facts heard, the question asked and the next step.

    `facts` are new answers by field; `heard` are answers of any kind: new ones, and what became
    of asking for known ones.

    Where `by`'s team holds an accepted handoff of the lead, its milestones *first contact
    attempted* and *made* are set and the contact clock stops. Everything or nothing is kept.
    The same `external_id` again gives the touch already there and changes nothing.
    """
    lead = lock_lead(lead)
    if external_id and (known := lead.touches.filter(external_id=external_id, by=by).first()):
        return known
    touch = log_touch(
        lead,
        by=by,
        kind=kind,
        direction=direction,
        at=at,
        words=words,
        result=result,
        minutes=minutes,
        campaign=campaign,
        external_id=external_id,
    )
    _reach_milestones(lead, touch, by=by)
    resume_when_heard(lead, touch, by=by)
    answers = [Heard(field, value=value) for field, value in (facts or {}).items() if value.strip()]
    if answers := [*answers, *heard]:
        hear(lead, answers, by=by, occasion=_occasion(lead, touch))
    if question.strip():
        ask_question(lead, by=by, text=question, interaction=touch, at=touch.at)
    if next_step:
        plan_follow_up(
            lead,
            by=by,
            what=next_step.what,
            due_at=next_step.due_at,
            kind=next_step.kind,
            promised=next_step.promised,
        )
    return touch


def _occasion(lead: Lead, touch: Interaction) -> Occasion:
    """The touch as an occasion of the handoff that is open: of the leg that holds the lead."""
    held = Handoff.objects.open().filter(lead=lead).order_by("state", "-leg")
    pk, leg = held.values_list("pk", "leg").first() or (None, None)
    return Occasion(interaction=touch, handoff_id=pk, leg=leg)


def _reach_milestones(lead: Lead, touch: Interaction, *, by: User) -> None:
    attempted = touch.is_contact
    made = _is_conversation(touch)
    if not (attempted or made):
        return
    handoff = (
        Handoff.objects.select_for_update(of=("self",))
        .filter(lead=lead, state=State.ACCEPTED, taker_team=by.team_id)
        .order_by("-leg")
        .first()
    )
    if handoff is None or touch.at < handoff.offered_at:
        return
    handoff.lead = lead
    reached = []
    if handoff.first_attempt_at is None:
        handoff.first_attempt_at = touch.at
        handoff.speed_minutes = speed_of(handoff, touch.at)
        stop_clocks(handoff, ClockKind.CONTACT, at=max(touch.at, handoff.accepted_at))
        reached.append("attempt")
    if made and handoff.first_contact_at is None:
        handoff.first_contact_at = touch.at
        reach(lead, "contacted_at", touch.at)
        handoff.contact_brief_read = bool(
            handoff.brief_read_at and handoff.brief_read_at <= touch.at
        )
        reached.append("contact")
    if reached:
        handoff.save(update_fields=MILESTONES)
        record(
            lead,
            f"handoff.{reached[-1]}",
            by=by,
            at=touch.at,
            handoff_id=handoff.pk,
            version=handoff.agreement_version,
            attempt="attempt" in reached,
        )


def _is_conversation(touch: Interaction) -> bool:
    if touch.kind in MEETINGS:
        return True
    if touch.kind not in CONTACT_KINDS:
        return False
    return touch.result in SPOKEN_TO or (
        touch.kind in (TouchKind.CALL, TouchKind.CHAT) and touch.direction == Direction.INBOUND
    )


def attempts_of(handoff: Handoff) -> int:
    """How often somebody of ours has reached out since the offer, as the agreement counts it. One query."""
    return handoff.lead.touches.filter(
        kind__in=CONTACT_KINDS, direction=Direction.OUTBOUND, at__gte=handoff.offered_at
    ).count()


@transaction.atomic
def withdraw_contact(touch: Interaction, *, by: User) -> None:
    """Take back a contact logged by mistake, with the milestones it alone had reached.

    Where no attempt is left the clock of the first contact runs on as if it had never stopped.
    Refused as `withdraw_touch` refuses. Taken back already: nothing changes.
    """
    lead = lock_lead(touch.lead_id)
    held = Handoff.objects.select_for_update(of=("self",)).accepted().filter(lead=lead)
    handoff = held.filter(taker_team=by.team_id).order_by("-leg").first()
    withdraw_touch(touch, by=by)
    if handoff and touch.at in (handoff.first_attempt_at, handoff.first_contact_at):
        _reach_again(handoff, lead)


def _reach_again(handoff: Handoff, lead: Lead) -> None:
    """The milestones of a *locked* handoff anew, from the touches that are left."""
    left = lead.touches.filter(at__gte=handoff.offered_at, by__team=handoff.taker_team_id)
    touches = list(left.order_by("at", "pk"))
    attempt = next((one for one in touches if one.is_contact or _is_conversation(one)), None)
    contact = next((one for one in touches if _is_conversation(one)), None)
    handoff.first_attempt_at = attempt.at if attempt else None
    handoff.speed_minutes = speed_of(handoff, attempt.at) if attempt else None
    handoff.first_contact_at = contact.at if contact else None
    read = handoff.brief_read_at
    handoff.contact_brief_read = bool(read and read <= contact.at) if contact else None
    handoff.save(update_fields=MILESTONES)
    clock = handoff.clocks.filter(kind=ClockKind.CONTACT).order_by("-started_at").first()
    if clock and clock.stopped_at:
        clock.stopped_at = max(attempt.at, handoff.accepted_at) if attempt else None
        clock.save(update_fields=["stopped_at"])
    made = lead.handoffs.aggregate(first=Min("first_contact_at"))["first"]
    Lead.objects.filter(pk=lead.pk).update(contacted_at=made)


@transaction.atomic
def read_brief(handoff: Handoff, *, by: User) -> Handoff:
    """Record that the taking team opened the brief, once. Others may read it without a trace.

    Not on the timeline and never shown by person: reading is the team's habit, not a control.
    """
    demand(by, "read", handoff)
    taking = by.team_id == handoff.taker_team_id and handoff.taker_id in (None, by.pk)
    if taking and handoff.is_open and handoff.brief_read_at is None:
        moment = now()
        if Handoff.objects.filter(pk=handoff.pk, brief_read_at=None).update(brief_read_at=moment):
            handoff.brief_read_at = moment
    return handoff
