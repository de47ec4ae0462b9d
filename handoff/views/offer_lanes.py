"""Where leads can be offered to: the lanes open to them, with the next team and its people."""

from collections import defaultdict
from datetime import date

from django.db.models import Count, Q

from accounts.models import Absence, User
from accounts.states import Role
from handoff.models import Handoff, Leg
from handoff.states import State
from leads.models import Lead
from leads.states import Stage


def lanes_for(user, leads: list[Lead]) -> list[tuple]:
    """[(lane, next team, its people)]: first legs for what is qualified, the next leg for what is held.

    People carry `waiting`: how many offers wait for them by name. Three queries at most.
    """
    legs = _first_legs(leads) + _next_legs(leads)
    people = _people({leg.taker_id for leg in legs})
    found = {}
    for leg in legs:
        takers = [one for one in people[leg.taker_id] if one.pk != user.pk]
        found.setdefault((leg.lane_id, leg.taker_id), (leg.lane, leg.taker, takers))
    return list(found.values())


def say_who_is_away(lanes: list[tuple], *days: date) -> None:
    """Give each person of the lanes `away`: the absence they are on at one of `days`, or None. One query."""
    people = [one for _lane, _team, takers in lanes for one in takers]
    wanted = Q()
    for day in days:
        wanted |= Q(first_day__lte=day, last_day__gte=day)
    rows = Absence.objects.filter(wanted, person__in=people).select_related("stand_in__team")
    away: dict[int, Absence] = {}
    for row in rows.order_by("first_day", "pk") if people else ():
        away.setdefault(row.person_id, row)
    for one in people:
        one.away = away.get(one.pk)


def _first_legs(leads) -> list[Leg]:
    kinds = {lead.team.kind for lead in leads if lead.stage == Stage.MQL}
    return list(_open_legs().filter(position=0, giver_kind__in=kinds)) if kinds else []


def _next_legs(leads) -> list[Leg]:
    held_by = [lead.pk for lead in leads if lead.stage == Stage.SAL]
    if not held_by:
        return []
    held = Handoff.objects.accepted().filter(lead__in=held_by).values_list("lane_id", "leg")
    wanted = Q(pk=None)
    for lane, leg in set(held):
        wanted |= Q(lane=lane, position=leg + 1)
    return list(_open_legs().filter(wanted))


def _open_legs():
    legs = Leg.objects.filter(lane__is_active=True, taker__is_active=True)
    return legs.select_related("lane", "taker").order_by("lane_id", "position")


def _people(teams) -> dict[int, list[User]]:
    waiting = Count("taken", filter=Q(taken__state=State.WAITING))
    rows = User.objects.active().filter(team__in=teams).exclude(role=Role.ADMINISTRATOR)
    rows = rows.annotate(waiting=waiting)
    found = defaultdict(list)
    for row in rows.select_related("team"):
        found[row.team_id].append(row)
    return found
