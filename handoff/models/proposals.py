"""How an agreement changes: a proposal both heads look at, talk about and sign."""

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from handoff.models.agreement import Agreement
from handoff.states import ProposalState


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
    closed_at = models.DateTimeField(null=True)
    marketing_head = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    marketing_signed_at = models.DateTimeField(null=True)
    sales_head = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sales_signed_at = models.DateTimeField(null=True)
    became = models.OneToOneField(
        Agreement, null=True, on_delete=models.PROTECT, related_name="proposal"
    )

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


class ProposalComment(models.Model):
    """One word in the discussion of a proposal; `clause` names the clause it is about, if any."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    clause = models.CharField(max_length=40, blank=True)
    text = models.TextField(_("comment"))
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
