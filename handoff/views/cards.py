"""Handoffs as the cards of a list: with their clocks, and what may be done now."""

from collections import defaultdict
from collections.abc import Iterable

from handoff.models import Clock, Handoff
from handoff.states import ClockKind, State

# Which promise a handoff's card shows, first come.
_SHOWN = {
    State.WAITING: (ClockKind.ACCEPT,),
    State.ACCEPTED: (ClockKind.CONTACT, ClockKind.DECIDE),
    State.RETURNED: (ClockKind.ACKNOWLEDGE,),
}


def with_clocks(handoffs: Iterable[Handoff]) -> list[Handoff]:
    """The same handoffs, each with `clock`: the running promise that matters now. One query."""
    rows = list(handoffs)
    running = defaultdict(dict)
    for clock in Clock.objects.running().filter(handoff__in=[row.pk for row in rows]):
        running[clock.handoff_id][clock.kind] = clock
    for row in rows:
        kinds = _SHOWN.get(row.state, ())
        row.clock = next((running[row.pk][kind] for kind in kinds if kind in running[row.pk]), None)
    return rows
