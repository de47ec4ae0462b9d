"""The rule set and the definition in force, kept in the process for a few seconds."""

from dataclasses import dataclass

from django.core.cache import caches

from leads.models import EngagementRule, FitRule, QualifyingDefinition, RuleSet

RULES, DEFINITION = "scoring.rules", "scoring.definition"
KEEP_SECONDS = 5


@dataclass(frozen=True)
class Rules:
    """A rule set with its rules in their order."""

    set: RuleSet
    fit: tuple[FitRule, ...]
    engagement: tuple[EngagementRule, ...]


def rules_in_force() -> Rules:
    """The rule set in force. Raises RuleSet.DoesNotExist before `setup` was run."""
    return caches["local"].get_or_set(RULES, _read_rules, KEEP_SECONDS)


def _read_rules() -> Rules:
    found = RuleSet.objects.get(in_force=True)
    return Rules(found, tuple(found.fit_rules.all()), tuple(found.engagement_rules.all()))


def definition_in_force() -> QualifyingDefinition:
    """What makes an MQL by definition, as the agreement in force says."""
    return caches["local"].get_or_set(DEFINITION, _read_definition, KEEP_SECONDS)


def _read_definition() -> QualifyingDefinition:
    return QualifyingDefinition.objects.get(in_force=True)


def forget_rules() -> None:
    """Read the rules anew: after they were changed in this process."""
    caches["local"].delete_many([RULES, DEFINITION])
