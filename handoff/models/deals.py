"""Deals: chances to sell, with amount and step."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from handoff.models.agreement import LostReason
from handoff.models.handoffs import Handoff
from handoff.states import DealState
from leads.models import Lead


class DealStep(models.Model):
    """A step of the pipeline, with the usual probability of a win."""

    position = models.PositiveSmallIntegerField(unique=True)
    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(_("name (Japanese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    probability = models.PositiveSmallIntegerField(
        _("probability (%)"), validators=[MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("pipeline step")
        ordering = ["position"]

    def __str__(self):
        ja = (get_language() or "ja").startswith("ja")
        return self.name if ja else (self.name_en or self.name)


class DealQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.none() if user.is_partner or not user.is_active else self

    def open(self):
        return self.filter(state=DealState.OPEN)

    def won(self):
        return self.filter(state=DealState.WON)


class Deal(models.Model):
    """A chance to sell. Money in whole units of `currency` (yen has no smaller one)."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="deals")
    handoff = models.ForeignKey(Handoff, null=True, on_delete=models.PROTECT, related_name="deals")
    name = models.CharField(_("name"), max_length=120, blank=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="deals")
    owner = models.ForeignKey(
        User,
        null=True,
        on_delete=models.PROTECT,
        related_name="deals",
        verbose_name=_("sales person"),
    )
    inside_sales = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("inside sales"),
    )
    state = models.CharField(max_length=4, choices=DealState, default=DealState.OPEN)
    step = models.ForeignKey(
        DealStep,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
        verbose_name=_("step"),
    )
    amount = models.PositiveBigIntegerField(_("amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="JPY")
    probability = models.PositiveSmallIntegerField(
        _("probability (%)"), default=0, validators=[MaxValueValidator(100)]
    )
    expected_on = models.DateField(
        _("expected month"), null=True, blank=True, help_text="The first day of the month."
    )
    opened_at = models.DateTimeField()
    won_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    lost_reason = models.ForeignKey(
        LostReason,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
        verbose_name=_("lost reason"),
    )
    lost_note = models.TextField(_("note"), blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    imported = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        indexes = [
            models.Index(fields=["lead", "-opened_at"], name="deal_of_lead"),
            models.Index(
                fields=["owner", "expected_on"], name="deal_open_owner", condition=Q(state="open")
            ),
            models.Index(fields=["expected_on"], name="deal_open", condition=Q(state="open")),
            models.Index(fields=["won_at"], name="deal_won", condition=Q(state="won")),
            models.Index(fields=["lost_at"], name="deal_lost", condition=Q(state="lost")),
            models.Index(fields=["state", "opened_at", "id"], name="deal_state_opened"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], name="deal_external_id_once", condition=~Q(external_id="")
            ),
            CheckConstraint(
                name="deal_won_has_a_moment", condition=~Q(state="won") | Q(won_at__isnull=False)
            ),
            CheckConstraint(
                name="deal_lost_has_a_moment", condition=~Q(state="lost") | Q(lost_at__isnull=False)
            ),
            CheckConstraint(name="deal_probability_is_percent", condition=Q(probability__lte=100)),
        ]

    def __str__(self):
        return self.name or str(self.lead)
