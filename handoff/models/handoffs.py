"""The handoff: one passing of one lead from a team to another, and its brief."""

from django.db import models
from django.db.models import CheckConstraint, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import MaskedModel, Team, User
from accounts.states import Maskable
from handoff.models.agreement import Lane, Leg, ReturnReason
from handoff.models.masking import masked_content
from handoff.states import ANSWERED, OPEN, Acknowledgement, ReturnKind, State, Tier
from leads.models import FollowUp, Lead
from leads.states import Grade


class HandoffQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both teams read every handoff; a partner those of leads entrusted to them."""
        if not user.is_active:
            return self.none()
        return self.filter(lead__entrusted_to=user.team_id) if user.is_partner else self

    def open(self):
        return self.filter(state__in=OPEN)

    def waiting(self):
        return self.filter(state=State.WAITING)

    def to_lapse(self, *, at):
        return self.waiting().filter(lapses_at__lte=at)

    def to_resume(self, *, at):
        return self.filter(paused_until__lte=at)

    def accepted(self):
        return self.filter(state=State.ACCEPTED)

    def answered(self):
        return self.filter(state__in=ANSWERED)

    def to_acknowledge(self):
        return self.filter(state=State.RETURNED, acknowledged_at=None)

    def for_taker(self, user):
        """What `user` may take: addressed to them, or in their team's pool."""
        return self.filter(taker_team=user.team_id).filter(Q(taker=user) | Q(taker=None))

    def with_next_step(self):
        """Says of each whether anything is planned with its lead: `has_next_step`."""
        planned = FollowUp.objects.open().filter(lead=OuterRef("lead"))
        return self.annotate(has_next_step=Exists(planned))

    def with_card_facts(self):
        """What a card shows, in the same query (clocks come by a prefetch of open ones)."""
        return self.select_related(
            "lead__company",
            "giver__team",
            "taker__team",
            "giver_team",
            "taker_team",
            "return_reason",
        )


class Handoff(MaskedModel):
    """The baton: waiting → accepted → converted, or returned, withdrawn, lapsed."""

    masks = {Maskable.SCORE: {"fit": "", "engagement": 0.0, "tier": Tier.MQL, "route": None}}

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="handoffs")
    lane = models.ForeignKey(
        Lane, on_delete=models.PROTECT, related_name="handoffs", verbose_name=_("lane")
    )
    leg = models.PositiveSmallIntegerField(help_text="Position in the lane; 0 is the first.")
    round = models.PositiveSmallIntegerField(
        default=1, help_text="1 + the returned handoffs of this leg."
    )
    previous_leg = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="next_leg",
        help_text="Whose taker gives this one.",
    )
    giver_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="given")
    giver = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="given")
    taker_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="taken")
    taker = models.ForeignKey(
        User,
        null=True,
        on_delete=models.PROTECT,
        related_name="taken",
        help_text="Nobody yet: the team's pool.",
    )
    named = models.BooleanField(default=False, help_text="Offered to one person, not to the pool.")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    agreement_version = models.PositiveIntegerField()
    tier = models.CharField(max_length=3, choices=Tier, default=Tier.MQL)
    route = models.JSONField(
        null=True, help_text="Why this team and person: plan, rule and who was passed over."
    )
    unchanged_because = models.TextField(
        blank=True, help_text="Why it is offered again although nothing had changed."
    )
    introduced_at = models.DateTimeField(
        null=True, help_text="When the giver introduced the taker to the lead by mail."
    )

    note = models.TextField(_("note to the taker"), blank=True)
    why_now = models.TextField(_("why now"), blank=True)
    next_step = models.CharField(_("suggested next step"), max_length=300, blank=True)
    fit = models.CharField(max_length=1, choices=Grade, help_text="Grade at the offer.")
    engagement = models.FloatField(help_text="Points at the offer.")

    offered_at = models.DateTimeField()
    lapses_at = models.DateTimeField(
        null=True, help_text="When it lapses unless somebody answers: fixed at the offer."
    )
    answered_at = models.DateTimeField(
        null=True, help_text="Accepted or returned, whichever came first."
    )
    accepted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    paused_until = models.DateTimeField(
        null=True, help_text="The customer asked to wait: until then the clocks of its taker rest."
    )

    brief_read_at = models.DateTimeField(null=True, help_text="First opened by the taking team.")
    first_attempt_at = models.DateTimeField(null=True)
    first_contact_at = models.DateTimeField(null=True)
    contact_brief_read = models.BooleanField(
        null=True, help_text="Whether the brief was read before first contact."
    )
    speed_minutes = models.FloatField(
        null=True, help_text="Business minutes from offer to first contact attempted."
    )

    return_kind = models.CharField(max_length=8, choices=ReturnKind, blank=True)
    return_reason = models.ForeignKey(
        ReturnReason, null=True, on_delete=models.PROTECT, related_name="handoffs"
    )
    return_note = models.TextField(_("note"), blank=True)
    revisit_on = models.DateField(_("revisit on"), null=True, blank=True)
    returned_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledgement = models.CharField(max_length=10, choices=Acknowledgement, blank=True)
    acknowledgement_note = models.TextField(blank=True)

    objects = HandoffQuerySet.as_manager()

    class Meta:
        verbose_name = _("handoff")
        verbose_name_plural = _("handoffs")
        indexes = [
            models.Index(fields=["lead", "-offered_at"], name="handoff_of_lead"),
            models.Index(
                fields=["taker_team", "offered_at"],
                name="handoff_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["taker", "offered_at"],
                name="handoff_waiting_named",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["taker", "accepted_at"], name="handoff_held", condition=Q(state="accepted")
            ),
            models.Index(
                fields=["taker_team", "accepted_at"],
                name="handoff_held_team",
                condition=Q(state="accepted"),
            ),
            models.Index(
                fields=["giver_team", "closed_at"],
                name="handoff_to_acknowledge",
                condition=Q(state="returned", acknowledged_at__isnull=True),
            ),
            models.Index(
                fields=["lapses_at"], name="handoff_to_lapse", condition=Q(state="waiting")
            ),
            models.Index(
                fields=["paused_until"],
                name="handoff_paused",
                condition=Q(paused_until__isnull=False),
            ),
            models.Index(fields=["giver", "-offered_at"], name="handoff_given"),
            models.Index(fields=["state", "offered_at", "id"], name="handoff_state_offered"),
            models.Index(fields=["offered_at", "id"], name="handoff_offered"),
            models.Index(
                fields=["answered_at"],
                name="handoff_answered",
                condition=Q(answered_at__isnull=False),
            ),
            models.Index(
                fields=["first_attempt_at"],
                name="handoff_attempted",
                condition=Q(first_attempt_at__isnull=False),
            ),
            models.Index(
                fields=["first_contact_at"],
                name="handoff_contacted",
                condition=Q(first_contact_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "leg"], name="handoff_one_open_per_leg", condition=Q(state__in=OPEN)
            ),
            models.UniqueConstraint(
                fields=["lead"],
                name="handoff_one_waiting_per_lead",
                condition=Q(state=State.WAITING),
            ),
            CheckConstraint(
                name="handoff_returned_says_why",
                condition=~Q(state=State.RETURNED)
                | (Q(return_reason__isnull=False) & ~Q(return_kind="")),
            ),
            CheckConstraint(
                name="handoff_accepted_has_a_taker",
                condition=~Q(state=State.ACCEPTED) | Q(taker__isnull=False),
            ),
            CheckConstraint(
                name="handoff_closed_has_a_moment",
                condition=Q(state__in=OPEN, closed_at__isnull=True)
                | (~Q(state__in=OPEN) & Q(closed_at__isnull=False)),
            ),
            CheckConstraint(
                name="handoff_answered_has_a_moment",
                condition=~Q(state__in=ANSWERED) | Q(answered_at__isnull=False),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def has_next(self) -> bool:
        """Whether another team follows on the lane. Asks the database."""
        return Leg.objects.filter(lane=self.lane_id, position=self.leg + 1).exists()

    @property
    def in_pool(self) -> bool:
        return self.taker_id is None


class Brief(MaskedModel):
    """What the taker reads before the first contact, frozen at the offer: what was known then."""

    handoff = models.OneToOneField(
        Handoff, on_delete=models.CASCADE, primary_key=True, related_name="brief"
    )
    taken_at = models.DateTimeField()
    content = models.JSONField(default=dict)

    def mask(self, codes):
        captured_at = None
        if Maskable.SOURCE in codes:
            of = Handoff.objects.filter(pk=self.handoff_id)
            captured_at = of.values_list("lead__captured_at", flat=True).get()
        self.content = masked_content(self.content, codes, captured_at=captured_at)
        self.is_masked = True
