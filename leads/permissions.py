"""Who may do what with a lead, from the table."""

from accounts.permissions import can as allowed
from common.refusals import NotAllowed
from leads.models import Lead


def can(user, verb: str, lead: Lead | None = None) -> bool:
    """Whether `user` may do `verb` ("edit") with `lead`; a partner only with leads entrusted to them."""
    if lead is None:
        return allowed(user, f"lead.{verb}")
    if user.is_partner and lead.entrusted_to_id != user.team_id:
        return False
    return allowed(user, f"lead.{verb}", accountable=lead.team_id)


def demand(user, verb: str, lead: Lead | None = None) -> None:
    """Raises `NotAllowed` unless `user` may. `user` None is the system itself (clock, import)."""
    if user is not None and not can(user, verb, lead):
        raise NotAllowed
