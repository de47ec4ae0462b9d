"""What the clock does by itself: remind, record a breach, climb the ladder. In sets, each once.

Rows are claimed by locking them: a second sweep at the same moment passes by what the first holds,
and finds it done afterwards. What somebody is just stopping is passed by too: it needs nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from accounts.actions import News, tell_many
from accounts.models import User, WorkingCalendar
from handoff.actions.clocks import climbs, terms_of
from handoff.actions.locks import lock_handoff
from handoff.actions.one_by_one import one_by_one
from handoff.models import Clock, Handoff
from handoff.states import ClockKind, State
from leads.history import record

AT_ONCE = 500


@transaction.atomic
def warn_due(*, at: datetime, pks: Iterable[int] | None = None) -> int:
    """Remind the owners of clocks at the ladder's first step (80 %), each once. How many; at most 500."""
    clocks = _claim(Clock.objects.to_warn(at=at).order_by("warn_at"), pks)
    Clock.objects.filter(pk__in=[one.pk for one in clocks]).update(warned_at=at)
    people = _people(clocks)
    tell_many((_news("clock.warning", one, _owners(one, people)) for one in clocks), at=at)
    return len(clocks)


@transaction.atomic
def breach_due(*, at: datetime, pks: Iterable[int] | None = None) -> int:
    """Record the promises that were not kept, each once, and tell who owed them. At most 500.

    Where nobody owed it by name the members of the team hear of it; managers by the ladder.
    """
    clocks = _claim(Clock.objects.to_breach(at=at).order_by("due_at"), pks)
    # What nobody was reminded of in time needs no reminder any more.
    Clock.objects.filter(pk__in=[one.pk for one in clocks]).update(
        breached_at=at, warned_at=Coalesce("warned_at", at)
    )
    people = _people(clocks)
    tell_many((_news("clock.breach", one, _owners(one, people)) for one in clocks), at=at)
    return len(clocks)


@transaction.atomic
def climb_due(*, at: datetime, pks: Iterable[int] | None = None) -> int:
    """Take the next step of the ladder of clocks that ask for it: managers are told, or a named
    offer that nobody answers goes to the whole team. At most 500."""
    due = _claim(Clock.objects.to_escalate(at=at).order_by("escalates_at"), pks)
    clocks = [one for one in due if not _goes_to_pool(one)]
    people = _people(clocks)
    tell_many((_to_managers(one, people[one.team_id], at) for one in clocks), at=at)
    _climb(clocks)
    return len(clocks)


def pool_due(*, at: datetime) -> int:
    """Open to their whole teams the offers to one person whose ladder has come so far. At most 500.

    Each in a transaction of its own, its lead locked first: it is a move like any other.
    """
    rows = Clock.objects.to_escalate(at=at).filter(kind=ClockKind.ACCEPT, owner__isnull=False)
    due = [one for one in rows.order_by("escalates_at")[:AT_ONCE] if _goes_to_pool(one)]
    handoffs = Handoff.objects.in_bulk([one.handoff_id for one in due])
    return one_by_one(lambda one: offer_to_pool(handoffs[one.handoff_id], one, at=at), due)


@transaction.atomic
def offer_to_pool(handoff: Handoff, clock: Clock, *, at: datetime) -> bool:
    """An offer to one person that waited too long is open to their whole team. Whether this call did it.

    The accept clock runs on, owed by the team. What was accepted stays with who holds it: there
    the manager is asked to pass it on.
    """
    handoff = lock_handoff(handoff)
    if handoff.state != State.WAITING or handoff.taker_id is None:
        return False
    before, handoff.taker, handoff.named = handoff.taker, None, False
    handoff.save(update_fields=["taker", "named"])
    _climb([clock])
    handoff.clocks.running().filter(kind=ClockKind.ACCEPT).update(owner=None)
    record(
        handoff.lead,
        "handoff.pool",
        by=None,
        at=at,
        handoff_id=handoff.pk,
        version=handoff.agreement_version,
        was=before.pk,
    )
    path, pool = f"/handoffs/{handoff.pk}/", {"handoff": handoff.pk, "pool": True}
    team = list(User.objects.active().in_team(handoff.taker_team_id))
    tell_many([News("handoff.pooled", team, lead=handoff.lead, path=path, data=pool)], at=at)
    return True


def _claim(due: QuerySet[Clock], pks: Iterable[int] | None) -> list[Clock]:
    if pks is not None:
        due = due.filter(pk__in=list(pks))
    return list(due.select_for_update(skip_locked=True)[:AT_ONCE])


def _people(clocks: list[Clock]) -> dict[int, list[User]]:
    """Everybody who works in the teams of the clocks, by team. One query."""
    found: dict[int, list[User]] = {one.team_id: [] for one in clocks}
    if found:
        for person in User.objects.active().filter(team__in=found):
            found[person.team_id].append(person)
    return found


def _owners(clock: Clock, people: dict[int, list[User]]) -> list[User]:
    """Who owes it by name, or whoever of the team may take it."""
    team = people[clock.team_id]
    if clock.owner_id is None:
        members = [person for person in team if not person.is_manager]
        return members or team
    # Of somebody who has left nobody is reminded but their manager.
    own = [person for person in team if person.pk == clock.owner_id]
    return own or [person for person in team if person.is_manager]


def _to_managers(clock: Clock, team: list[User], at: datetime) -> News:
    if _step(clock) == "another":
        kind = "clock.stuck"
    else:
        kind = "clock.breach" if clock.due_at <= at else "clock.warning"
    heard = clock.owner_id  # has been told as the one who owes it
    return _news(kind, clock, [one for one in team if one.is_manager and one.pk != heard])


def _news(kind: str, clock: Clock, to: list[User]) -> News:
    path = f"/handoffs/{clock.handoff_id}/" if clock.handoff_id else f"/leads/{clock.lead_id}/"
    data = {"clock": clock.kind, "due": clock.due_at.isoformat()}
    return News(kind, to, lead=clock.lead_id, path=path, data=data)


def _step(clock: Clock) -> str:
    """The step of the ladder that is due, by the version the clock runs under."""
    steps = climbs(terms_of(clock.agreement_version))
    return steps[clock.escalated][0] if clock.escalated < len(steps) else ""


def _goes_to_pool(clock: Clock) -> bool:
    named = clock.kind == ClockKind.ACCEPT and clock.owner_id is not None
    return named and _step(clock) == "another"


def _climb(clocks: list[Clock]) -> None:
    """One step further; the next is due a share of the clock's time after this one was."""
    last, further = [], []
    for clock in clocks:
        steps = climbs(terms_of(clock.agreement_version))
        following = clock.escalated + 1
        if following >= len(steps):
            last.append(clock.pk)
            continue
        share = steps[following][1] - steps[clock.escalated][1]
        calendar = WorkingCalendar.of(clock.calendar_id)
        clock.escalates_at = calendar.add_minutes(clock.escalates_at, clock.minutes * share / 100)
        further.append(clock)
    if last:
        rows = Clock.objects.filter(pk__in=last)
        rows.update(escalated=F("escalated") + 1, escalates_at=None)
    for clock in further:
        clock.escalated += 1
    Clock.objects.bulk_update(further, ["escalated", "escalates_at"])
