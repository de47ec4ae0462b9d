"""Campaigns: one effort of marketing, and the leads it reached."""

from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import MaskedModel, User
from accounts.states import Maskable
from leads.states import CampaignKind, MemberStatus


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.none() if user.is_partner else self


class Campaign(MaskedModel):
    """One effort of marketing, with dates, cost, plan and result."""

    masks = {Maskable.CAMPAIGN: {"name": "", "plan": "", "result": ""}}

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(
        _("kind"), max_length=12, choices=CampaignKind, default=CampaignKind.OTHER
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    cost = models.PositiveBigIntegerField(_("cost (yen)"), default=0)
    plan = models.TextField(_("plan"), blank=True)
    result = models.TextField(_("result"), blank=True)
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("owner"),
    )
    created_at = models.DateTimeField()

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        indexes = [models.Index(fields=["-starts_on", "-id"], name="campaign_latest")]
        constraints = [
            CheckConstraint(
                name="campaign_ends_after_it_starts",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A campaign cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return self.name


class CampaignMember(models.Model):
    """That a campaign reached a lead, and how far the lead went with it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members")
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="memberships")
    status = models.CharField(
        _("status"), max_length=10, choices=MemberStatus, default=MemberStatus.RESPONDED
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["lead", "-at"], name="member_of_lead")]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "lead"], name="campaign_member_once")
        ]
