"""The two ways of counting, the units of figures, and the steps from lead to win: pure data."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class View(TextChoices):
    """Which rows a period chooses. The two are never mixed in one figure."""

    COHORT = "cohort", _("Captured in the period")
    ACTIVITY = "activity", _("Happened in the period")


class Unit(TextChoices):
    COUNT = "count", _("Count")
    RATIO = "ratio", _("Ratio")
    DAYS = "days", _("Calendar days")
    HOURS = "hours", _("Hours")
    MINUTES = "minutes", _("Business minutes")
    YEN = "yen", _("Yen")
    TIMES = "times", _("Times")
    PER_HUNDRED = "per_hundred", _("Per 100")


class Step(TextChoices):
    """From lead to win. Offered and contacted are milestones of a handoff, the others of a lead."""

    LEADS = "leads", pgettext_lazy("funnel", "Leads")
    MQL = "mql", pgettext_lazy("funnel", "MQL")
    OFFERED = "offered", pgettext_lazy("funnel", "Offered")
    SAL = "sal", pgettext_lazy("funnel", "Accepted")
    CONTACTED = "contacted", pgettext_lazy("funnel", "Contacted")
    SQL = "sql", pgettext_lazy("funnel", "Deals")
    WON = "won", pgettext_lazy("funnel", "Won")

    @property
    def column(self) -> str:
        """The moment a lead first reached the step."""
        return "captured_at" if self is Step.LEADS else f"{self.value}_at"


# On which of the two sheets a step lies, or on their overlap.
SIDES = {
    Step.LEADS: "mk",
    Step.MQL: "mk",
    Step.OFFERED: "hd",
    Step.SAL: "hd",
    Step.CONTACTED: "sl",
    Step.SQL: "sl",
    Step.WON: "sl",
}

# Bands of engagement at the offer, by their lower bound.
BANDS = (0, 20, 40, 60, 80)
