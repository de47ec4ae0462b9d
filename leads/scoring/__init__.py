"""Fit and engagement: what a score is made of. Rules are data; nothing here writes.

The numbers are those of product.md, "Scoring, explained to everyone".
"""

from leads.scoring.engagement import (
    engagement,
    engagement_of,
    heat_added,
    heat_at,
    points_for,
    points_in_set,
    threshold,
)
from leads.scoring.explanation import explain
from leads.scoring.fit import fit_of, grade, satisfies, value_of
from leads.scoring.qualifying import excluded_as, held_back, qualifies, triggers
from leads.scoring.rules import Rules, definition_in_force, rules_in_force

__all__ = [
    "Rules",
    "definition_in_force",
    "engagement",
    "engagement_of",
    "excluded_as",
    "explain",
    "fit_of",
    "grade",
    "heat_added",
    "heat_at",
    "held_back",
    "points_for",
    "points_in_set",
    "qualifies",
    "rules_in_force",
    "satisfies",
    "threshold",
    "triggers",
    "value_of",
]
