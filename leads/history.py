"""The one writer of the timeline."""

from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from accounts.models import User
from common import now
from common.copying import copy_new
from leads.models import Lead, LeadEvent
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


def record_many(events: Iterable[LeadEvent]) -> None:
    """Write many events at once: the set form of `record` for imports and jobs."""
    copy_new(events, with_ids=False)


def milestones(lead: Lead, stage: str, at: datetime) -> dict[str, datetime]:
    """The milestone columns of `lead` that entering `stage` at `at` sets: the stage's and those before it.

    A milestone is the *first* entry to a stage or a later one, so an earlier moment stays.
    """
    if stage not in MILESTONES:
        return {}
    reached = MILESTONES[: MILESTONES.index(Stage(stage)) + 1]
    columns = {f"{name}_at": getattr(lead, f"{name}_at") for name in reached}
    return {name: at for name, was in columns.items() if was is None or at < was}
