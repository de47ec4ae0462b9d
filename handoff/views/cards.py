"""Handoffs as the cards of a list: with their clocks, and what may be done now."""

from collections import defaultdict
from collections.abc import Iterable

from accounts.models import Team, User
from handoff.models import Clock, Handoff, ReturnReason
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


def with_people(handoffs: Iterable[Handoff]) -> list[Handoff]:
    """The same handoffs with people, teams and reason set: three small queries.

    Joined into the list's own query they would be nine tables more, and planning that takes
    longer than reading the rows.
    """
    rows = list(handoffs)
    people = User.objects.select_related("team").in_bulk(_ids(rows, "giver_id", "taker_id"))
    teams = Team.objects.in_bulk(_ids(rows, "giver_team_id", "taker_team_id"))
    reasons = ReturnReason.objects.in_bulk(_ids(rows, "return_reason_id"))
    for row in rows:
        row.giver, row.taker = people.get(row.giver_id), people.get(row.taker_id)
        row.giver_team, row.taker_team = teams[row.giver_team_id], teams[row.taker_team_id]
        row.return_reason = reasons.get(row.return_reason_id)
    return rows


def _ids(rows: list[Handoff], *names: str) -> set[int]:
    return {getattr(row, name) for row in rows for name in names} - {None}
