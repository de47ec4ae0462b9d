"""Which leg the board shows."""

from itertools import groupby

from accounts.states import TeamKind
from handoff.models import Lane, Leg


def legs_by_lane() -> list[tuple[Lane, list[Leg]]]:
    """The legs of every lane in use, in the order in which leads travel. One query."""
    legs = Leg.objects.filter(lane__is_active=True).select_related("lane", "taker")
    return [
        (lane, list(found))
        for lane, found in groupby(legs.order_by("lane_id", "position"), lambda leg: leg.lane)
    ]


def chosen_leg(lanes: list[tuple[Lane, list[Leg]]], user, *, lane: str, leg: str) -> Leg | None:
    """The leg an address names, else the one that this person works on; None: no lane is in use."""
    legs = [one for _lane, found in lanes for one in found]
    named = (one for one in legs if (one.lane.code, str(one.position)) == (lane, leg))
    own = (one for one in legs if one.taker_id == user.team_id)
    given = (one for one in legs if one.giver_kind == (user.team_kind or TeamKind.MARKETING))
    return next((found for way in (named, own, given, iter(legs)) for found in way), None)
