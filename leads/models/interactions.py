"""Touches: what happened between us and a lead. The largest table, with words."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import MaskedModel, User
from accounts.models.sight import is_own
from accounts.states import Maskable
from leads.models.arrivals import without_source
from leads.models.campaigns import Campaign
from leads.models.leads import Lead
from leads.states import CONTACT_KINDS, Direction, TouchKind, TouchResult


class InteractionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(lead__entrusted_to=user.team_id) if user.is_partner else self

    def newest_first(self):
        return self.order_by("-at", "-id")


class Interaction(MaskedModel):
    """One touch: channel, direction, moment, words. `at` is when it happened, figures use it."""

    masks = {Maskable.SCORE: {"points": 0.0}}

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="touches", db_index=False)
    kind = models.CharField(_("kind"), max_length=18, choices=TouchKind)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction)
    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField()
    campaign = models.ForeignKey(
        Campaign,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="touches",
        verbose_name=_("campaign"),
    )
    result = models.CharField(_("result"), max_length=14, choices=TouchResult, blank=True)
    words = models.TextField(_("what was said"), blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_machine = models.BooleanField(default=False)
    points = models.FloatField(
        default=0, help_text="What this touch gave at its moment, by the rule set then in force."
    )
    external_id = models.CharField(max_length=100, blank=True)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        verbose_name = _("touch")
        verbose_name_plural = _("touches")
        indexes = [
            models.Index(fields=["lead", "-at", "-id"], name="touch_of_lead"),
            models.Index(
                fields=["campaign", "lead"],
                name="touch_campaign",
                condition=Q(campaign__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], name="touch_external_id_once", condition=~Q(external_id="")
            ),
        ]

    def mask(self, codes):
        super().mask(codes)
        if Maskable.WORDS in codes and not is_own(self.by_id):
            self.words, self.is_masked = "", True
        self.hide_source(codes)

    def hide_source(self, codes: frozenset[str], captured_at: datetime | None = None) -> None:
        """Hide what tells where the lead came from; all of it where `captured_at` is given."""
        loaded = {"kind": self.__dict__.get("kind", ""), "words": ""}
        loaded |= {name: self.__dict__.get(f"{name}_id") for name in ("campaign", "by")}
        shown = without_source(loaded, codes, at=self.__dict__.get("at"), captured_at=captured_at)
        if shown is not loaded:
            self.kind, self.words, self.is_masked = shown["kind"], "", True

    @property
    def is_contact(self) -> bool:
        """Whether somebody of ours reached out by it."""
        return self.kind in CONTACT_KINDS and self.direction == Direction.OUTBOUND
