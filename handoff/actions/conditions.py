"""Return with a condition: what must become true before sales wants the lead back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import Organisation, User
from common.refusals import Malformed
from handoff.models import Handoff, ReturnCondition
from handoff.states import ConditionKind, ConditionState, State
from leads.history import record
from leads.models import Fact, Interaction, Lead
from leads.states import FactField, TouchKind, TouchResult

LONGEST = 300


@dataclass(frozen=True)
class Condition:
    """What a taker asks for. `on` is the day itself for a date; for a fact or a touch it is the day
    from which the lead may come back without it, if there is one."""

    kind: str
    field: str = ""
    label: str = ""
    touch_kind: str = ""
    touch_result: str = ""
    on: date | None = None
    words: str = ""


def condition_of(handoff: Handoff) -> ReturnCondition | None:
    """The condition `handoff` was returned with. Where the lead went back through several teams, it
    stands with the handoff of the leg it came back to."""
    if handoff.state != State.RETURNED:
        return None
    ways = [pk for pk in (handoff.pk, handoff.previous_leg_id) if pk]
    kept = ReturnCondition.objects.filter(handoff__in=ways, set_at=handoff.closed_at)
    return kept.select_related("offered", "touch").first()


def asked_for(handoff: Handoff) -> Condition | None:
    """The same as it was asked for."""
    kept = condition_of(handoff)
    if kept is None:
        return None
    return Condition(
        kept.kind,
        kept.field,
        kept.label,
        kept.touch_kind,
        kept.touch_result,
        kept.on,
        kept.words,
    )


def refuse_condition(wanted: Condition) -> None:
    """Raises `Malformed`, naming the field, for a condition that says nothing to watch for."""
    if wanted.kind not in ConditionKind.values:
        raise Malformed(_("Choose what must become true first."), field="wants")
    if wanted.kind == ConditionKind.DATE and not wanted.on:
        raise Malformed(_("Say on which day you would like it back."), field="revisit_on")
    if wanted.kind == ConditionKind.FACT:
        _refuse_fact(wanted)
    if wanted.kind == ConditionKind.TOUCH:
        _refuse_touch(wanted)
    if len(wanted.words) > LONGEST:
        raise Malformed(_("This is too long."), field="words")


def _refuse_fact(wanted: Condition) -> None:
    if wanted.field not in FactField.values:
        raise Malformed(_("Choose what must be known."), field="fact")
    if wanted.field == FactField.OTHER and not wanted.label:
        raise Malformed(_("Say in a word or two what this is about."), field="label")


def _refuse_touch(wanted: Condition) -> None:
    if wanted.touch_kind not in TouchKind.values:
        raise Malformed(_("Choose what they must do."), field="touch")
    if wanted.touch_result not in TouchResult.values:
        raise Malformed(_("Choose what must come of it."), field="result")


def watch_condition(handoff: Handoff, wanted: Condition, *, at: datetime) -> ReturnCondition:
    """Keep what a *locked* handoff, just returned, waits for. From now on nothing qualifies its lead
    by itself, until the condition is met or the day it names has come."""
    lead = handoff.lead
    kept = ReturnCondition.objects.create(
        handoff=handoff,
        lead=lead,
        kind=wanted.kind,
        field=wanted.field,
        label=wanted.label,
        touch_kind=wanted.touch_kind,
        touch_result=wanted.touch_result,
        on=wanted.on,
        words=wanted.words,
        set_at=at,
    )
    # The day, if there is one, came with the return itself.
    _put(lead, awaits_condition=True)
    return kept


def watched(lead: Lead) -> ReturnCondition | None:
    """The condition a *locked* lead waits for, locked too."""
    rows = ReturnCondition.objects.select_for_update(of=("self",)).watching()
    return rows.select_related("handoff").filter(lead=lead).first()


def drop_condition(lead: Lead, *, by: User | None, at: datetime) -> None:
    """Somebody decided for themselves what becomes of a *locked* lead: nothing is waited for any more."""
    if not lead.awaits_condition:
        return
    if (condition := watched(lead)) is not None:
        settle(condition, ConditionState.DROPPED, "condition.drop", by=by, at=at)
    _put(lead, awaits_condition=False, revisit_on=None)


def expire_condition(lead: Lead, condition: ReturnCondition, *, at: datetime) -> None:
    """The day has come and it was not met: a *locked* lead may qualify by itself again."""
    settle(condition, ConditionState.EXPIRED, "condition.expire", by=None, at=at)
    _put(lead, awaits_condition=False, revisit_on=None)
    handoff = condition.handoff
    tell(
        marketers_of(lead, handoff),
        "condition.expired",
        lead=lead,
        path=f"/handoffs/{handoff.pk}/",
        handoff=handoff.pk,
    )


def settle(
    condition: ReturnCondition,
    state: ConditionState,
    verb: str,
    *,
    by: User | None,
    at: datetime,
    touch: Interaction | None = None,
) -> None:
    """Close a *locked* condition and say so on the timeline."""
    condition.state, condition.settled_at, condition.touch = state, at, touch
    condition.save(update_fields=["state", "settled_at", "touch"])
    record(
        condition.lead,
        verb,
        by=by,
        at=at,
        handoff_id=condition.handoff_id,
        kind=condition.kind,
        field=condition.field or None,
        # Not under the key "touch": what is told with a touch is shown with the touch alone.
        met_by=touch.pk if touch else None,
    )


def let_go(lead: Lead) -> None:
    """A *locked* lead waits for nothing any more."""
    _put(lead, awaits_condition=False, revisit_on=None)


def _put(lead: Lead, **columns) -> None:
    for name, value in columns.items():
        setattr(lead, name, value)
    Lead.objects.filter(pk=lead.pk).update(**columns)


def is_met(condition: ReturnCondition, *, at: datetime) -> tuple[bool, Interaction | None]:
    """Whether it is true at `at`, with the touch that did it, if one did.

    What counts happened after the lead was returned: an answer that was known then has to be
    heard anew, and history that is imported later meets nothing.
    """
    since = {"lead": condition.lead_id, "at__gt": condition.set_at}
    if condition.kind == ConditionKind.DATE:
        return condition.on <= local_day(at), None
    if condition.kind == ConditionKind.TOUCH:
        done = Interaction.objects.filter(kind=condition.touch_kind, **since)
        if condition.touch_result:
            done = done.filter(result=condition.touch_result)
        touch = done.order_by("at", "pk").first()
        return touch is not None, touch
    heard = Fact.objects.current().filter(field=condition.field, **since)
    if condition.label:
        heard = heard.filter(label__iexact=condition.label)
    fact = heard.select_related("interaction").order_by("at", "pk").first()
    return fact is not None, fact.interaction if fact else None


def local_day(at: datetime) -> date:
    """The day in the organisation's zone."""
    return at.astimezone(Organisation.current().zone).date()


def marketers_of(lead: Lead, handoff: Handoff) -> list[User]:
    """Who hears what became of a return: its giver and who looks after the lead, else the managers."""
    found = [one for one in (handoff.giver, lead.marketer) if one and one.is_active]
    return found or list(User.objects.active().managers().in_team(handoff.giver_team_id))
