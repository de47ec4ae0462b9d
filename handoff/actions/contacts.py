"""Reaching out to a lead: a touch, the milestones of the handoff it serves, and what follows from it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common import now
from handoff.actions.clocks import business_minutes, stop_clocks
from handoff.actions.questions import ask_question
from handoff.models import Handoff
from handoff.permissions import demand
from handoff.states import ClockKind, State
from leads.actions.facts import learn_fact
from leads.actions.follow_ups import plan_follow_up
from leads.actions.stages import lock_lead, reach
from leads.actions.touches import log_touch
from leads.history import record
from leads.models import Interaction, Lead
from leads.states import CONTACT_KINDS, Direction, TouchKind, TouchResult

# A meeting is a contact by itself; a call only when somebody answered.
MEETINGS = frozenset({TouchKind.WEB_MEETING, TouchKind.VISIT_IN_PERSON, TouchKind.HEARING})
SPOKEN_TO = frozenset(
    {TouchResult.REACHED, TouchResult.DEMO, TouchResult.INTERESTED, TouchResult.NOT_INTERESTED}
)


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
    question: str = "",
    next_step: NextStep | None = None,
    external_id: str = "",
) -> Interaction:
    """Log what happened with the lead, with the facts heard, the question asked and the next step.

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
    for field, value in (facts or {}).items():
        if value.strip():
            learn_fact(lead, by=by, field=field, value=value, interaction=touch)
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
        handoff.speed_minutes = business_minutes(handoff.offered_at, touch.at)
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
        handoff.save(
            update_fields=[
                "first_attempt_at",
                "speed_minutes",
                "first_contact_at",
                "contact_brief_read",
            ]
        )
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
