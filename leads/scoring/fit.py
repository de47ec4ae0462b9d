"""Fit: is this our kind of customer? Points for what a lead or its company *is*, graded A to D."""

from common.text import normalise
from leads.models import FitRule, Lead, RuleSet
from leads.scoring.rules import Rules, rules_in_force
from leads.states import Grade


def fit_of(lead: Lead, rules: Rules | None = None) -> tuple[int, Grade]:
    """(points, grade) of `lead` by the rule set in force."""
    rules = rules or rules_in_force()
    points = sum(rule.points for rule in fitting(lead, rules))
    return points, grade(points, rules.set)


def fitting(lead: Lead, rules: Rules) -> list[FitRule]:
    """The fit rules that hold for `lead`: of rules about one field the first that holds."""
    found: dict[str, FitRule] = {}
    for rule in rules.fit:
        if rule.field not in found and holds(rule, value_of(lead, rule.field)):
            found[rule.field] = rule
    return list(found.values())


def grade(points: int, rule_set: RuleSet) -> Grade:
    """A, B, C or D by the cuts of the rule set."""
    cuts = ((rule_set.cut_a, Grade.A), (rule_set.cut_b, Grade.B), (rule_set.cut_c, Grade.C))
    return next((letter for cut, letter in cuts if points >= cut), Grade.D)


def value_of(lead: Lead, path: str):
    """What stands at `path` ("title", "company.employees", "attributes.size") or None."""
    value = lead
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else getattr(value, part, None)
        if value is None:
            return None
    return value


def holds(rule: FitRule, value) -> bool:
    """Whether `value` satisfies the rule; an empty value satisfies none."""
    return satisfies(value, rule.operator, rule.value)


def satisfies(value, operator: str, wanted) -> bool:
    """Whether `value` stands to `wanted` as `operator` says; an empty value never does."""
    if value is None or value == "":
        return False
    return _OPERATORS[operator](value, wanted)


def _number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _at_least(value, bound) -> bool:
    return (number := _number(value)) is not None and number >= bound


def _at_most(value, bound) -> bool:
    return (number := _number(value)) is not None and number <= bound


_OPERATORS = {
    "is": lambda value, wanted: normalise(str(value)) == normalise(str(wanted)),
    "in": lambda value, wanted: normalise(str(value)) in {normalise(str(one)) for one in wanted},
    "contains": lambda value, wanted: any(
        normalise(one) in normalise(str(value)) for one in wanted
    ),
    "at_least": _at_least,
    "at_most": _at_most,
    "filled": lambda value, wanted: True,
}
