"""The end of a rest: a paused clock goes on, its moments where the rest has put them."""

from datetime import datetime

from django.db.models import F

from accounts.models import WorkingCalendar
from handoff.models import Clock, Handoff, Pause
from handoff.states import ClockKind


def end_pauses(handoff: Handoff, *kinds: ClockKind, at: datetime) -> bool:
    """Have the paused clocks of a *locked* handoff (of these kinds, or all) go on from `at`.

    Whether any did. No rest is longer than was said: what comes after `until` does not count.
    Tells nobody and records nothing: whoever ends the rest says why.
    """
    if handoff.paused_until is None:
        return False
    resting = Pause.objects.filter(clock__handoff=handoff, ended_at=None).select_related("clock")
    ending = [one for one in resting if not kinds or one.clock.kind in kinds]
    for pause in ending:
        _end(pause, at=at)
    if len(ending) == len(resting):
        handoff.paused_until = None
        Handoff.objects.filter(pk=handoff.pk).update(paused_until=None)
    return bool(ending)


def _end(pause: Pause, *, at: datetime) -> None:
    clock = pause.clock
    calendar = WorkingCalendar.of(clock.calendar_id)
    end = max(pause.started_at, min(at, pause.until))
    rested = calendar.minutes_between(pause.started_at, end)
    Pause.objects.filter(pk=pause.pk).update(ended_at=end, minutes=rested)
    moments = moved(pause.warn_was, pause.due_was, pause.escalates_was, calendar, rested)
    Clock.objects.filter(pk=clock.pk).update(paused_at=None, resumes_at=None, **moments)


def moved(warn_at, due_at, escalates_at, calendar, minutes: float) -> dict:
    """The three moments of a clock, `minutes` of business time later."""
    moments = {"warn_at": warn_at, "due_at": due_at, "escalates_at": escalates_at}
    if minutes <= 0:  # a moment at closing time must not jump to the next opening
        return moments
    return {
        name: moment and calendar.add_minutes(moment, minutes) for name, moment in moments.items()
    }


def rested_before(handoff: Handoff, kinds) -> dict[str, tuple[int, float]]:
    """{kind of clock: (how often, how many business minutes it rested so far)}, of clocks stopped too."""
    found: dict[str, tuple[int, float]] = {}
    rows = Pause.objects.filter(clock__handoff=handoff, clock__kind__in=kinds)
    for kind, minutes in rows.values_list(F("clock__kind"), "minutes"):
        often, rested = found.get(kind, (0, 0.0))
        found[kind] = often + 1, rested + (minutes or 0.0)
    return found


def pause_of(handoff: Handoff) -> Pause | None:
    """The rest that lasts, for who wants to know why. A query only where there is one."""
    if handoff.paused_until is None:
        return None
    return Pause.objects.filter(clock__handoff=handoff, ended_at=None).first()
