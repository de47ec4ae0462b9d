"""Proposing another agreement, changing the proposal, talking about it, taking it back."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import Organisation, User
from accounts.permissions import demand
from common import now
from common.locking import lock_row
from common.refusals import Malformed, Refusal
from handoff.clauses import CLAUSES, changed_clauses, day_minutes
from handoff.models import Agreement, Proposal, ProposalComment, ReturnReason, Terms
from handoff.models.terms import faults_of

LONGEST = 4000


@transaction.atomic
def propose_agreement(*, by: User, clauses: Terms, why: str) -> Proposal:
    """Propose `clauses` as the next version. One proposal is open at a time.

    The length of a working day is kept with them: a later change of the calendar rewords nothing.

    Raises `Malformed` for a clause that cannot be agreed, `Refusal` while another one is open.
    """
    demand(by, "agreement.propose")
    base, clauses = lock_base(), replace(clauses, day_minutes=day_minutes())
    if (other := Proposal.objects.open().select_related("by").first()) is not None:
        if other.by_id == by.pk and other.terms == clauses and other.why == why.strip():
            return other
        raise Refusal(_("A proposal is open already. Change it, or withdraw it first."))
    _refuse_clauses(base, clauses)
    moment = now()
    proposal = Proposal.objects.create(
        base=base,
        clauses=clauses.as_data(),
        why=_said(why),
        by=by,
        created_at=moment,
        edited_at=moment,
        edited_by=by,
    )
    tell_about(proposal, "agreement.proposed", by=by)
    return proposal


@transaction.atomic
def edit_proposal(
    proposal: Proposal, *, by: User, seen_revision: int, clauses: Terms, why: str
) -> Proposal:
    """Change an open proposal. Signatures come off: a head signs exactly what they saw.

    Raises `Refusal` when somebody else changed it since revision `seen_revision`.
    """
    demand(by, "agreement.propose")
    proposal = lock_open(proposal)
    clauses = replace(clauses, day_minutes=proposal.terms.day_minutes)
    if proposal.terms == clauses and proposal.why == why.strip():
        return proposal
    refuse_moved(proposal, seen_revision)
    _refuse_clauses(proposal.base, clauses)
    proposal.clauses, proposal.why = clauses.as_data(), _said(why)
    proposal.revision += 1
    proposal.edited_at, proposal.edited_by = now(), by
    proposal.marketing_head = proposal.marketing_signed_at = None
    proposal.sales_head = proposal.sales_signed_at = None
    proposal.save()
    tell_about(proposal, "agreement.edited", by=by)
    return proposal


@transaction.atomic
def comment_on_proposal(
    proposal: Proposal, *, by: User, text: str, clause: str = ""
) -> ProposalComment:
    """Add a word to the discussion, about one clause or about the whole."""
    demand(by, "agreement.discuss")
    proposal = lock_open(proposal)
    if clause and clause not in CLAUSES:
        raise Malformed(_("There is no such clause."), field="clause")
    if not text.strip():
        raise Malformed(_("Write the comment first."), field="text")
    comment = ProposalComment.objects.create(
        proposal=proposal, clause=clause, text=_said(text), by=by, at=now()
    )
    tell(
        _in_discussion(proposal),
        "agreement.commented",
        by=by,
        path=f"{path_of(proposal)}#comment-{comment.pk}",
    )
    return comment


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, by: User) -> Proposal:
    """Take an open proposal back: by who wrote it, or by a head."""
    demand(by, "agreement.propose")
    proposal = lock_row(Proposal, proposal.pk)
    if proposal.state == "withdrawn" and proposal.closed_by_id == by.pk:
        return proposal
    proposal = lock_open(proposal)
    organisation = Organisation.objects.filter(pk=1).first()
    heads = organisation and (organisation.marketing_head_id, organisation.sales_head_id)
    demand(by, "agreement.withdraw", own=by.pk in {proposal.by_id, *(heads or ())})
    proposal.state, proposal.closed_at, proposal.closed_by = "withdrawn", now(), by
    proposal.save(update_fields=["state", "closed_at", "closed_by"])
    tell_about(proposal, "agreement.withdrawn", by=by)
    return proposal


def lock_base() -> Agreement:
    """The version in force, locked: whatever changes the agreement goes one after the other."""
    base = Agreement.objects.in_force().select_for_update().first()
    if base is None:
        raise Refusal(_("There is no agreement yet. An administrator runs the setup first."))
    return base


def lock_open(proposal: Proposal) -> Proposal:
    """The proposal, fresh and locked. Raises `Refusal` if it is not open any more."""
    proposal = lock_row(Proposal, proposal.pk)
    if proposal.state == "in_force":
        raise Refusal(_("Both heads have signed this proposal: it is in force."))
    if proposal.state == "withdrawn":
        raise Refusal(_("This proposal was withdrawn."))
    return proposal


def refuse_moved(proposal: Proposal, seen_revision: int) -> None:
    """Raises `Refusal` unless revision `seen_revision` is what the proposal says now."""
    if proposal.revision != seen_revision:
        name = proposal.edited_by.name if proposal.edited_by else ""
        raise Refusal(
            _("%(name)s changed the proposal meanwhile. Look at the present one first.")
            % {"name": name}
        )


def path_of(proposal: Proposal) -> str:
    return f"/handoffs/agreement/proposals/{proposal.pk}/"


def tell_about(proposal: Proposal, kind: str, *, by: User) -> None:
    """Tell the managers of both sides."""
    managers = User.objects.active().managers().filter(team__is_partner=False)
    tell(managers, kind, by=by, path=path_of(proposal))


def _in_discussion(proposal: Proposal) -> list[User]:
    """Who proposed, who signs, and who has said something."""
    organisation = Organisation.objects.select_related("marketing_head", "sales_head").first()
    spoke = User.objects.filter(
        pk__in=proposal.comments.exclude(by=None).values_list("by_id", flat=True)
    )
    heads = [organisation.marketing_head, organisation.sales_head] if organisation else []
    return [one for one in (proposal.by, *heads, *spoke) if one is not None]


def _refuse_clauses(base: Agreement, terms: Terms) -> None:
    for clause, sentence in faults_of(terms).items():
        raise Malformed(sentence, field=clause)
    kinds = dict(ReturnReason.objects.values_list("code", "kind"))
    if any(kinds.get(one.code, one.kind) != one.kind for one in terms.return_reasons):
        raise Malformed(
            _("A reason stays in its list: returns count by it."), field="return_reasons"
        )
    if not changed_clauses(base.terms, terms):
        raise Malformed(_("Nothing differs from the version in force."))


def _said(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST:
        raise Malformed(_("Write 4,000 characters at most."), field="why")
    return text
