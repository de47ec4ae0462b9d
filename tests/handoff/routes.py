"""Plans for the tests of routing."""

from datetime import timedelta

from common import now
from handoff.models import RoutingPlan, RoutingRule, RoutingShare
from handoff.states import RouteTo
from tests.factories import the_lane

DAY = timedelta(days=1)


def a_plan(*rules, in_force=True) -> RoutingPlan:
    """A plan of these rules, each a dict of what is not usual; in force in place of any other."""
    if in_force:
        RoutingPlan.objects.filter(in_force=True).update(in_force=False)
    moment = now()
    version = RoutingPlan.objects.count() + 1
    plan = RoutingPlan.objects.create(
        version=version,
        in_force=in_force,
        created_at=moment,
        in_force_since=moment if in_force else None,
    )
    for position, rule in enumerate(rules):
        shares = rule.pop("shares", ())
        usual = {"name": f"Rule {position + 1}", "lane": the_lane(), "to": RouteTo.POOL}
        row = RoutingRule.objects.create(plan=plan, position=position, **usual | rule)
        for person, weight, cap in shares:
            RoutingShare.objects.create(rule=row, person=person, weight=weight, cap=cap)
    return plan


def in_turn(*people) -> dict:
    """A round robin: people, or (person, weight), or (person, weight, cap)."""
    rows = [one if isinstance(one, tuple) else (one,) for one in people]
    return {
        "to": RouteTo.ROUND_ROBIN,
        "shares": [(*row, *(1, None)[len(row) - 1 :]) for row in rows],
    }
