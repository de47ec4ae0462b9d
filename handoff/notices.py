"""What notices call reasons, and what keeps a team from being retired."""

from django.utils.translation import gettext as _

from accounts.models import Team, User
from handoff.models import Leg, LostReason, ReturnReason


def return_reason_names(reader: User, codes: set[str]) -> dict[str, str]:
    return _names(ReturnReason, codes)


def lost_reason_names(reader: User, codes: set[str]) -> dict[str, str]:
    return _names(LostReason, codes)


def _names(reasons, codes: set[str]) -> dict[str, str]:
    return {reason.code: str(reason) for reason in reasons.objects.filter(code__in=codes)}


def lane_left(team: Team) -> str | None:
    """Why a team cannot go: a lane in use leads to it."""
    leg = Leg.objects.filter(taker=team, lane__is_active=True).select_related("lane").first()
    if leg is None:
        return None
    return _("The lane “%(lane)s” leads to this team.") % {"lane": leg.lane}
