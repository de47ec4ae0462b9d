"""Every score can be opened: what gives how many points today."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import get_language

from accounts.models.sight import hidden
from leads.models import Interaction, Lead, RuleSet
from leads.scoring.engagement import engagement, engagement_of, heat_added
from leads.scoring.fit import fitting
from leads.scoring.rules import rules_in_force

# Beyond this many touches the older ones are summed in one line: after six half-lives
# a point is worth less than 0.02.
SHOWN = 50


@dataclass(frozen=True)
class Part:
    """One line: what it is, the points it gives now, and the touch behind it."""

    label: str
    points: float
    touch: Interaction | None = None


@dataclass(frozen=True)
class Explanation:
    """Parts that add up to the score, and what engagement will be if nothing happens."""

    fit: str
    fit_points: int
    fit_parts: list[Part]
    engagement: float
    engagement_parts: list[Part]
    older: float
    half_life: int
    in_7_days: float = 0
    in_30_days: float = 0
    cuts: dict = field(default_factory=dict)


def explain(lead: Lead, *, at: datetime) -> Explanation:
    """Why `lead` has the score it has at `at`. Two queries: the latest touches with points, the rest is kept.

    `older` is what touches beyond those shown still give, so that the parts add up exactly.
    """
    rules = rules_in_force()
    ja = (get_language() or "ja").startswith("ja")
    touches = list(
        lead.touches.exclude(points=0)
        .select_related("campaign")
        .order_by("-at", "-id")
        .defer("words")[:SHOWN]
    )
    if codes := hidden():
        for touch in touches:
            touch.hide_source(codes, lead.captured_at)
    parts = [_part(touch, at, rules.set) for touch in touches]
    total = engagement_of(lead.heat, at=at, rule_set=rules.set)
    shown = sum(part.points for part in parts)
    return Explanation(
        fit=lead.fit,
        fit_points=lead.fit_points,
        fit_parts=[
            Part(rule.label if ja else rule.label_en, rule.points) for rule in fitting(lead, rules)
        ],
        engagement=total,
        engagement_parts=sorted(parts, key=lambda part: -abs(part.points)),
        older=total - shown if lead.heat > 0 else 0.0,
        half_life=rules.set.half_life,
        in_7_days=engagement(lead, at=at + timedelta(days=7)),
        in_30_days=engagement(lead, at=at + timedelta(days=30)),
        cuts={"A": rules.set.cut_a, "B": rules.set.cut_b, "C": rules.set.cut_c},
    )


def _part(touch: Interaction, at: datetime, rule_set: RuleSet) -> Part:
    # The set is asked for once: to take it out of the cache for each touch is what costs.
    heat = heat_added(abs(touch.points), at=touch.at, rule_set=rule_set)
    worth = engagement_of(heat, at=at, rule_set=rule_set)
    return Part(touch.get_kind_display(), worth if touch.points > 0 else -worth, touch)
