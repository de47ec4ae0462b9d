"""The register of what partners hold: the one place where `Lead.entrusted_to` changes."""

from datetime import datetime

from accounts.models import Team, User
from handoff.models import Entrustment, Handoff
from leads.models import Lead


def entrust(
    lead: Lead,
    team: Team | None,
    *,
    by: User | None,
    at: datetime,
    handoff: Handoff | None = None,
    why: str = "",
) -> None:
    """Put a *locked* `lead` into the hands of the partner `team`, or take it out of them (None).

    `team` may be any team: only a partner is entrusted with something. `handoff` and `why` say by
    which passing and with which words. What stays where it is goes on as it began.
    """
    to = team if team is not None and team.is_partner else None
    if lead.entrusted_to_id == (to.pk if to else None):
        return
    if lead.entrusted_to_id:
        running = Entrustment.objects.running().filter(lead=lead)
        running.update(ended_at=at, ended_by=by)
    lead.entrusted_to = to
    Lead.objects.filter(pk=lead.pk).update(entrusted_to=to)
    if to:
        Entrustment.objects.create(
            lead=lead, team=to, handoff=handoff, why=why.strip(), begun_at=at, begun_by=by
        )
