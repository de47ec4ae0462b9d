"""A mail of the giver that makes the lead and the taker acquainted: the row is its outbox."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from handoff.models.handoffs import Handoff
from leads.models import Interaction


class IntroductionQuerySet(models.QuerySet):
    def to_mail(self, *, at):
        """Still to be sent, and held by no worker at the moment `at`."""
        return self.filter(mail_due=True).filter(Q(lease_until=None) | Q(lease_until__lt=at))


class Introduction(models.Model):
    """One per handoff, written in the verb's transaction and mailed afterwards.

    `to`, `subject` and `text` are what was really sent: the lead may be edited later.
    """

    handoff = models.OneToOneField(
        Handoff, on_delete=models.CASCADE, primary_key=True, related_name="introduction"
    )
    touch = models.ForeignKey(Interaction, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    reply_to = models.EmailField()
    to = models.EmailField()
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField()
    mail_due = models.BooleanField(default=True)
    mailed_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("introduction")
        indexes = [
            models.Index(
                fields=["created_at"], name="introduction_outbox", condition=Q(mail_due=True)
            )
        ]
