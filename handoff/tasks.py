"""What the clock starts: warnings, breaches, offers nobody answered, and offers by the rules."""

from time import monotonic

from celery import shared_task
from django.db import connection, transaction

from common import now
from handoff.actions.clocks import (
    agreement_in_force,
    breach,
    forget_agreement,
    lapse_moment,
    warn,
)
from handoff.actions.offers import lapse_offer
from handoff.actions.routing import QUALIFIED, offer_qualified
from handoff.actions.watching import AWAITED, look_at_conditions, settle_due_conditions
from handoff.models import Clock, Handoff
from leads.following import follow
from leads.history import through
from leads.states import Via

# One number of PostgreSQL's advisory locks, ours alone.
SWEEP_LOCK = 7_300_001
AT_ONCE = 500

# The readers of the timeline: automatic offers, and conditions of returns; how long a task follows it.
OFFERS, CONDITIONS = "offers", "conditions"
LONGEST_SECONDS = 20


@shared_task
def sweep_clocks() -> dict[str, int]:
    """Warn at 80 %, record breaches once, lapse what nobody answered. Every minute; one at a time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SWEEP_LOCK])
        if not cursor.fetchone()[0]:
            return {}
    try:
        with through(Via.CLOCK):
            return _sweep()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SWEEP_LOCK])


def _sweep() -> dict[str, int]:
    at = now()
    clocks = Clock.objects.order_by("due_at")
    warned = sum(
        warn(pk, at=at) for pk in clocks.to_warn(at=at).values_list("pk", flat=True)[:AT_ONCE]
    )
    late = sum(
        breach(pk, at=at) for pk in clocks.to_breach(at=at).values_list("pk", flat=True)[:AT_ONCE]
    )
    return {"warned": warned, "breached": late, "lapsed": _lapse(at)}


def _lapse(at) -> int:
    agreement_in_force()
    oldest = Handoff.objects.waiting().order_by("offered_at")[:AT_ONCE]
    lapsed = 0
    for handoff in oldest:
        # Offers are judged in the order they were made: the first that is not due ends the work.
        if at < lapse_moment(handoff.offered_at):
            break
        lapsed += lapse_offer(handoff, at=at) is not None
    return lapsed


@shared_task
def offer_qualified_leads() -> int:
    """Offer by the rules what became an MQL since last time, each lead once. Every two seconds.

    Returns how many leads were looked at. Where the agreement does not want it, they are passed by.
    """
    forget_agreement()
    until, seen = monotonic() + LONGEST_SECONDS, 0
    with through(Via.CLOCK):
        while monotonic() < until:
            step = follow(OFFERS, wanted=QUALIFIED, effect=offer_qualified, at_once=1)
            seen += step.handled
            if not step.more:
                break
    return seen


@shared_task
def follow_conditions() -> int:
    """Judge what leads did or said that sales waits to hear of. Every two seconds.

    Returns how many events were looked at.
    """
    until, seen = monotonic() + LONGEST_SECONDS, 0
    with through(Via.CLOCK):
        while monotonic() < until:
            step = follow(CONDITIONS, wanted=AWAITED, effect=look_at_conditions, at_once=1)
            seen += step.handled
            if not step.more:
                break
    return seen


@shared_task
def sweep_conditions() -> int:
    """Conditions whose day has come, in the organisation's zone: every minute. How many settled."""
    with through(Via.CLOCK):
        return settle_due_conditions()
