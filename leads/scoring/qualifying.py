"""Does a lead meet the definition of a qualified lead?"""

from datetime import datetime

from accounts.models import Organisation
from leads.models import Interaction, Lead, QualifyingDefinition
from leads.scoring.engagement import engagement
from leads.scoring.rules import definition_in_force
from leads.states import Grade


def triggers(touch: Interaction, definition: QualifyingDefinition | None = None) -> bool:
    """Whether this touch qualifies by itself, such as a request for a demo."""
    definition = definition or definition_in_force()
    return [touch.kind, touch.result] in [list(pair) for pair in definition.triggers]


def qualifies(lead: Lead, *, at: datetime, definition: QualifyingDefinition | None = None) -> bool:
    """Whether `lead` meets the definition at `at` by its fit and its engagement."""
    definition = definition or definition_in_force()
    letters = [grade.value for grade in Grade]
    if held_back(lead, at=at):
        return False
    if letters.index(lead.fit) > letters.index(definition.min_fit):
        return False
    return engagement(lead, at=at) >= definition.min_engagement


def held_back(lead: Lead, *, at: datetime) -> bool:
    """Whether sales wants `lead` back only from a later day, or once something has become true.

    Until then nothing qualifies it by itself; a condition ends with the day that was named.
    """
    if lead.revisit_on is None:
        return lead.awaits_condition
    return at.astimezone(Organisation.current().zone).date() < lead.revisit_on
