"""What the clock starts: warnings, breaches, offers nobody answered, and offers by the rules."""

import logging
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from celery import shared_task
from django.db import OperationalError, connection, transaction

from common import now
from handoff.actions.clocks import agreement_in_force, forget_agreement
from handoff.actions.ladder import AT_ONCE, breach_due, climb_due, pool_due, warn_due
from handoff.actions.offers import lapse_due
from handoff.actions.pauses import resume_due
from handoff.actions.routing import QUALIFIED, offer_qualified
from handoff.actions.seats import tell_of_ending_seats
from handoff.actions.watching import AWAITED, look_at_conditions, settle_due_conditions
from leads.following import follow
from leads.history import through
from leads.states import Via

log = logging.getLogger(__name__)

# One number of PostgreSQL's advisory locks, ours alone.
SWEEP_LOCK = 7_300_001

# The readers of the timeline: automatic offers, and conditions of returns; how long a task follows it.
OFFERS, CONDITIONS = "offers", "conditions"
LONGEST_SECONDS = 20


@shared_task
def sweep_clocks() -> dict[str, int]:
    """End rests, remind, record breaches once, climb the ladder, lapse what nobody answered.

    Every minute, one process at a time; what is left after some seconds waits for the next.
    """
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
    agreement_in_force()
    at, until = now(), monotonic() + LONGEST_SECONDS
    return {
        "resumed": _all(resume_due, at, until),
        "warned": _all(warn_due, at, until),
        "breached": _all(breach_due, at, until),
        "pooled": _all(pool_due, at, until),
        "climbed": _all(climb_due, at, until),
        "lapsed": _all(lapse_due, at, until),
    }


def _all(act: Callable[..., int], at: datetime, until: float) -> int:
    """Have `act` do what is due at `at`, some hundred at a time, while there is any and time is left.

    What fails is logged: a reminder that cannot be written must not keep offers from lapsing.
    """
    done = 0
    try:
        while monotonic() < until and (some := act(at=at)):
            done += some
            if some < AT_ONCE:
                break
    except OperationalError:
        raise  # A lost connection: the rest would fail as well.
    except Exception:
        log.exception("the sweep failed at %s", act.__name__)
    return done


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


@shared_task
def watch_seats() -> int:
    """Every morning: partners whose seat ends in a week or today, and what is still with those
    whose seat is over. How many seats were told of."""
    return tell_of_ending_seats()
