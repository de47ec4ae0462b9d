"""Follow-ups: what somebody owes a lead by a moment."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import User
from common import now
from common.refusals import Malformed, Refusal
from leads.actions.stages import lock_lead
from leads.history import record
from leads.models import FollowUp, Lead
from leads.permissions import demand
from leads.states import TouchKind

# Further ahead than this is a slip of the pen.
MOST_YEARS = 10


@transaction.atomic
def plan_follow_up(
    lead: Lead,
    *,
    by: User,
    what: str,
    due_at: datetime,
    owner: User | None = None,
    kind: str = TouchKind.CALL,
    promised: bool = False,
) -> FollowUp:
    """Plan what `owner` (default: `by`) does for the lead by `due_at`; `promised` if the lead was told so."""
    lead = lock_lead(lead)
    demand(by, "follow_up", lead)
    if not what.strip():
        raise Malformed(_("Say what is to be done."), field="what")
    if owner and (not owner.is_active or owner.team_id is None):
        raise Malformed(_("Choose somebody of a team who works here."), field="owner")
    moment = now()
    _refuse_day(due_at, moment)
    follow_up = FollowUp.objects.create(
        lead=lead,
        what=what.strip()[:300],
        kind=kind,
        due_at=due_at,
        owner=owner or by,
        promised=promised,
        by=by,
        created_at=moment,
    )
    record(lead, "follow_up.plan", by=by, at=moment, follow_up=follow_up.pk, promised=promised)
    tell(follow_up.owner, "follow_up.assigned", by=by, lead=lead, path=f"/leads/{lead.pk}/")
    return follow_up


@transaction.atomic
def postpone_follow_up(follow_up: FollowUp, *, by: User, due_at: datetime) -> FollowUp:
    """Do it at another time. Refused once it is done, or for a day in the past."""
    lead = lock_lead(follow_up.lead_id)
    demand(by, "follow_up", lead)
    follow_up = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if follow_up.due_at == due_at:
        return follow_up
    if follow_up.done_at:
        raise Refusal(_("This is done already."))
    _refuse_day(due_at, now())
    follow_up.due_at = due_at
    follow_up.save(update_fields=["due_at"])
    record(lead, "follow_up.postpone", by=by, follow_up=follow_up.pk, due=due_at.isoformat())
    return follow_up


def _refuse_day(due_at: datetime, moment: datetime) -> None:
    # First, for a moment near the end of time has no counterpart in another zone.
    if due_at.year > moment.year + MOST_YEARS:
        raise Malformed(_("The day for it lies too far in the future."), field="due_at")
    if timezone.localtime(due_at).date() < timezone.localtime(moment).date():
        raise Malformed(_("The day for it lies in the past."), field="due_at")


@transaction.atomic
def finish_follow_up(follow_up: FollowUp, *, by: User) -> FollowUp:
    """Mark it done; whoever may see the lead may. Done already: nothing changes."""
    lead = lock_lead(follow_up.lead_id)
    demand(by, "follow_up", lead)
    follow_up = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if follow_up.done_at is None:
        follow_up.done_at, follow_up.done_by = now(), by
        follow_up.save(update_fields=["done_at", "done_by"])
        record(lead, "follow_up.done", by=by, at=follow_up.done_at, follow_up=follow_up.pk)
    return follow_up


@transaction.atomic
def reopen_follow_up(follow_up: FollowUp, *, by: User) -> FollowUp:
    """Undo `finish_follow_up`."""
    lead = lock_lead(follow_up.lead_id)
    demand(by, "follow_up", lead)
    follow_up = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if follow_up.done_at is not None:
        follow_up.done_at = follow_up.done_by = None
        follow_up.save(update_fields=["done_at", "done_by"])
        record(lead, "follow_up.reopen", by=by, follow_up=follow_up.pk)
    return follow_up
