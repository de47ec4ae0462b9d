"""Notices: the in-app inbox and the outbox for mail, one row for both."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class NoticeQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def to_mail(self, *, at):
        """Notices still to be sent by mail that no worker holds at the moment `at`."""
        return self.filter(mail_due=True).filter(Q(lease_until=None) | Q(lease_until__lt=at))


class Notice(models.Model):
    """One thing one person is told: written in the verb's transaction, mailed afterwards.

    `data` holds ids and codes; the sentence is made when it is read, in the reader's language.
    `lead_id` is a plain number: this app stands below the leads.
    """

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    lead_id = models.BigIntegerField(null=True)
    path = models.CharField(max_length=200, blank=True, help_text="Where the notice leads to.")
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail_due = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["to", "-id"], name="notice_inbox"),
            models.Index(fields=["to"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(fields=["id"], name="notice_outbox", condition=Q(mail_due=True)),
            models.Index(fields=["lead_id"], name="notice_lead"),
        ]
