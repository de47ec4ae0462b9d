"""What notices call leads, and what keeps a team from being retired."""

from django.utils.translation import ngettext

from accounts.models import Team, User
from common.formats import in_japanese
from leads.models import Lead

# A name does not fall apart at the end of a line.
UNBROKEN = "\u00a0"


def lead_names(reader: User, ids: set[int]) -> dict[int, str]:
    """Company and person of each lead `reader` may see."""
    found = Lead.objects.visible_to(reader).filter(pk__in=ids).select_related("company")
    return {lead.pk: _name(lead) for lead in found}


def _name(lead: Lead) -> str:
    person = lead.name.replace(" ", UNBROKEN)
    if in_japanese() and lead.has_personal_name:
        person += f"{UNBROKEN}様"
    return f"{lead.company.name} {person}" if lead.company else person


def leads_left(team: Team) -> str | None:
    """Why a team cannot go: it is accountable for leads that are not closed."""
    n = Lead.objects.open().filter(team=team).count()
    if not n:
        return None
    return ngettext(
        "This team is accountable for %(n)s lead. Hand it over first.",
        "This team is accountable for %(n)s leads. Hand them over first.",
        n,
    ) % {"n": n}
