"""Clocks: a promise with its due moment stored, so that "overdue" is one comparison."""

from django.db import models
from django.db.models import CheckConstraint, F, Q

from accounts.models import Team, User, WorkingCalendar
from accounts.states import Side
from handoff.models.handoffs import Handoff
from handoff.states import ClockKind, PauseReason
from leads.models import Question


class ClockQuerySet(models.QuerySet):
    def running(self):
        return self.filter(stopped_at=None)

    def ticking(self):
        """Running and not paused: time goes on."""
        return self.running().filter(paused_at=None)

    def overdue(self, *, at):
        return self.ticking().filter(due_at__lte=at)

    def to_warn(self, *, at):
        return self.ticking().filter(warned_at=None, warn_at__lte=at, due_at__gt=at)

    def to_breach(self, *, at):
        return self.ticking().filter(breached_at=None, due_at__lte=at)

    def to_escalate(self, *, at):
        return self.ticking().filter(escalates_at__lte=at)

    def kept(self):
        """Stopped at or before the due moment."""
        return self.filter(stopped_at__lte=F("due_at"))

    def visible_to(self, user):
        if user.is_partner:
            return self.filter(
                Q(handoff__lead__entrusted_to=user.team_id)
                | Q(question__lead__entrusted_to=user.team_id)
            )
        return self


class Clock(models.Model):
    """One running or stopped promise: who owes what, by when, under which version.

    `void` clocks were stopped because what they measured ceased to matter (the offer was
    withdrawn): they are neither kept nor missed and count in no figure.
    """

    kind = models.CharField(max_length=11, choices=ClockKind)
    handoff = models.ForeignKey(Handoff, null=True, on_delete=models.CASCADE, related_name="clocks")
    question = models.ForeignKey(
        Question, null=True, on_delete=models.CASCADE, related_name="clocks"
    )
    lead_id = models.BigIntegerField(
        help_text="Of the handoff or question, so that lists need no join."
    )
    side = models.CharField(max_length=9, choices=Side)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="clocks", help_text="The owing team."
    )
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="clocks")
    agreement_version = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField(help_text="Business minutes the clause allowed.")
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # Under which hours the due moment was computed; no calendar: the organisation's own.
    calendar = models.ForeignKey(
        WorkingCalendar, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    calendar_version = models.PositiveIntegerField(default=1)
    # While it is the customer's turn the clock rests, its moments moved on; see `Pause`.
    paused_at = models.DateTimeField(null=True)
    resumes_at = models.DateTimeField(null=True, help_text="Until when it rests.")
    escalated = models.PositiveSmallIntegerField(
        default=0, help_text="Steps of the ladder that were taken."
    )
    escalates_at = models.DateTimeField(null=True, help_text="When the next step is due.")
    stopped_at = models.DateTimeField(null=True)
    void = models.BooleanField(default=False)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True, help_text="When the breach was recorded.")

    objects = ClockQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["warn_at"],
                name="clock_to_warn",
                condition=Q(stopped_at=None, paused_at=None, warned_at=None),
            ),
            models.Index(
                fields=["due_at"],
                name="clock_to_breach",
                condition=Q(stopped_at=None, paused_at=None, breached_at=None),
            ),
            models.Index(
                fields=["escalates_at"],
                name="clock_to_escalate",
                condition=Q(stopped_at=None, paused_at=None, escalates_at__isnull=False),
            ),
            models.Index(
                fields=["team", "due_at"], name="clock_running_team", condition=Q(stopped_at=None)
            ),
            models.Index(
                fields=["owner", "due_at"], name="clock_running_owner", condition=Q(stopped_at=None)
            ),
            models.Index(
                fields=["kind", "due_at"], name="clock_running_kind", condition=Q(stopped_at=None)
            ),
            # With the moment it was stopped: how well promises were kept is read from the index.
            models.Index(
                fields=["due_at", "kind", "side"],
                include=["stopped_at"],
                name="clock_due",
                condition=Q(void=False),
            ),
            models.Index(fields=["lead_id"], name="clock_of_lead"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "handoff"],
                name="clock_one_running_per_handoff",
                condition=Q(stopped_at=None),
            ),
            models.UniqueConstraint(
                fields=["kind", "question"],
                name="clock_one_running_per_question",
                condition=Q(stopped_at=None),
            ),
            CheckConstraint(
                name="clock_has_one_subject",
                condition=Q(handoff__isnull=True, question__isnull=False)
                | Q(handoff__isnull=False, question__isnull=True),
            ),
        ]

    def is_late(self, at) -> bool:
        """Whether it is overdue at the moment `at`, or was stopped too late."""
        return (self.stopped_at or at) > self.due_at


class Pause(models.Model):
    """A rest of a clock: it is the customer's turn. Counted and capped by the agreement.

    While it lasts the clock's moments stand where they will be at its end, so that nothing that
    compares them has to know of pauses. Ended early, they are counted anew from where they were.
    """

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=8, choices=PauseReason)
    note = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(help_text="The clock goes on by itself then.")
    warn_was = models.DateTimeField(help_text="The clock's moments before the pause.")
    due_was = models.DateTimeField()
    escalates_was = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    minutes = models.FloatField(null=True, help_text="Business minutes it lasted.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], name="pause_one_runs", condition=Q(ended_at=None)
            ),
            CheckConstraint(
                name="pause_ends_after_it_begins", condition=Q(until__gt=F("started_at"))
            ),
        ]
