"""Conditions of rules: what a lead, its company, its campaign or its score must be like."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handoff.models import Handoff
from leads.models import Lead
from leads.scoring import engagement, satisfies, value_of


class Op(StrEnum):
    """How a value may stand to what a rule wants."""

    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    FROM = "from"
    UNTIL = "until"
    YES = "yes"
    NO = "no"
    FILLED = "filled"
    EMPTY = "empty"


@dataclass(frozen=True)
class Case:
    """A lead as a rule sees it: with the score it has, or had when it was offered."""

    lead: Lead
    fit: str
    engagement: float


def case_of(lead: Lead, *, at: datetime) -> Case:
    """The lead as it is now."""
    return Case(lead, lead.fit, engagement(lead, at=at))


def case_then(handoff: Handoff) -> Case:
    """The lead of a past offer with its score of then; the rest as it is now."""
    return Case(handoff.lead, handoff.fit, handoff.engagement)


# Where a value does not stand at the path of its name.
_PATHS = {"source": "source_id", "campaign": "campaign_id"}


def value_in(case: Case, about: str):
    """What the case has at `about`: "score.fit", "company.employees", "attributes.size", …"""
    if about == "score.fit":
        return case.fit
    if about == "score.engagement":
        return case.engagement
    if (
        about == "prefecture"
    ):  # as in the list of leads: its own or, where none is noted, its company's
        return case.lead.prefecture or value_of(case.lead, "company.prefecture")
    return value_of(case.lead, _PATHS.get(about, about))


def holds(condition: dict, case: Case) -> bool:
    """Whether one condition holds. What is not known is neither among nor over anything."""
    value = value_in(case, condition["about"])
    wanted = condition.get("value")
    empty = value is None or value == ""
    match condition["operator"]:
        case Op.EMPTY:
            return empty
        case Op.NOT_IN:
            return not satisfies(value, Op.IN, wanted)
        case Op.YES | Op.NO as answer:
            return value is (answer == Op.YES)
        case Op.FROM:
            return not empty and str(value) >= str(wanted)
        case Op.UNTIL:
            return not empty and str(value) <= str(wanted)
        case operator:
            return satisfies(value, operator, wanted)
