"""What waits for a head's signature."""

from accounts.models import Organisation, User
from handoff.models import Agreement, Proposal
from handoff.permissions import sides_signed_by


def to_sign(user: User) -> dict[str, Proposal | Agreement]:
    """{"proposal": …, "agreement": …}: what the other pages call by those names and `user` has not
    signed yet. Nobody but a head is asked, and for nobody else the database is."""
    sides = sides_signed_by(user, Organisation.current())
    if not sides:
        return {}
    proposal = Proposal.objects.open().select_related("by", "edited_by").first()
    agreement = Agreement.objects.in_force().first()
    found = {"proposal": proposal, "agreement": agreement}
    return {
        name: one
        for name, one in found.items()
        if one is not None and any(one.signed_at(side) is None for side in sides)
    }
