"""Comments: words of one of us to the others about a lead."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import User
from common import now
from common.refusals import Malformed, NotAllowed, Refusal
from leads.actions.stages import lock_lead
from leads.history import record
from leads.models import Comment, Lead
from leads.permissions import demand

LONGEST = 5000
# Long enough to take back a slip, too short to take back what others have answered to.
MAY_WITHDRAW_WITHIN = timedelta(minutes=15)


@transaction.atomic
def comment_on_lead(lead: Lead, *, by: User, text: str) -> Comment:
    """Keep a comment; both people of the lead are told. A double press keeps one."""
    lead = lock_lead(lead)
    demand(by, "comment", lead)
    text = text.strip()
    if not text:
        raise Malformed(_("Write the comment first."), field="text")
    if len(text) > LONGEST:
        raise Malformed(
            _("A comment has at most %(n)s characters.") % {"n": f"{LONGEST:,}"}, field="text"
        )
    moment = now()
    latest = lead.comments.order_by("-at", "-id").first()
    if _is_same(latest, by, text, moment):
        return latest
    comment = Comment.objects.create(lead=lead, text=text, by=by, at=moment)
    record(lead, "comment.write", by=by, at=moment, comment=comment.pk)
    tell(
        [person for person in (lead.marketer, lead.seller) if person],
        "lead.commented",
        by=by,
        lead=lead,
        path=f"/leads/{lead.pk}/",
    )
    return comment


def _is_same(latest: Comment | None, by: User, text: str, moment) -> bool:
    return bool(
        latest
        and latest.by_id == by.pk
        and latest.text == text
        and moment - latest.at < timedelta(seconds=10)
    )


@transaction.atomic
def withdraw_comment(comment: Comment, *, by: User) -> None:
    """Take back one's own comment within a quarter of an hour; the ledger keeps that there was one."""
    lead = lock_lead(comment.lead_id)
    comment = Comment.objects.select_for_update().filter(pk=comment.pk).first()
    if comment is None:
        return
    if comment.by_id != by.pk:
        raise NotAllowed(_("Only the person who wrote this comment can take it back."))
    demand(by, "comment", lead)
    if now() - comment.at > MAY_WITHDRAW_WITHIN:
        raise Refusal(_("Others have read this comment by now. Write another one to correct it."))
    comment.delete()
    record(lead, "comment.withdraw", by=by)
