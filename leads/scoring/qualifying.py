"""Does a lead meet the definition of a qualified lead?"""

from datetime import datetime

from accounts.models import Organisation
from leads.models import Fact, Interaction, Lead, QualifyingDefinition
from leads.scoring.engagement import engagement
from leads.scoring.free_mail import is_free_mail
from leads.scoring.rules import definition_in_force
from leads.states import Exclusion, Grade, Stage


def triggers(touch: Interaction, definition: QualifyingDefinition | None = None) -> bool:
    """Whether this touch qualifies by itself, such as a request for a demo."""
    definition = definition or definition_in_force()
    return [touch.kind, touch.result] in [list(pair) for pair in definition.triggers]


def qualifies(lead: Lead, *, at: datetime, definition: QualifyingDefinition | None = None) -> bool:
    """Whether `lead` meets the definition at `at`: fit, engagement, what must be known, nothing left out.

    A trigger makes up for all of it but the exclusions. Asks the database only for what the
    definition names, and last.
    """
    definition = definition or definition_in_force()
    letters = [grade.value for grade in Grade]
    if held_back(lead, at=at):
        return False
    if letters.index(lead.fit) > letters.index(definition.min_fit):
        return False
    if engagement(lead, at=at) < definition.min_engagement:
        return False
    return not excluded_as(lead, definition) and not unknown_facts(lead, definition)


def held_back(lead: Lead, *, at: datetime) -> bool:
    """Whether sales wants `lead` back only from a later day, or once something has become true.

    Until then nothing qualifies it by itself; a condition ends with the day that was named.
    """
    if lead.revisit_on is None:
        return lead.awaits_condition
    return at.astimezone(Organisation.current().zone).date() < lead.revisit_on


def unknown_facts(lead: Lead, definition: QualifyingDefinition) -> list[str]:
    """Which facts the definition asks for are not known of the lead."""
    if not definition.required_facts:
        return []
    known = set(Fact.objects.current().filter(lead=lead).values_list("field", flat=True))
    return [field for field in definition.required_facts if field not in known]


def excluded_as(lead: Lead, definition: QualifyingDefinition) -> Exclusion | None:
    """By which clause the lead never qualifies by itself; None where none of them is met."""
    wanted = [Exclusion(code) for code in definition.exclusions]
    return next((one for one in wanted if _EXCLUDES[one](lead)), None)


def _is_customer(lead: Lead) -> bool:
    """They, or somebody of their company, have bought."""
    if lead.won_at or lead.stage == Stage.WON:
        return True
    colleagues = Lead.objects.filter(company_id=lead.company_id).exclude(won_at=None)
    return lead.company_id is not None and colleagues.exists()


def _is_competitor(lead: Lead) -> bool:
    return bool(lead.company and lead.company.is_competitor)


def _has_free_mail(lead: Lead) -> bool:
    return is_free_mail(lead.email)


def _refuses_contact(lead: Lead) -> bool:
    """Both channels are refused; one that nobody asked about is not."""
    return lead.consent_email is False and lead.consent_phone is False


_EXCLUDES = {
    Exclusion.CUSTOMER: _is_customer,
    Exclusion.COMPETITOR: _is_competitor,
    Exclusion.FREE_MAIL: _has_free_mail,
    Exclusion.NO_CONSENT: _refuses_contact,
}
