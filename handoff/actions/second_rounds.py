"""A condition that is met: the lead goes back, by itself, to whoever named it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions import tell
from accounts.models import Absence, User
from accounts.permissions import can as allowed
from common import now
from common.refusals import Refusal
from handoff.actions.clocks import agreement_in_force
from handoff.actions.conditions import (
    drop_condition,
    expire_condition,
    is_met,
    let_go,
    local_day,
    marketers_of,
    settle,
    watched,
)
from handoff.actions.locks import open_handoffs
from handoff.actions.offerable import next_leg, refuse_unless_offerable
from handoff.actions.offers import make_offer
from handoff.models import Handoff, Leg, ReturnCondition
from handoff.states import ConditionState
from leads.actions.stages import lock_lead, move_lead
from leads.models import Lead
from leads.states import CLOSED, Stage


@transaction.atomic
def settle_condition(lead_id: int, *, at: datetime | None = None) -> ReturnCondition | None:
    """Judge, at the moment `at`, what a lead waits for: met, expired, or none of both (None).

    Met, the lead becomes an MQL again where it fell back, and is offered to the same taker. All
    of it or nothing, and once, however many look at the same time: the lead's row is the lock.
    """
    lead = lock_lead(lead_id)
    at = at or now()
    condition = watched(lead)
    if condition is None:
        return None
    condition.lead = condition.handoff.lead = lead
    if lead.stage in (*CLOSED, Stage.SQL):
        # Somebody took it another way meanwhile, such as an import.
        drop_condition(lead, by=None, at=at)
        return None
    met, touch = is_met(condition, at=at)
    if met:
        settle(condition, ConditionState.MET, "condition.met", by=None, at=at, touch=touch)
        let_go(lead)
        _offer_again(lead, condition, at=at)
        return condition
    if condition.on and condition.on <= local_day(at):
        expire_condition(lead, condition, at=at)
        return condition
    return None


def _offer_again(lead: Lead, condition: ReturnCondition, *, at: datetime) -> None:
    returned = condition.handoff
    try:
        with transaction.atomic():
            _qualify(lead, at=at)
            offered = _offer(lead, returned, at=at)
    except Refusal:
        # Its team was retired, say. What was promised is told; somebody offers it by hand.
        lead.refresh_from_db()
        _qualify(lead, at=at)
        _tell_marketing(lead, returned, "condition.stuck")
        return
    condition.offered = offered
    condition.save(update_fields=["offered"])
    why_not = offered.route.get("why_not")
    variant: dict[str, Any] = {why_not: True} if why_not else {}
    _tell_takers(lead, offered, variant)
    _tell_marketing(lead, offered, "condition.answered", **variant)


def _qualify(lead: Lead, *, at: datetime) -> None:
    if lead.stage in (Stage.NEW, Stage.NURTURING):
        version = agreement_in_force().version
        what: dict[str, Any] = {"because": "condition", "fit": lead.fit, "version": version}
        move_lead(lead, "lead.qualify", Stage.MQL, by=None, at=at, **what)


def _offer(lead: Lead, returned: Handoff, *, at: datetime) -> Handoff:
    """The waiting handoff of the next round, on the leg the lead came back on."""
    held = open_handoffs(lead)
    previous = refuse_unless_offerable(lead, held, returned.lane, None)
    leg = next_leg(returned.lane, previous)
    person = returned.taker or returned.returned_by
    why_not = _why_not(person, leg, at=at)
    route: dict[str, Any] = {"condition": returned.pk}
    if why_not:
        route |= {"instead_of": person and person.pk, "why_not": why_not}
    return make_offer(
        lead,
        leg,
        by=None,
        giver_team=lead.team,
        taker=None if why_not else person,
        previous=previous,
        next_step=returned.next_step,
        at=at,
        route=route,
    )


def _why_not(person: User | None, leg: Leg, *, at: datetime) -> str:
    """Why it cannot be who had it ("": it can): then the team's pool gets it, and is told so."""
    if person is None or person.team_id != leg.taker_id:
        return "left"
    if not person.is_active:
        return "inactive"
    if not allowed(person, "handoff.accept", taker=leg.taker_id, named=person.pk):
        return "takes_none"
    return "absent" if Absence.objects.on(local_day(at)).filter(person=person).exists() else ""


def _tell_takers(lead: Lead, offered: Handoff, variant: dict[str, Any]) -> None:
    team = User.objects.active().in_team(offered.taker_team_id)
    to = [offered.taker] if offered.taker else list(team)
    path = f"/handoffs/{offered.pk}/"
    tell(to, "condition.met", lead=lead, path=path, **variant, handoff=offered.pk)


def _tell_marketing(lead: Lead, handoff: Handoff, kind: str, **variant) -> None:
    path = f"/handoffs/{handoff.pk}/"
    tell(marketers_of(lead, handoff), kind, lead=lead, path=path, **variant, handoff=handoff.pk)
