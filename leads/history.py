"""The one writer of the timeline, and how its readers follow it."""

from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import connection

from accounts.models import User
from common import now
from leads.models import Lead, LeadEvent, ReaderCursor
from leads.states import MILESTONES, Stage, Via

_via: ContextVar[Via] = ContextVar("via", default=Via.PAGE)


@contextmanager
def through(via: Via):
    """Within the block, moves are recorded as having come in by the door `via`."""
    token = _via.set(via)
    try:
        yield
    finally:
        _via.reset(token)


def event(
    lead: Lead,
    verb: str,
    *,
    by: User | None,
    at: datetime | None = None,
    recorded_at: datetime | None = None,
    stage_from: str = "",
    stage_to: str = "",
    handoff_id: int | None = None,
    deal_id: int | None = None,
    version: int | None = None,
    via: Via | None = None,
    **data,
) -> LeadEvent:
    """An event of `lead`, not yet written: for `record`, and in sets for `record_many`.

    `data` holds ids and codes only, never what identifies a person: events cannot be erased.
    """
    recorded_at = recorded_at or now()
    return LeadEvent(
        lead=lead,
        verb=verb,
        at=at or recorded_at,
        recorded_at=recorded_at,
        by=by,
        via=via or _via.get(),
        stage_from=stage_from,
        stage_to=stage_to,
        team_id=lead.team_id,
        handoff_id=handoff_id,
        deal_id=deal_id,
        agreement_version=version,
        data=data,
    )


def record(lead: Lead, verb: str, *, by: User | None, **what) -> LeadEvent:
    """Write that `verb` happened to `lead`, in the present transaction. Arguments as of `event`."""
    row = event(lead, verb, by=by, **what)
    row.save(force_insert=True)
    return row


def record_many(events: Iterable[LeadEvent]) -> list[LeadEvent]:
    """Write many events at once: the set form of `record` for imports and jobs."""
    return LeadEvent.objects.bulk_create(events, batch_size=1000)


def milestones(lead: Lead, stage: str, at: datetime) -> dict[str, datetime]:
    """The milestone columns of `lead` that entering `stage` at `at` sets: the stage's and those before it.

    A milestone is the *first* entry to a stage or a later one, so an earlier moment stays.
    """
    if stage not in MILESTONES:
        return {}
    reached = MILESTONES[: MILESTONES.index(Stage(stage)) + 1]
    columns = {f"{name}_at": getattr(lead, f"{name}_at") for name in reached}
    return {name: at for name, was in columns.items() if was is None or at < was}


class Reader:
    """Follows the timeline in commit order with a cursor kept in the transaction of the effect.

    Ids can commit out of order, so the cursor is (xid, id) and goes only as far as every
    transaction below is finished.
    """

    def __init__(self, name: str):
        self.name = name

    def next(self, limit: int = 500) -> list[LeadEvent]:
        """The next events, oldest first. Locks the cursor: call within the effect's transaction."""
        ReaderCursor.objects.get_or_create(name=self.name)
        cursor = ReaderCursor.objects.select_for_update().get(name=self.name)
        rows = list(
            LeadEvent.objects.raw(
                "SELECT * FROM leads_leadevent"
                " WHERE (xid, id) > (%s::text::xid8, %s)"
                " AND xid < pg_snapshot_xmin(pg_current_snapshot())"
                " ORDER BY xid, id LIMIT %s",
                [str(cursor.xid), cursor.event_id, limit],
            )
        )
        if rows:
            cursor.xid, cursor.event_id = rows[-1].xid, rows[-1].pk
            cursor.save(update_fields=["xid", "event_id"])
        return rows


def restart_readers() -> None:
    """After a restore into a new cluster: transaction ids begin anew, so all cursors do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text, max(id) FROM leads_leadevent"
        )
        xid, last = cursor.fetchone()
    ReaderCursor.objects.update(xid=int(xid) - 1, event_id=last or 0)
