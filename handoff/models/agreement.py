"""The agreement between marketing and sales, its lanes and its lists of reasons."""

import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.states import TeamKind
from handoff.models.terms import Terms
from handoff.states import ReturnKind


class AgreementQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(in_force=True)


class Agreement(models.Model):
    """One immutable version of the rules. In force from the moment both heads have signed.

    The seeded first version is used before it is signed too: handoffs then run in draft mode.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    clauses = models.JSONField(default=dict)
    in_force = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    marketing_head = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    marketing_signed_at = models.DateTimeField(null=True)
    sales_head = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sales_signed_at = models.DateTimeField(null=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        constraints = [
            models.UniqueConstraint(
                fields=["in_force"], name="agreement_one_in_force", condition=Q(in_force=True)
            ),
            CheckConstraint(
                name="agreement_signed_by_somebody",
                condition=(Q(marketing_signed_at__isnull=True) | Q(marketing_head__isnull=False))
                & (Q(sales_signed_at__isnull=True) | Q(sales_head__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="keep_what_was_agreed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("version", "clauses", "created_at"),
            ),
            pgtrigger.Protect(name="keep_every_version", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return str(self.version)

    def signed_at(self, side: str):
        """When the head of `side` signed; None: not yet."""
        return getattr(self, f"{side}_signed_at")

    @property
    def terms(self) -> Terms:
        return Terms.of(self.clauses)

    @property
    def is_draft(self) -> bool:
        """Not signed by both heads: handoffs run in draft mode, and say so."""
        return not (self.marketing_signed_at and self.sales_signed_at)


class Lane(models.Model):
    """A route: an ordered list of teams a lead is passed along."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name (Japanese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("lane")
        ordering = ["id"]

    def __str__(self):
        ja = (get_language() or "ja").startswith("ja")
        return self.name if ja else (self.name_en or self.name)


class Leg(models.Model):
    """One step of a lane: from teams of a kind (or one team) to one team."""

    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="legs")
    position = models.PositiveSmallIntegerField(help_text="0 is the first leg.")
    giver_kind = models.CharField(max_length=12, choices=TeamKind)
    taker = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="+", help_text="Whose pool it is."
    )

    class Meta:
        verbose_name = _("leg")
        ordering = ["lane_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["lane", "position"], name="leg_one_per_position")
        ]


class Reason(models.Model):
    """A reason of a list: in both languages, retired but never deleted."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name (Japanese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self):
        ja = (get_language() or "ja").startswith("ja")
        return self.name if ja else (self.name_en or self.name)


class ReturnReason(Reason):
    """Why a lead may be sent back: two lists, "not a fit" and "not now"."""

    kind = models.CharField(_("list"), max_length=8, choices=ReturnKind)
    needs_revisit = models.BooleanField(
        default=False, help_text="A date to come back to must be given."
    )
    to_marketing = models.BooleanField(
        default=False,
        help_text="From any leg the lead goes back to marketing, not to the team before.",
    )

    class Meta(Reason.Meta):
        verbose_name = _("return reason")


class LostReason(Reason):
    """Why a deal was lost."""

    class Meta(Reason.Meta):
        verbose_name = _("lost reason")
