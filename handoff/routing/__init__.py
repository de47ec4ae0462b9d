"""Which lead goes to whom, by the rules both teams can read. Nothing here writes."""

from handoff.routing.choosing import Choice, Unrouted, choose
from handoff.routing.conditions import Case, case_of, holds
from handoff.routing.plans import Plan, draft, plan_in_force, read_plan
from handoff.routing.worlds import World

__all__ = [
    "Case",
    "Choice",
    "Plan",
    "Unrouted",
    "World",
    "case_of",
    "choose",
    "draft",
    "holds",
    "plan_in_force",
    "read_plan",
]
