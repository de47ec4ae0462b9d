"""Who may see figures at all."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import can
from common.refusals import NotAllowed


def demand_figures(user) -> None:
    """The figures are for the two teams; an outside partner has none."""
    if not can(user, "kpi.view"):
        raise NotAllowed(_("The shared figures are for the two teams."))
