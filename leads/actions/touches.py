"""Touches: what happened between us and a lead, scored in the same transaction."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import now
from common.refusals import Malformed, Refusal
from leads.actions.stages import lock_lead, qualify_by_definition
from leads.history import record
from leads.models import Campaign, Interaction, Lead
from leads.permissions import demand
from leads.scoring import (
    definition_in_force,
    excluded_as,
    heat_added,
    heat_at,
    held_back,
    points_for,
    qualifies,
    triggers,
)
from leads.states import CONTACT_KINDS, Direction, Stage, TouchKind

# A clock of somebody's phone may be a little ahead of ours; further than that is a slip.
FUTURE_ALLOWED = timedelta(minutes=10)
EARLIEST_YEAR = 1990
QUALIFIABLE = frozenset({Stage.NEW, Stage.NURTURING})


@transaction.atomic
def log_touch(
    lead: Lead,
    *,
    by: User | None,
    kind: str,
    direction: str = "",
    at: datetime | None = None,
    words: str = "",
    result: str = "",
    minutes: int | None = None,
    campaign: Campaign | None = None,
    machine: bool = False,
    external_id: str = "",
) -> Interaction:
    """Record a touch, add its points to the lead's heat, and qualify the lead if that makes it an MQL.

    `at` is when it happened (default: now). The same `external_id` again gives the touch already
    there. Raises `Malformed` for a moment in the future or a note without words.
    """
    lead = lock_lead(lead)
    demand(by, "touch", lead)
    if external_id and (known := Interaction.objects.filter(external_id=external_id).first()):
        return known
    moment = now()
    _refuse_malformed(kind, words, at, moment)
    touch = Interaction(
        lead=lead,
        kind=kind,
        direction=direction or usual_direction(kind),
        at=at or moment,
        recorded_at=moment,
        campaign=campaign,
        result=result,
        words=words.strip(),
        minutes=minutes,
        by=by,
        by_machine=machine,
        external_id=external_id,
    )
    touch.points = points_for(touch)
    touch.save(force_insert=True)
    settle_touch(lead, touch, moment)
    return touch


def settle_touch(lead: Lead, touch: Interaction, moment: datetime) -> None:
    """What a saved touch does to its *locked* lead: heat, last touch, and maybe the stage."""
    changes: dict = {"updated_at": moment}
    if touch.points:
        changes["heat"] = F("heat") + heat_added(touch.points, at=touch.at)
        lead.heat += heat_added(touch.points, at=touch.at)
    if touch.at >= lead.last_touch_at:
        changes |= {"last_touch_at": touch.at, "last_touch": touch_line(touch)}
        lead.last_touch_at, lead.last_touch = touch.at, changes["last_touch"]
    Lead.objects.filter(pk=lead.pk).update(**changes)
    if lead.awaits_condition:
        record_awaited(lead, touch)
    qualify_if_due(lead, moment, touch)


def record_awaited(lead: Lead, touch: Interaction) -> None:
    """Tell whoever follows the timeline of a touch with a lead that sales waits to hear of.

    Touches write no events of their own: they are many, and few leads are waited for.
    """
    record(lead, "touch.log", by=touch.by, at=touch.at, touch=touch.pk)


def qualify_if_due(lead: Lead, moment: datetime, touch: Interaction | None = None) -> None:
    """Make an MQL of a *locked* lead that meets the definition now, or whose touch triggers it."""
    if lead.stage not in QUALIFIABLE or held_back(lead, at=moment):
        return
    definition = definition_in_force()
    if touch and triggers(touch, definition) and not excluded_as(lead, definition):
        qualify_by_definition(lead, at=max(touch.at, lead.stage_since), because="trigger")
    elif qualifies(lead, at=moment, definition=definition):
        qualify_by_definition(lead, at=moment, because="score")


def touch_line(touch: Interaction) -> str:
    """What the list shows of the latest touch: its kind's code and its first words."""
    return f"{touch.kind}:{Truncator(' '.join(touch.words.split())).chars(120)}"


@transaction.atomic
def withdraw_touch(touch: Interaction, *, by: User) -> None:
    """Take back a touch that its author logged by mistake; heat is summed again, not subtracted.

    Refused for touches that facts or questions came from, and for other people's.
    """
    lead = lock_lead(touch.lead_id)
    demand(by, "touch", lead)
    touch = Interaction.objects.select_for_update().filter(pk=touch.pk).first()
    if touch is None:
        return
    if touch.by_id != by.pk or touch.by_machine:
        raise Refusal(_("Only the person who logged this touch can take it back."))
    if touch.facts.exists() or touch.questions.exists():
        raise Refusal(_("This touch cannot be taken back: facts or questions came from it."))
    kind = touch.kind
    touch.hearings.all().delete()
    touch.delete()
    latest = lead.touches.newest_first().first()
    Lead.objects.filter(pk=lead.pk).update(
        heat=heat_at(lead.touches.exclude(points=0).only("points", "at")),
        last_touch_at=latest.at if latest else lead.captured_at,
        last_touch=touch_line(latest) if latest else "",
        updated_at=now(),
    )
    record(lead, "touch.withdraw", by=by, kind=kind)


def usual_direction(kind: str) -> str:
    """Who usually begins a touch of this kind: we call them, they fill in a form."""
    outbound = kind in CONTACT_KINDS or kind == TouchKind.NOTE
    return Direction.OUTBOUND if outbound else Direction.INBOUND


def _refuse_malformed(kind: str, words: str, at: datetime | None, moment: datetime) -> None:
    if kind not in TouchKind.values:
        raise Malformed(_("Choose what kind of touch it was."), field="kind")
    if kind == TouchKind.NOTE and not words.strip():
        raise Malformed(_("Write the note first."), field="words")
    if at and at > moment + FUTURE_ALLOWED:
        raise Malformed(_("This moment lies in the future."), field="at")
    if at and at.year < EARLIEST_YEAR:
        raise Malformed(_("This date lies too far in the past."), field="at")
