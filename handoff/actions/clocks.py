"""Starting and stopping clocks: the due moment is stored when a promise begins."""

from datetime import datetime

from django.core.cache import caches
from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import Organisation, Team, User
from common.refusals import Refusal
from handoff.models import Agreement, Clock, Handoff
from handoff.states import ClockKind
from leads.models import Lead, Question

# At this share of its business time a clock warns its owner.
WARN_AT = 0.8
KEEP_SECONDS = 5


def agreement_in_force() -> Agreement:
    """The version every new handoff is judged by. Raises `Refusal` before `setup` was run."""
    found = caches["local"].get_or_set(
        "agreement", lambda: Agreement.objects.in_force().first(), KEEP_SECONDS
    )
    if found is None:
        raise Refusal(_("There is no agreement yet. An administrator runs the setup first."))
    return found


def forget_agreement() -> None:
    """Read the agreement anew: after it was changed in this process."""
    caches["local"].delete("agreement")


def clock(
    kind: ClockKind,
    subject: Handoff | Question,
    *,
    team: Team,
    owner: User | None,
    at: datetime,
    minutes: float | None = None,
) -> Clock:
    """A clock of `kind`, not yet written, started at `at`: its due moment in business time of `team`.

    `minutes` (business) default to what the clause in force allows.
    """
    agreement = agreement_in_force()
    minutes = agreement.terms.within(kind) if minutes is None else minutes
    calendar = Organisation.current().calendar
    return Clock(
        kind=kind,
        handoff=subject if isinstance(subject, Handoff) else None,
        question=subject if isinstance(subject, Question) else None,
        lead_id=subject.lead_id,
        side=team.side,
        team=team,
        owner=owner,
        agreement_version=agreement.version,
        minutes=round(minutes),
        started_at=at,
        warn_at=calendar.add_minutes(at, minutes * WARN_AT),
        due_at=calendar.add_minutes(at, minutes),
    )


def start_clocks(*clocks: Clock) -> None:
    """Write new clocks, in the present transaction."""
    Clock.objects.bulk_create(clocks)


def stop_clocks(
    subject: Handoff | Question, *kinds: ClockKind, at: datetime, void: bool = False
) -> int:
    """Stop the running clocks of `subject` (of these kinds, or all). Returns how many.

    `void`: what they measured ceased to matter; they count neither as kept nor as missed,
    unless the promise had been broken before.
    """
    running = Clock.objects.running()
    running = (
        running.filter(handoff=subject)
        if isinstance(subject, Handoff)
        else running.filter(question=subject)
    )
    if kinds:
        running = running.filter(kind__in=kinds)
    return _void(running, at=at) if void else running.update(stopped_at=at)


def _void(running: QuerySet, *, at: datetime) -> int:
    broken = running.filter(due_at__lte=at).update(stopped_at=at)
    return broken + running.update(stopped_at=at, void=True)


def release_answers(lead: Lead, *, at: datetime) -> None:
    """Of a lead that closes nobody is accountable: its questions stay, but no answer is owed in time."""
    _void(Clock.objects.running().filter(lead_id=lead.pk, kind=ClockKind.ANSWER), at=at)


def settle_clocks(handoff: Handoff, *, at: datetime) -> None:
    """Stop what runs for a handoff that closes: an answer in time is kept, a first contact that
    never came is not, and no longer owed."""
    running = Clock.objects.running().filter(
        handoff=handoff, kind__in=(ClockKind.ACCEPT, ClockKind.CONTACT, ClockKind.DECIDE)
    )
    not_owed = When(kind=ClockKind.CONTACT, due_at__gt=at, then=Value(True))
    running.update(stopped_at=at, void=Case(not_owed, default=F("void")))


def resume_deciding(handoff: Handoff, *, at: datetime) -> None:
    """The taker of an accepted handoff decides again: the decide clock goes on with what was left.

    At least an hour is given, so that nobody is late by somebody else's return.
    """
    last = handoff.clocks.filter(kind=ClockKind.DECIDE).order_by("-started_at").first()
    left: float = agreement_in_force().terms.decide_within
    if last and last.stopped_at:
        left = max(60.0, last.minutes - business_minutes(last.started_at, last.stopped_at))
    if last is None or last.stopped_at:
        start_clocks(
            clock(
                ClockKind.DECIDE,
                handoff,
                team=handoff.taker_team,
                owner=handoff.taker,
                at=at,
                minutes=left,
            )
        )


@transaction.atomic
def warn(clock_id: int, *, at: datetime) -> bool:
    """Remind the owner of a clock at 80 % of its time, once. Whether this call did it."""
    claimed = Clock.objects.to_warn(at=at).filter(pk=clock_id).update(warned_at=at)
    if claimed:
        _tell_about(Clock.objects.select_related("team", "owner").get(pk=clock_id), "clock.warning")
    return bool(claimed)


@transaction.atomic
def breach(clock_id: int, *, at: datetime) -> bool:
    """Record that a promise was not kept, once, and tell its owner and their managers.

    Whether this call did it: two sweeps at once do it once.
    """
    claimed = Clock.objects.to_breach(at=at).filter(pk=clock_id).update(breached_at=at)
    if claimed:
        _tell_about(
            Clock.objects.select_related("team", "owner").get(pk=clock_id),
            "clock.breach",
            managers=True,
        )
    return bool(claimed)


def _tell_about(late: Clock, kind: str, *, managers: bool = False) -> None:
    people = User.objects.active().in_team(late.team_id)
    to = [late.owner] if late.owner else list(people)
    if managers:
        to += list(people.managers())
    path = f"/handoffs/{late.handoff_id}/" if late.handoff_id else f"/leads/{late.lead_id}/"
    tell(to, kind, lead=late.lead_id, path=path, clock=late.kind, due=late.due_at.isoformat())


def business_minutes(start: datetime, end: datetime) -> float:
    """Business minutes of the organisation between two moments."""
    return Organisation.current().calendar.minutes_between(start, end)


def lapse_moment(offered_at: datetime) -> datetime:
    """Before this moment an offer made at `offered_at` does not lapse, by the agreement in force."""
    minutes = agreement_in_force().terms.lapses_after
    return Organisation.current().calendar.add_minutes(offered_at, minutes)
