"""Engagement: how warm now? Points for what a lead *does*, halving every half-life.

A touch worth p points at t₀ is worth p·2^(−(t−t₀)/h) at t. Stored is heat = Σ p·2^((t₀−epoch)/h):
all contributions decay alike, so the order by heat never changes with time.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from common import now
from common.text import normalise
from leads.models import EngagementRule, Interaction, Lead, RuleSet
from leads.scoring.rules import Rules, rules_in_force

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def engagement(lead: Lead, *, at: datetime | None = None) -> float:
    """Engagement points of `lead` at the moment `at`: each touch's points halve every half-life.

    Equal to heat · 2^(−(at − epoch)/half_life), see product.md "Scoring". Never negative.
    """
    return engagement_of(lead.heat, at=at or now())


def engagement_of(heat: float, *, at: datetime, rule_set: RuleSet | None = None) -> float:
    """What a stored `heat` is worth in points at `at`; a negative heat shows as 0."""
    rule_set = rule_set or rules_in_force().set
    return max(0.0, heat) * 2 ** -_half_lives(at, rule_set)


def heat_added(points: float, *, at: datetime, rule_set: RuleSet | None = None) -> float:
    """What `points` given at the moment `at` add to the stored heat."""
    rule_set = rule_set or rules_in_force().set
    return points * 2 ** _half_lives(at, rule_set)


def threshold(points: float, *, at: datetime | None = None) -> float:
    """The heat from which engagement is at least `points` at `at`: "engagement ≥ 65" as an index range."""
    return heat_added(points, at=at or now())


def heat_at(touches: Iterable[Interaction], rule_set: RuleSet | None = None) -> float:
    """Heat summed again from the points of `touches`: what an undo does instead of subtracting."""
    rule_set = rule_set or rules_in_force().set
    return sum(heat_added(touch.points, at=touch.at, rule_set=rule_set) for touch in touches)


def _half_lives(at: datetime, rule_set: RuleSet) -> float:
    return (at - rule_set.epoch) / (rule_set.half_life * DAY)


def rule_for(touch: Interaction, rules: Rules) -> EngagementRule | None:
    """The first rule that fits the touch: its kind, its result and a word in what was said."""
    words = None
    for rule in rules.engagement:
        if rule.kind != touch.kind or (rule.result and rule.result != touch.result):
            continue
        if rule.words:
            words = normalise(touch.words) if words is None else words
            if normalise(rule.words) not in words:
                continue
        return rule
    return None


def points_for(touch: Interaction, rules: Rules | None = None) -> float:
    """The points `touch` (not yet saved) gives: its rule's, or 0 where the rule's weekly cap is used up."""
    rules = rules or rules_in_force()
    rule = rule_for(touch, rules)
    if rule is None:
        return 0.0
    if rule.most_per_week:
        recent = Interaction.objects.filter(
            lead=touch.lead, kind=rule.kind, at__gt=touch.at - WEEK, at__lte=touch.at
        ).exclude(points=0)
        if recent[: rule.most_per_week].count() >= rule.most_per_week:
            return 0.0
    return rule.points


def points_in_set(
    touches: list[Interaction], before: Iterable[Interaction], rules: Rules | None = None
) -> None:
    """Set `points` on many new touches at once, given those already there (`before`): for imports.

    The same rule as `points_for`, per lead and in order of time. Touches between which older
    ones are inserted keep the points they have.
    """
    rules = rules or rules_in_force()
    given: dict[tuple, list[datetime]] = {}
    for touch in before:
        if touch.points:
            given.setdefault((touch.lead_id, touch.kind), []).append(touch.at)
    for touch in sorted(touches, key=lambda one: one.at):
        rule = rule_for(touch, rules)
        touch.points = rule.points if rule else 0.0
        if not touch.points:
            continue
        moments = given.setdefault((touch.lead_id, touch.kind), [])
        if rule.most_per_week:
            recent = sum(1 for at in moments if touch.at - WEEK < at <= touch.at)
            if recent >= rule.most_per_week:
                touch.points = 0.0
                continue
        moments.append(touch.at)
