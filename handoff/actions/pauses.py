"""お客様待ち: the customer asked to wait, so the taker's clocks rest, and go on again.

First contact and decision rest: there it is the customer's turn. What we owe ourselves does not:
an offer is answered, a return acknowledged and a question answered however long the customer waits.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actions import tell
from accounts.models import User, WorkingCalendar
from common import now
from common.formats import moment as moment_words
from common.formats import span
from common.refusals import Malformed, Refusal
from handoff.actions.clocks import terms_of
from handoff.actions.locks import lock_handoff, moved_last, refuse_unless_open
from handoff.actions.one_by_one import one_by_one
from handoff.actions.rests import end_pauses, moved, rested_before
from handoff.models import Clock, Handoff, Pause
from handoff.states import ClockKind, PauseReason, State
from leads.history import record
from leads.models import Interaction, Lead
from leads.states import Direction, TouchKind

AT_ONCE = 500
# Longer than any clause allows: the business time of some thousand years is not summed up for a slip.
FURTHEST = timedelta(days=15 * 366)
PAUSED = (ClockKind.CONTACT, ClockKind.DECIDE)
# Touches by which a person speaks to us; a page looked at or a mail opened ends no waiting.
THEY_SPEAK = frozenset(
    {
        TouchKind.FORM,
        TouchKind.MAIL_RECEIVED,
        TouchKind.CALL,
        TouchKind.CHAT,
        TouchKind.WEB_MEETING,
        TouchKind.VISIT_IN_PERSON,
        TouchKind.QUESTION,
        TouchKind.HEARING,
    }
)


@transaction.atomic
def pause_clocks(
    handoff: Handoff, *, by: User, reason: str, until: datetime, note: str = ""
) -> Handoff:
    """The customer asked to wait: the clocks of the taker rest until `until`, or until they are heard of.

    How often and for how long altogether is a clause of the version the handoff runs under.
    Raises `Refusal` where nothing runs that could rest (what is late already cannot), or the clause
    is used up; `Malformed` for a moment that does not lie ahead.
    """
    handoff = lock_handoff(handoff)
    refuse_unless_open("pause", handoff, by=by)
    if handoff.paused_until is not None:
        if handoff.paused_until == until and moved_last(
            by, handoff.lead, "clock.pause", handoff_id=handoff.pk
        ):
            return handoff
        raise Refusal(
            _("The clocks already rest, until %(moment)s.")
            % {"moment": moment_words(handoff.paused_until)}
        )
    if reason not in PauseReason.values:
        raise Malformed(_("Say why the clocks are to rest."), field="reason")
    moment = now()
    if until <= moment:
        raise Malformed(_("Choose a moment in the future."), field="until")
    if until > moment + FURTHEST:
        raise Malformed(_("Choose a day that can be reached."), field="until")
    clocks = _resting(handoff, at=moment)
    _refuse_too_much(handoff, clocks, moment, until)
    for clock in clocks:
        _pause(clock, by=by, reason=reason, note=note.strip(), at=moment, until=until)
    handoff.paused_until = until
    handoff.save(update_fields=["paused_until"])
    _record(handoff, "clock.pause", by=by, at=moment, reason=reason, due=until.isoformat())
    return handoff


@transaction.atomic
def resume_clocks(
    handoff: Handoff, *, by: User | None, at: datetime | None = None, because: str = ""
) -> Handoff:
    """The wait is over: the clocks go on, later by the business time they rested.

    `by` None is the system: at the moment that was set (`until`), or because the customer was
    heard of (`touch`); then the taker is told.
    """
    handoff = lock_handoff(handoff)
    running = handoff.paused_until is None
    if running and moved_last(by, handoff.lead, "clock.resume", handoff_id=handoff.pk):
        return handoff
    refuse_unless_open("resume", handoff, by=by)
    if running:
        raise Refusal(_("The clocks of this lead run already."))
    return _go_on(handoff, by=by, at=at or now(), because=because)


def _go_on(handoff: Handoff, *, by: User | None, at: datetime, because: str) -> Handoff:
    end_pauses(handoff, at=at)
    _record(handoff, "clock.resume", by=by, at=at, because=because or None)
    path = f"/handoffs/{handoff.pk}/"
    tell(handoff.taker, "clock.resumed", by=by, lead=handoff.lead, path=path, because=because)
    return handoff


def resume_when_heard(lead: Lead, touch: Interaction, *, by: User) -> None:
    """A touch by which the customer speaks to us, later than they asked to wait, ends the wait."""
    if not ends_wait(touch):
        return
    resting = Handoff.objects.accepted().filter(lead=lead, paused_until__isnull=False)
    for handoff in resting:
        began = Pause.objects.filter(clock__handoff=handoff, ended_at=None).order_by("started_at")
        first = began.values_list("started_at", flat=True).first()
        if first and first < touch.at:
            _go_on(lock_handoff(handoff), by=by, at=now(), because="touch")


def resume_due(*, at: datetime) -> int:
    """Have go on what rested until now, and whose customer was heard of by another door than a page.

    How many; at most 500. Each in a transaction of its own, its lead locked first.
    """
    due = dict.fromkeys(_ids(Handoff.objects.to_resume(at=at).order_by("paused_until")), "until")
    due |= {pk: "touch" for pk in _ids(_heard_of(at=at)) if pk not in due}
    return one_by_one(lambda one: _resume(one[0], at=at, because=one[1]), due.items())


def _ids(rows) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _heard_of(*, at: datetime):
    """Handoffs that rest although a touch came in by which the customer speaks to us."""
    spoke = Interaction.objects.filter(
        lead=OuterRef("clock__handoff__lead"),
        kind__in=THEY_SPEAK,
        direction=Direction.INBOUND,
        at__gt=OuterRef("started_at"),
        at__lte=at,
    )
    resting = Pause.objects.filter(Exists(spoke), ended_at=None)
    return Handoff.objects.filter(pk__in=resting.values("clock__handoff"))


@transaction.atomic
def _resume(pk: int, *, at: datetime, because: str) -> bool:
    handoff = lock_handoff(Handoff.objects.get(pk=pk))
    if handoff.paused_until is None or handoff.state != State.ACCEPTED:
        return False
    if because == "until" and handoff.paused_until > at:
        return False
    _go_on(handoff, by=None, at=at, because=because)
    return True


def ends_wait(touch: Interaction) -> bool:
    """Whether the customer is heard in it: they come to us, or we spoke with them."""
    return touch.kind in THEY_SPEAK and (
        touch.direction == Direction.INBOUND or touch.result in ("reached", "demo", "interested")
    )


def _resting(handoff: Handoff, *, at: datetime) -> list[Clock]:
    running = handoff.clocks.ticking().filter(kind__in=PAUSED).select_for_update().order_by("kind")
    clocks = list(running)
    if not clocks:
        raise Refusal(_("No clock runs here that could rest."))
    in_time = [clock for clock in clocks if clock.due_at > at]
    if not in_time:
        raise Refusal(_("It is past its time already: what is late cannot be put to rest."))
    return in_time


def _refuse_too_much(handoff: Handoff, clocks: list[Clock], at: datetime, until: datetime) -> None:
    terms = terms_of(handoff.agreement_version)
    used = rested_before(handoff, [clock.kind for clock in clocks])
    often = max((one[0] for one in used.values()), default=0)
    if often >= terms.pauses_at_most:
        raise Refusal(
            ngettext(
                "The agreement allows %(n)s pause for a lead.",
                "The agreement allows %(n)s pauses for a lead.",
                terms.pauses_at_most,
            )
            % {"n": terms.pauses_at_most}
        )
    calendar = WorkingCalendar.of(clocks[0].calendar_id)
    left = terms.pause_at_most - max((one[1] for one in used.values()), default=0.0)
    if calendar.minutes_between(at, until) > left + 0.5:
        latest = calendar.add_minutes(at, max(1.0, left))
        raise Malformed(
            _(
                "The agreement allows %(span)s of waiting altogether: until %(moment)s at the latest."
            )
            % {"span": span(terms.pause_at_most, business=True), "moment": moment_words(latest)},
            field="until",
        )


def _pause(clock: Clock, *, by: User, reason, note, at: datetime, until: datetime) -> None:
    calendar = WorkingCalendar.of(clock.calendar_id)
    Pause.objects.create(
        clock=clock,
        reason=reason,
        note=note,
        started_at=at,
        by=by,
        until=until,
        warn_was=clock.warn_at,
        due_was=clock.due_at,
        escalates_was=clock.escalates_at,
    )
    rest = calendar.minutes_between(at, until)
    moments = moved(clock.warn_at, clock.due_at, clock.escalates_at, calendar, rest)
    Clock.objects.filter(pk=clock.pk).update(paused_at=at, resumes_at=until, **moments)


def _record(handoff: Handoff, verb: str, *, by: User | None, at: datetime, **data) -> None:
    record(
        handoff.lead,
        verb,
        by=by,
        at=at,
        handoff_id=handoff.pk,
        version=handoff.agreement_version,
        **data,
    )
