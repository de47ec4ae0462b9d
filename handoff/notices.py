"""What notices and the timeline call and quote, and what keeps a team from being retired."""

from django.utils.translation import gettext as _

from accounts.models import Team, User
from handoff.models import DealStep, Handoff, Leg, LostReason, ReturnReason


def return_reason_names(reader: User, codes: set[str]) -> dict[str, str]:
    return _names(ReturnReason, codes)


def lost_reason_names(reader: User, codes: set[str]) -> dict[str, str]:
    return _names(LostReason, codes)


def deal_step_names(reader: User, codes: set[str]) -> dict[str, str]:
    return {step.code: str(step) for step in DealStep.objects.filter(code__in=codes)}


def seat_names(reader: User, ids: set[int]) -> dict[int, str]:
    """The names of partner teams."""
    return dict(Team.objects.filter(pk__in=ids).values_list("pk", "name"))


def _names(reasons, codes: set[str]) -> dict[str, str]:
    return {reason.code: str(reason) for reason in reasons.objects.filter(code__in=codes)}


def words_of_moves(reader: User, moves: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What was written with a return and with its answer, by verb and handoff."""
    found = Handoff.objects.visible_to(reader).filter(pk__in={pk for _verb, pk in moves})
    words = {}
    for pk, returned, answered in found.values_list("pk", "return_note", "acknowledgement_note"):
        words["handoff.return", pk] = returned
        words["handoff.acknowledge", pk] = answered
    return words


def lane_left(team: Team) -> str | None:
    """Why a team cannot go: a lane in use leads to it."""
    leg = Leg.objects.filter(taker=team, lane__is_active=True).select_related("lane").first()
    if leg is None:
        return None
    return _("The lane “%(lane)s” leads to this team.") % {"lane": leg.lane}
