"""Watching conditions: by the reader of the timeline at once, and by a look at all of them each minute."""

import logging

from django.db import OperationalError, transaction
from django.db.models import Q

from common import now
from handoff.actions.conditions import local_day
from handoff.actions.second_rounds import settle_condition
from handoff.models import ReturnCondition
from leads.models import LeadEvent

log = logging.getLogger(__name__)

# What a lead that is waited for did or said.
AWAITED = Q(verb__in=("touch.log", "fact.learn", "fact.change"), lead__awaits_condition=True)
AT_ONCE = 500


def look_at_conditions(events: list[LeadEvent]) -> None:
    """What the reader "conditions" does for its events."""
    for lead_id in dict.fromkeys(event.lead_id for event in events):
        _settle(lead_id)


def settle_due_conditions() -> int:
    """Judge every condition whose day has come, and what the reader may have missed. How many settled."""
    due = ReturnCondition.objects.to_settle(today=local_day(now())).order_by("set_at")
    return sum(_settle(lead_id) for lead_id in due.values_list("lead_id", flat=True)[:AT_ONCE])


def _settle(lead_id: int) -> bool:
    try:
        with transaction.atomic():
            return settle_condition(lead_id) is not None
    except OperationalError:
        raise  # A deadlock or a lost connection: the same comes again.
    except Exception:
        # One lead that cannot be judged must not hold back all that come after it.
        log.exception("the condition of lead %s could not be judged", lead_id)
        return False
