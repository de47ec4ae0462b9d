"""Following the timeline: what somebody does once for each event, in the order of commits.

Ids and moments can commit out of order, so a reader goes by (xid, id) and only as far as every
transaction below is over: nothing can appear behind it any more. Where it stands is stored in the
transaction of what it did, so that a crash between the two does neither.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Func, Q

from leads.models import LeadEvent, TimelineReader
from leads.models.events import Xid8Field

# So many events are looked at in one transaction; most of them concern another reader.
WINDOW = 500


class Horizon(Func):
    """The oldest transaction that is not over: what lies below is all there will ever be."""

    template = "pg_snapshot_xmin(pg_current_snapshot())"
    output_field = Xid8Field()


@dataclass(frozen=True)
class Followed:
    """One step of a reader: whether it took place, what it did, and whether more lies ahead."""

    took_place: bool
    handled: int = 0
    more: bool = False


def follow(
    name: str,
    *,
    wanted: Q,
    effect: Callable[[list[LeadEvent]], None],
    at_once: int = 100,
) -> Followed:
    """One step of the reader `name`: `effect` gets its next events, at most `at_once`, with their leads.

    The effect and the cursor are one transaction; what the effect raises undoes both, and the same
    events come again. A reader that is new begins with what commits from now on. While another
    process takes a step of the same reader, this one does nothing.
    `at_once=1` keeps the locks of the effect to those of one lead.
    """
    with transaction.atomic():
        reader = _claim(name)
        if reader is None:
            return Followed(took_place=False)
        window = list(_after(reader)[:WINDOW])
        if not window:
            return Followed(took_place=True)
        events = _wanted(window, wanted)[:at_once]
        last = events[-1] if len(events) == at_once else window[-1]
        if events:
            effect(events)
        _advance(reader, last)
    more = len(window) == WINDOW or last.pk != window[-1].pk
    return Followed(took_place=True, handled=len(events), more=more)


def _claim(name: str) -> TimelineReader | None:
    """The reader's row, locked; None while another process holds it."""
    if not TimelineReader.objects.filter(pk=name).exists():
        TimelineReader.objects.bulk_create(
            [TimelineReader(name=name, xid=Horizon())], ignore_conflicts=True
        )
    rows = TimelineReader.objects.select_for_update(skip_locked=True)
    return rows.filter(pk=name).first()


def _after(reader: TimelineReader):
    """Events after the cursor up to the horizon, in commit order: a range of one index."""
    ahead = LeadEvent.objects.filter(xid__gte=reader.xid, xid__lt=Horizon())
    ahead = ahead.filter(Q(xid__gt=reader.xid) | Q(id__gt=reader.event_id))
    return ahead.only("id", "xid").order_by("xid", "id")


def _wanted(window: list[LeadEvent], wanted: Q) -> list[LeadEvent]:
    """Those of the window the reader is for, in its order."""
    rows = LeadEvent.objects.filter(wanted, pk__in=[event.pk for event in window])
    return list(rows.select_related("lead").order_by("xid", "id"))


def _advance(reader: TimelineReader, last: LeadEvent) -> None:
    # Only ever forward, whatever the effect did to the row in between.
    TimelineReader.objects.filter(pk=reader.pk, xid__lte=last.xid).update(
        xid=last.xid, event_id=last.pk
    )
