"""Signing: each head for their own side, exactly what they saw. The second signature decides."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import Organisation, User
from accounts.permissions import demand
from accounts.states import Side
from common import now
from common.locking import lock_row
from common.refusals import NotAllowed, Refusal
from handoff.actions.agreement.force import put_in_force
from handoff.actions.agreement.proposals import (
    lock_base,
    lock_open,
    path_of,
    refuse_moved,
    tell_about,
)
from handoff.actions.clocks import forget_agreement
from handoff.models import Agreement, Proposal
from handoff.permissions import sides_signed_by


@transaction.atomic
def sign_proposal(proposal: Proposal, *, by: User, revision: int) -> Proposal:
    """Sign revision `revision` for one's side. With the second signature it is the next version,
    in force at that moment.

    Raises `NotAllowed` for who is no head, `Refusal` when it was changed since.
    """
    sides = _sides_of(by)
    proposal = lock_row(Proposal, proposal.pk)
    if not proposal.is_open and _signed_by(proposal, by):
        return proposal
    proposal = lock_open(proposal)
    refuse_moved(proposal, revision)
    moment = now()
    new = [side for side in sides if not proposal.signed_at(side)]
    for side in new:
        _sign(proposal, side, by, moment)
    proposal.save(update_fields=_columns(new))
    if proposal.marketing_signed_at and proposal.sales_signed_at:
        _bring_into_force(proposal, by=by, at=moment)
    elif new:
        tell(_other_heads(by), "agreement.signed", by=by, path=path_of(proposal))
    return proposal


@transaction.atomic
def unsign_proposal(proposal: Proposal, *, by: User) -> Proposal:
    """Take one's signature off a proposal that is not in force yet."""
    demand(by, "agreement.sign")
    proposal = lock_open(proposal)
    mine = [side for side in Side if getattr(proposal, f"{side}_head_id") == by.pk]
    for side in mine:
        _sign(proposal, side, None, None)
    if mine:
        proposal.save(update_fields=_columns(mine))
        tell_about(proposal, "agreement.unsigned", by=by)
    return proposal


@transaction.atomic
def sign_version(agreement: Agreement, *, by: User) -> Agreement:
    """Sign a version that is used in draft mode, for one's side. Signing again changes nothing."""
    sides = _sides_of(by)
    agreement = lock_row(Agreement, agreement.pk)
    new = [side for side in sides if not agreement.signed_at(side)]
    if not new:
        return agreement
    if not agreement.in_force:
        raise Refusal(_("This version is not in force any more."))
    for side in new:
        _sign(agreement, side, by, now())
    agreement.save(update_fields=_columns(new))
    forget_agreement()
    kind, to = "agreement.signed", _other_heads(by)
    if not agreement.is_draft:
        kind, to = "agreement.in_force", _both_teams()
    tell(to, kind, by=by, path="/handoffs/agreement/", version=agreement.version)
    return agreement


def _bring_into_force(proposal: Proposal, *, by: User, at: datetime) -> None:
    old = lock_base()
    old.in_force = False
    old.save(update_fields=["in_force"])
    new = Agreement.objects.create(
        version=Agreement.objects.order_by("-version").values_list("version", flat=True)[0] + 1,
        clauses=proposal.clauses,
        in_force=True,
        created_at=at,
        marketing_head=proposal.marketing_head,
        marketing_signed_at=proposal.marketing_signed_at,
        sales_head=proposal.sales_head,
        sales_signed_at=proposal.sales_signed_at,
    )
    proposal.became, proposal.state, proposal.closed_at, proposal.closed_by = (
        new,
        "in_force",
        at,
        by,
    )
    proposal.save(update_fields=["became", "state", "closed_at", "closed_by"])
    put_in_force(new, at=at)
    # Other transactions must not read the old one from this process's memory once ours is over.
    transaction.on_commit(forget_agreement)
    tell(
        _both_teams(),
        "agreement.in_force",
        by=by,
        path="/handoffs/agreement/",
        version=new.version,
    )


def _sides_of(by: User) -> list[Side]:
    demand(by, "agreement.sign")
    sides = sides_signed_by(by)
    if not sides:
        raise NotAllowed(_("Only the head of a side signs for it."))
    return sides


def _sign(thing: Proposal | Agreement, side: Side, by: User | None, at: datetime | None) -> None:
    setattr(thing, f"{side}_head", by)
    setattr(thing, f"{side}_signed_at", at)


def _columns(sides: list[Side]) -> list[str]:
    return [f"{side}_{name}" for side in sides for name in ("head", "signed_at")]


def _signed_by(proposal: Proposal, by: User) -> bool:
    return by.pk in (proposal.marketing_head_id, proposal.sales_head_id) and bool(
        proposal.became_id
    )


def _other_heads(by: User) -> list[User]:
    organisation = Organisation.objects.select_related("marketing_head", "sales_head").first()
    heads = [organisation.marketing_head, organisation.sales_head] if organisation else []
    return [head for head in heads if head is not None and head != by]


def _both_teams():
    return User.objects.active().exclude(team=None).filter(team__is_partner=False)
