"""The agreement between marketing and sales, its lanes and its lists of reasons."""

from dataclasses import asdict, dataclass, fields

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.states import TeamKind
from handoff.states import ClockKind, ReturnKind, Tier


@dataclass(frozen=True)
class Terms:
    """The clauses of one version. Clocks in business minutes of the owing team."""

    accept_within: int = 480
    contact_within: int = 1440
    decide_within: int = 9 * 60 * 10
    acknowledge_within: int = 540
    answer_within: int = 540
    lapses_after: int = 1440
    lapsed_is_offered_again: bool = False
    target_kept: int = 90  # percent of promises each side means to keep
    attempts_before_unreachable: int = 3
    min_fit: str = "B"
    min_engagement: float = 60
    required_facts: tuple[str, ...] = ()  # known before a lead qualifies by itself
    exclusions: tuple[str, ...] = ()  # codes of `leads.states.Exclusion`
    triggers: tuple[tuple[str, str], ...] = (
        ("form", "demo"),
        ("call", "demo"),
        ("web_meeting", "demo"),
    )
    # A lead this warm at the offer is hot: its clocks are shorter.
    hot_fit: str = "A"
    hot_engagement: float = 80
    hot_accept_within: int = 120
    hot_contact_within: int = 240
    # What an offer must bring: codes of the items of a brief.
    required_brief: tuple[str, ...] = ()
    offered_automatically: bool = False  # an MQL is offered by the routing rules at once
    volume_offered: int = 0  # leads a month marketing means to offer; 0: not agreed
    volume_accepted: int = 0  # leads a month sales has room for; 0: not agreed
    # Who is told at which share of a clock (percent of its business time), or what is done.
    ladder: tuple[tuple[str, int], ...] = (("remind", 80), ("manager", 100))
    pauses_at_most: int = 2
    pause_at_most: int = 9 * 60 * 10  # business minutes of all pauses of a clock together

    def within(self, kind: str, tier: str = Tier.MQL) -> int:
        """Business minutes the clause of clock `kind` allows for a lead of `tier`."""
        clause = f"{ClockKind(kind).value}_within"
        if tier == Tier.HOT and clause in ("accept_within", "contact_within"):
            clause = f"hot_{clause}"
        return getattr(self, clause)

    def tier_of(self, fit: str, engagement: float) -> Tier:
        """The tier of a lead that is offered with this fit and this engagement."""
        hot = fit <= self.hot_fit and engagement >= self.hot_engagement
        return Tier.HOT if hot else Tier.MQL

    def as_data(self) -> dict:
        """The clauses as they are stored."""
        return asdict(self)

    @classmethod
    def of(cls, data: dict) -> "Terms":
        """The clauses as stored; a clause this version does not name has its default."""
        known = {field.name for field in fields(cls)}
        found = {name: value for name, value in data.items() if name in known}
        for name, value in found.items():
            if isinstance(value, list):
                found[name] = tuple(tuple(one) if isinstance(one, list) else one for one in value)
        return cls(**found)


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

    def __str__(self):
        return str(self.version)

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
