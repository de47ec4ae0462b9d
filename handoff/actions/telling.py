"""Whom the verbs of a handoff tell."""

from accounts.actions import tell
from accounts.models import User
from handoff.models import Handoff


def tell_giver(handoff: Handoff, kind: str, *, by: User | None, **data) -> None:
    """Tell whoever gave the handoff; where that was the system, who looks after the lead in the
    giving team, else its managers."""
    tell(
        giver_of(handoff) or list(User.objects.active().managers().in_team(handoff.giver_team_id)),
        kind,
        by=by,
        lead=handoff.lead,
        path=f"/handoffs/{handoff.pk}/",
        handoff=handoff.pk,
        **data,
    )


def giver_of(handoff: Handoff) -> User | None:
    """Who answers for the giving side: who gave it, or the team's own marketer of the lead."""
    if handoff.giver:
        return handoff.giver
    marketer = handoff.lead.marketer
    theirs = marketer and marketer.is_active and marketer.team_id == handoff.giver_team_id
    return marketer if theirs else None
