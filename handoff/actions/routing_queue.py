"""The managers' queue: qualified leads that no rule took, or whose offer nobody answered."""

from datetime import datetime

from django.utils import translation

from accounts.actions import tell
from accounts.models import User
from common.refusals import Refusal
from handoff.models import Handoff, QueuedLead
from handoff.states import QueueReason
from leads.history import record
from leads.models import Lead
from leads.states import Stage


def queue_lead(lead: Lead, reason: QueueReason, *, by: User | None, at: datetime, **data):
    """Have a *locked*, qualified lead wait for a manager; its managers are told when it comes in.

    Who waits already keeps the place: only the reason is renewed.
    """
    row = QueuedLead.objects.filter(pk=lead.pk).first()
    if row is None:
        row = QueuedLead.objects.create(lead=lead, reason=reason, data=data, since=at)
        record(lead, "lead.queue", by=by, at=at, reason=reason.value)
        if reason != QueueReason.LAPSED:  # of which they were told as such
            managers = User.objects.active().managers().in_team(lead.team_id)
            tell(managers, "lead.queued", by=by, lead=lead, path="/handoffs/queue/")
    elif (row.reason, row.data) != (reason, data):
        row.reason, row.data = reason, data
        row.save(update_fields=["reason", "data"])
    row.lead = lead
    return row


def queue_lapsed(handoff: Handoff, *, at: datetime) -> None:
    """What lapsed on a first leg waits for a manager; on a later one its holder decides again."""
    if handoff.lead.stage == Stage.MQL:
        closed = at.isoformat()
        queue_lead(
            handoff.lead, QueueReason.LAPSED, by=None, at=at, handoff=handoff.pk, closed=closed
        )


def leave_queue(lead: Lead) -> None:
    """A *locked* lead was offered, or is not qualified any more."""
    QueuedLead.objects.filter(pk=lead.pk).delete()


def in_words(refusal: Refusal) -> dict[str, str]:
    """The sentence of a refusal in both languages: whoever reads the queue may speak either."""
    found = {}
    for language in ("ja", "en"):
        with translation.override(language):
            found[language] = str(refusal)
    return found
