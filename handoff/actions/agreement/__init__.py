"""How the agreement changes: proposed, talked about, signed by both heads, in force."""

from handoff.actions.agreement.proposals import (
    comment_on_proposal,
    edit_proposal,
    propose_agreement,
    withdraw_proposal,
)
from handoff.actions.agreement.signing import sign_proposal, sign_version, unsign_proposal

__all__ = [
    "comment_on_proposal",
    "edit_proposal",
    "propose_agreement",
    "sign_proposal",
    "sign_version",
    "unsign_proposal",
    "withdraw_proposal",
]
