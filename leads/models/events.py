"""The timeline: one immutable row per move."""

import pgtrigger
from django.db import models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from leads.models.leads import Lead
from leads.states import Stage, Via


class Xid8Field(models.Field):
    """PostgreSQL's 64-bit transaction id; psycopg2 gives it as text."""

    def db_type(self, connection):
        return "xid8"

    def from_db_value(self, value, expression, connection):
        return None if value is None else int(value)

    def get_prep_value(self, value):
        return None if value is None else str(value)


class CurrentXid(Func):
    function = "pg_current_xact_id"
    output_field = Xid8Field()


class LeadEventQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-at", "-id")


class LeadEvent(models.Model):
    """That something moved: who, when, by which door, judged by which agreement. Append-only.

    `at` is when it happened (figures use it), `recorded_at` the database's time.
    `handoff_id` and `deal_id` are plain numbers: this app stands below the handoffs.
    `xid` is kept from the first event on, since events cannot be filled in later: readers follow
    the timeline in commit order, (xid, id), and only as far as every transaction below is over.
    """

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="events", db_index=False)
    verb = models.CharField(max_length=40)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    via = models.CharField(max_length=9, choices=Via, default=Via.PAGE)
    stage_from = models.CharField(max_length=12, choices=Stage, blank=True)
    stage_to = models.CharField(max_length=12, choices=Stage, blank=True)
    team = models.ForeignKey(
        Team,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="The accountable team after the move.",
    )
    handoff_id = models.BigIntegerField(null=True)
    deal_id = models.BigIntegerField(null=True)
    agreement_version = models.PositiveIntegerField(null=True)
    data = models.JSONField(default=dict)
    xid = Xid8Field(db_default=CurrentXid(), editable=False)

    objects = LeadEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["lead", "-at", "-id"], name="event_of_lead"),
            models.Index(fields=["xid", "id"], name="event_in_commit_order"),
            models.Index(fields=["verb", "at"], name="event_verb_at"),
            models.Index(fields=["-recorded_at"], name="event_latest"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class TimelineReader(models.Model):
    """How far somebody who follows the timeline has come: up to and with the event (xid, event_id).

    Stored in the same transaction as what the reader did, so that nothing is done twice or never.
    """

    name = models.CharField(max_length=40, primary_key=True)
    xid = Xid8Field()
    event_id = models.BigIntegerField(default=0)
