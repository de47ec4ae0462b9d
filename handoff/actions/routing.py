"""Offering by the rules: the plan in force says to whom."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import now
from common.refusals import Refusal
from handoff.actions.clocks import agreement_in_force
from handoff.actions.locks import open_handoffs
from handoff.actions.offers import offer_lead
from handoff.actions.routing_queue import in_words, queue_lead
from handoff.actions.second_rounds import settle_condition
from handoff.models import Handoff, QueuedLead, RoutingShare
from handoff.permissions import demand
from handoff.routing import Choice, Plan, Unrouted, case_of, choose, plan_in_force
from handoff.routing.worlds import LockedWorld
from handoff.states import QueueReason, State
from leads.actions.stages import lock_lead
from leads.models import Lead, LeadEvent
from leads.states import Stage

log = logging.getLogger(__name__)

# What automatic offers follow: a lead became an MQL.
QUALIFIED = Q(stage_to=Stage.MQL)


@transaction.atomic
def route_lead(
    lead: Lead, *, by: User | None, at: datetime | None = None, **words: str
) -> Handoff | QueuedLead:
    """Offer a qualified `lead` to whom the plan in force says; the trace stays with the handoff.

    What no rule takes, or nobody can take now, waits in the managers' queue. `words` are those of
    `offer_lead` (note, why_now, …). Raises `Refusal` and `NotAllowed` as `offer_lead` does; for the
    clock (`by` None) what cannot be offered is queued with the reason instead.
    """
    lead = lock_lead(lead)
    held = open_handoffs(lead)
    if (same := _same(held, by)) is not None:
        return same
    demand(by, "offer", lead)
    _refuse_unless_routable(lead, held)
    plan = _plan()
    moment = at or now()
    choice = choose(plan, case_of(lead, at=moment), LockedWorld(at=moment))
    if isinstance(choice, Unrouted):
        return queue_lead(lead, choice.reason, by=by, at=moment, **choice.trace())
    return _offer(lead, choice, by=by, at=moment, **words)


def route_leads(
    leads: Iterable[Lead], *, by: User | None, note: str = ""
) -> list[tuple[Lead, Handoff | QueuedLead | Refusal]]:
    """Route many leads, each in a transaction of its own, so that they spread as the rules say."""
    answers: list[tuple[Lead, Handoff | QueuedLead | Refusal]] = []
    for lead in leads:
        try:
            answers.append((lead, route_lead(lead, by=by, note=note)))
        except Refusal as refusal:
            answers.append((lead, refusal))
    return answers


def offer_qualified(events: list[LeadEvent]) -> None:
    """What the reader of the timeline does for leads that became MQL, where the agreement says so."""
    if not agreement_in_force().terms.offered_automatically:
        return
    for event in events:
        _offer_automatically(event.lead)


def _offer_automatically(lead: Lead) -> None:
    """Whoever was offered by hand meanwhile, or fell back, is none of the rules' business any more."""
    lead = lock_lead(lead)
    if lead.awaits_condition and lead.stage == Stage.MQL:
        # Its day has come: whoever named it goes before the rules.
        settle_condition(lead.pk)
        lead = lock_lead(lead)
    if lead.stage != Stage.MQL or open_handoffs(lead):
        return
    try:
        with transaction.atomic():
            route_lead(lead, by=None)
    except OperationalError:
        raise  # A deadlock or a lost connection: the same event comes again.
    except Exception as broken:
        # One lead that cannot be routed must not hold back all that come after it.
        log.exception("lead %s could not be routed", lead.pk)
        words = in_words(broken) if isinstance(broken, Refusal) else {}
        queue_lead(lead, QueueReason.REFUSED, by=None, at=now(), **words)


def _plan() -> Plan:
    plan = plan_in_force()
    if plan is None:
        raise Refusal(_("No routing rules are in force yet."))
    return plan


def _same(held: list[Handoff], by: User | None) -> Handoff | None:
    """The offer this very person has just made by the rules."""
    waiting = held[0] if held and held[0].state == State.WAITING else None
    return waiting if waiting and by and waiting.giver_id == by.pk and waiting.route else None


def _refuse_unless_routable(lead: Lead, held: list[Handoff]) -> None:
    if held and held[0].state == State.WAITING:
        raise Refusal(_("This lead is already offered and waits for an answer."))
    if lead.stage != Stage.MQL:
        raise Refusal(
            _("Only a qualified lead can be offered; this one is at “%(stage)s”.")
            % {"stage": lead.get_stage_display()}
        )


def _offer(
    lead: Lead, choice: Choice, *, by: User | None, at: datetime, **words: str
) -> Handoff | QueuedLead:
    try:
        with transaction.atomic():
            handoff = offer_lead(
                lead,
                by=by,
                lane=choice.rule.row.lane,
                taker=choice.taker,
                route=choice.trace(),
                at=at,
                **words,
            )
    except Refusal as refusal:
        if by is not None:
            raise
        return queue_lead(lead, QueueReason.REFUSED, by=by, at=at, **in_words(refusal))
    _count(choice)
    return handoff


def _count(choice: Choice) -> None:
    """Write what was given, and the turns that passed, into the locked shares."""
    for share in choice.raised:
        RoutingShare.objects.filter(pk=share.pk).update(given=Greatest(F("given"), share.given))
    if choice.share:
        RoutingShare.objects.filter(pk=choice.share.pk).update(given=F("given") + 1)
