"""How an agreement changes: a proposal both heads look at, talk about and sign."""

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from handoff.models.agreement import Agreement
from handoff.models.terms import Terms
from handoff.states import ProposalState


class ProposalQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=ProposalState.OPEN)

    def with_people(self):
        return self.select_related(
            "by__team", "edited_by", "closed_by", "marketing_head__team", "sales_head__team"
        )


class Proposal(models.Model):
    """A wanted version of the agreement. In force, as a new `Agreement`, once both heads signed it.

    An edit raises `revision` and takes signatures off: a head signs exactly what they saw. One is
    open at a time, so that nobody signs two versions past each other.
    """

    base = models.ForeignKey(
        Agreement,
        on_delete=models.PROTECT,
        related_name="proposals",
        help_text="The version in force when it was written: what it is compared with.",
    )
    clauses = models.JSONField(default=dict)
    why = models.TextField(_("why"), blank=True)
    state = models.CharField(max_length=9, choices=ProposalState, default=ProposalState.OPEN)
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    marketing_head = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    marketing_signed_at = models.DateTimeField(null=True)
    sales_head = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sales_signed_at = models.DateTimeField(null=True)
    became = models.OneToOneField(
        Agreement, null=True, on_delete=models.PROTECT, related_name="proposal"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        constraints = [
            models.UniqueConstraint(
                fields=["state"], name="proposal_one_open", condition=Q(state=ProposalState.OPEN)
            ),
            CheckConstraint(
                name="proposal_in_force_is_signed",
                condition=~Q(state=ProposalState.IN_FORCE)
                | Q(
                    marketing_signed_at__isnull=False,
                    sales_signed_at__isnull=False,
                    became__isnull=False,
                ),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state == ProposalState.OPEN

    @property
    def terms(self) -> Terms:
        return Terms.of(self.clauses)

    def signed_at(self, side: str):
        """When the head of `side` signed the present revision; None: not yet."""
        return getattr(self, f"{side}_signed_at")


class ProposalComment(models.Model):
    """One word in the discussion of a proposal; `clause` names the clause it is about, if any."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    clause = models.CharField(max_length=40, blank=True)
    text = models.TextField(_("comment"))
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
