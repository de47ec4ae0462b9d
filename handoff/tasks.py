"""What the clock starts: warnings, breaches and offers nobody answered."""

from celery import shared_task
from django.db import connection, transaction

from common import now
from handoff.actions.clocks import agreement_in_force, breach, lapse_moment, warn
from handoff.actions.offers import lapse_offer
from handoff.models import Clock, Handoff
from leads.history import through
from leads.states import Via

# One number of PostgreSQL's advisory locks, ours alone.
SWEEP_LOCK = 7_300_001
AT_ONCE = 500


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
