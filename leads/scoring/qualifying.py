"""Does a lead meet the definition of a qualified lead?"""

from datetime import datetime

from leads.models import Interaction, Lead, QualifyingDefinition
from leads.scoring.engagement import engagement
from leads.scoring.rules import definition_in_force
from leads.states import Grade


def triggers(touch: Interaction, definition: QualifyingDefinition | None = None) -> bool:
    """Whether this touch qualifies by itself, such as a request for a demo."""
    definition = definition or definition_in_force()
    return [touch.kind, touch.result] in [list(pair) for pair in definition.triggers]


def qualifies(lead: Lead, *, at: datetime, definition: QualifyingDefinition | None = None) -> bool:
    """Whether `lead` meets the definition at `at` by its fit and its engagement.

    A lead that sales wants back only from a date (`revisit_on`) does not qualify by itself before.
    """
    definition = definition or definition_in_force()
    letters = [grade.value for grade in Grade]
    if lead.revisit_on and at.date() < lead.revisit_on:
        return False
    if letters.index(lead.fit) > letters.index(definition.min_fit):
        return False
    return engagement(lead, at=at) >= definition.min_engagement
