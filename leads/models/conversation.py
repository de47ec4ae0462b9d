"""What was said and is owed: facts, questions, follow-ups, consents, comments."""

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import MaskedModel, User
from accounts.models.sight import is_own
from accounts.states import Maskable
from leads.models.interactions import Interaction
from leads.models.leads import Lead
from leads.states import Channel, FactField, TouchKind

# What stands in place of an answer that a partner's seat hides.
NOT_SHOWN = _("known to us, not shown to your team")


class FactQuerySet(models.QuerySet):
    def current(self):
        return self.filter(superseded_at=None)


class Fact(MaskedModel):
    """Something the lead told us. A changed answer is a new fact; the old one keeps its time."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="facts")
    field = models.CharField(_("about"), max_length=10, choices=FactField)
    label = models.CharField(
        _("label"), max_length=60, blank=True, help_text=_("For “Other”: what it is about.")
    )
    value = models.TextField(_("answer"))
    interaction = models.ForeignKey(
        Interaction, null=True, blank=True, on_delete=models.SET_NULL, related_name="facts"
    )
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("known fact")
        verbose_name_plural = _("known facts")
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "field", "label"],
                name="fact_one_current_answer",
                condition=Q(superseded_at__isnull=True),
            ),
        ]

    def mask(self, codes):
        """That it is known is not hidden: nobody shall ask the lead again."""
        if f"fact_{self.field}" in codes:
            self.value, self.is_masked = str(NOT_SHOWN), True


class QuestionQuerySet(models.QuerySet):
    def unanswered(self):
        return self.filter(answered_at=None)


class Question(models.Model):
    """Something the lead asked, and our answer, or that it is still owed."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField(_("question"))
    asked_at = models.DateTimeField(_("asked at"))
    interaction = models.ForeignKey(
        Interaction, null=True, on_delete=models.SET_NULL, related_name="questions"
    )
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [
            models.Index(
                fields=["asked_at"], name="question_unanswered", condition=Q(answered_at=None)
            ),
        ]
        constraints = [
            CheckConstraint(
                name="question_answered_has_answer",
                condition=Q(answered_at__isnull=True) | ~Q(answer=""),
            ),
        ]


class FollowUpQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_at=None)

    def visible_to(self, user):
        return self.filter(lead__entrusted_to=user.team_id) if user.is_partner else self


class FollowUp(models.Model):
    """A thing somebody owes a lead by a moment."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="follow_ups")
    what = models.CharField(_("what"), max_length=300)
    kind = models.CharField(_("how"), max_length=18, choices=TouchKind, default=TouchKind.CALL)
    due_at = models.DateTimeField(_("due"))
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("owner")
    )
    promised = models.BooleanField(_("promised to the lead"), default=False)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = [
            models.Index(
                fields=["owner", "due_at"], name="follow_up_open", condition=Q(done_at=None)
            ),
            models.Index(
                fields=["owner", "-done_at"],
                name="follow_up_done",
                condition=Q(done_at__isnull=False),
            ),
        ]


class ConsentQuerySet(models.QuerySet):
    def current(self):
        """The latest word per channel of each lead."""
        return self.order_by("lead_id", "channel", "-at", "-id").distinct("lead_id", "channel")


class Consent(MaskedModel):
    """What a lead allowed or forbade on a channel, when, and how we know. Never edited: a change is a new row."""

    lead = models.ForeignKey(
        Lead, on_delete=models.CASCADE, related_name="consents", db_index=False
    )
    channel = models.CharField(_("channel"), max_length=11, choices=Channel)
    granted = models.BooleanField(_("allowed"))
    at = models.DateTimeField(_("when"))
    evidence = models.CharField(_("how we know"), max_length=300)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField()

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["lead", "channel", "-at", "-id"], name="consent_of_lead")]

    def mask(self, codes):
        """How we know is by which way they came."""
        if Maskable.SOURCE in codes and not is_own(self.by_id):
            self.evidence, self.is_masked = "", True


class Comment(MaskedModel):
    """A word of one of us to the others about a lead."""

    lead = models.ForeignKey(
        Lead, on_delete=models.CASCADE, related_name="comments", db_index=False
    )
    text = models.TextField(_("comment"))
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [models.Index(fields=["lead", "-at", "-id"], name="comment_of_lead")]

    def mask(self, codes):
        if Maskable.COMMENTS in codes and not is_own(self.by_id):
            self.text, self.is_masked = "", True
