"""What the agreement wants an offer to bring: checked before a brief is frozen."""

from django.utils.translation import gettext_lazy as _

from common import formats
from common.refusals import Refusal
from handoff.actions.clocks import agreement_in_force
from handoff.brief import completeness
from handoff.states import BriefItem
from leads.models import Lead


class BriefIncomplete(Refusal):
    """The offer lacks what the agreement requires; `missing` are the items."""

    code = "brief_incomplete"

    def __init__(self, missing: list[BriefItem]):
        self.missing = missing
        words = {"items": formats.joined(str(item.label) for item in missing)}
        super().__init__(_("The agreement asks an offer to bring: %(items)s.") % words)


def required_items() -> list[BriefItem]:
    """The items the agreement in force requires, in the order of the brief."""
    wanted = set(agreement_in_force().terms.required_brief)
    return [item for item in BriefItem if item in wanted]


def missing_items(lead: Lead, **typed: str) -> list[BriefItem]:
    """Of the required items those that an offer with the words `typed` would lack.

    No query where nothing is required.
    """
    required = required_items()
    if not required:
        return []
    there = completeness(lead, **typed)
    return [item for item in required if not there[item]]


def refuse_incomplete(lead: Lead, **typed: str) -> None:
    """Raises `BriefIncomplete` with the list of what is missing."""
    if missing := missing_items(lead, **typed):
        raise BriefIncomplete(missing)
