"""What every page of figures asks first: who may see them, and what was promised."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import can
from common.refusals import NotAllowed, Refusal
from handoff.actions.clocks import agreement_in_force
from handoff.models.agreement import Terms


def demand_figures(user) -> None:
    """The figures are for the two teams; an outside partner has none."""
    if not can(user, "kpi.view"):
        raise NotAllowed(_("The shared figures are for the two teams."))


def promised_share() -> float:
    """The share of promises each side means to keep, by the agreement in force."""
    try:
        terms = agreement_in_force().terms
    except Refusal:  # Before `setup` there is no agreement: its defaults are what would hold.
        terms = Terms()
    return terms.target_kept / 100
