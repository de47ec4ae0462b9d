"""Starting and stopping clocks: the due moment is stored when a promise begins."""

from datetime import datetime

from django.core.cache import caches
from django.db.models import Case, F, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.calendars import BusinessCalendar
from accounts.models import Team, User
from common.refusals import Refusal
from handoff.actions.rests import end_pauses
from handoff.models import Agreement, Clock, Handoff, Terms
from handoff.states import ClockKind, Tier
from leads.models import Lead, Question

KEEP_SECONDS = 5
# Percent of its business time, where the ladder names none.
WARN_AT = 80


def agreement_in_force() -> Agreement:
    """The version every new handoff is judged by. Raises `Refusal` before `setup` was run."""
    found = caches["local"].get_or_set(
        "agreement", lambda: Agreement.objects.in_force().first(), KEEP_SECONDS
    )
    if found is None:
        raise Refusal(_("There is no agreement yet. An administrator runs the setup first."))
    return found


def agreement_now() -> Agreement:
    """As `agreement_in_force`, asked of the database: a new version counts from its signature on,
    also in processes that remember the one before."""
    kept = agreement_in_force()
    if not Agreement.objects.filter(pk=kept.pk, in_force=True).exists():
        forget_agreement()
        kept = agreement_in_force()
    return kept


def forget_agreement() -> None:
    """Read the agreement anew: after it was changed in this process."""
    caches["local"].delete("agreement")


def terms_of(version: int) -> Terms:
    """The clauses of one version: what was promised under it is judged by it. Versions never change."""
    current = agreement_in_force()
    if current.version == version:
        return current.terms
    return caches["local"].get_or_set(
        f"terms:{version}", lambda: Agreement.objects.get(version=version).terms, KEEP_SECONDS
    )


def clock(
    kind: ClockKind,
    subject: Handoff | Question,
    *,
    team: Team,
    owner: User | None,
    at: datetime,
    minutes: float | None = None,
) -> Clock:
    """A clock of `kind`, not yet written, started at `at`: its moments in business time of `team`.

    `minutes` (business) default to what the clause allows a lead of the handoff's tier.
    The calendar and its version are kept with it: what is changed there later leaves it alone.
    """
    # A handoff is judged to its end by the version it was offered under.
    if isinstance(subject, Handoff):
        version, tier = subject.agreement_version, subject.tier
    else:
        version, tier = agreement_in_force().version, Tier.MQL
    terms = terms_of(version)
    minutes = terms.within(kind, tier) if minutes is None else minutes
    calendar = team.business_calendar
    return Clock(
        kind=kind,
        handoff=subject if isinstance(subject, Handoff) else None,
        question=subject if isinstance(subject, Question) else None,
        lead_id=subject.lead_id,
        side=team.side,
        team=team,
        owner=owner,
        agreement_version=version,
        minutes=round(minutes),
        started_at=at,
        warn_at=calendar.add_minutes(at, minutes * warns_at(terms) / 100),
        due_at=calendar.add_minutes(at, minutes),
        escalates_at=step_moment(terms, 0, calendar, at, minutes),
        calendar_id=calendar.pk,
        calendar_version=calendar.version,
    )


def warns_at(terms: Terms) -> int:
    """At which percent of its business time a clock reminds its owner: the first step of the ladder."""
    return next((share for step, share in terms.ladder if step == "remind"), WARN_AT)


def climbs(terms: Terms) -> list[tuple[str, int]]:
    """The steps of the ladder that follow the reminder, with the percent at which each is taken."""
    return [(step, share) for step, share in terms.ladder if step != "remind"]


def step_moment(
    terms: Terms, taken: int, calendar: BusinessCalendar, start: datetime, minutes: float
) -> datetime | None:
    """When the step of the ladder after `taken` ones is due; None: there is no further one."""
    steps = climbs(terms)
    if taken >= len(steps):
        return None
    return calendar.add_minutes(start, minutes * steps[taken][1] / 100)


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
    if isinstance(subject, Handoff):
        end_pauses(subject, *kinds, at=at)
        running = running.filter(handoff=subject)
    else:
        running = running.filter(question=subject)
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
    end_pauses(handoff, at=at)
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
    if last and last.stopped_at is None:
        return
    left: float = agreement_in_force().terms.decide_within
    if last:
        # To the due moment, which pauses moved on: what rested was not used up.
        calendar = handoff.taker_team.business_calendar
        left = max(60.0, calendar.minutes_between(last.stopped_at, last.due_at))
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


def lapse_moment(team: Team, offered_at: datetime) -> datetime:
    """When an offer to `team` lapses that nobody answers, by the agreement in force."""
    minutes = agreement_in_force().terms.lapses_after
    return team.business_calendar.add_minutes(offered_at, minutes)


def speed_of(handoff: Handoff, attempt_at: datetime) -> float:
    """Business minutes of the taking team from the offer to the first contact attempted."""
    return handoff.taker_team.business_calendar.minutes_between(handoff.offered_at, attempt_at)
