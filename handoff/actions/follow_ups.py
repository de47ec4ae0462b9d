"""What a team still meant to do for a lead that it does not hold any more."""

from accounts.models import Team, User
from leads.models import FollowUp, Lead


def pass_on_follow_ups(lead: Lead, team: Team, *to: User | None) -> None:
    """What people of `team` still owe the *locked* lead is owed by the first of `to` who is there
    and not of that team. With nobody to take it, it stays where it is: it must not be lost."""
    for one in to:
        if one is not None and one.is_active and one.team_id != team.pk:
            FollowUp.objects.open().filter(lead=lead, owner__team=team).update(owner=one)
            return
