"""Plans read whole: their rules in order, with where each leads and whose shares it has."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from accounts.models import Team, User
from handoff.models import Leg, RoutingPlan, RoutingRule, RoutingShare
from handoff.routing.conditions import Case, holds


@dataclass
class Rule:
    """A rule with the first team of its lane (None: the lane takes no leads any more)."""

    row: RoutingRule
    team: Team | None
    shares: list[RoutingShare] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Its place in the plan, as people count."""
        return self.row.position + 1

    def takes(self, case: Case) -> bool:
        return all(holds(condition, case) for condition in self.row.conditions)

    @property
    def people(self) -> list[User]:
        """Those the rule names."""
        if self.row.person_id:
            return [self.row.person]
        return [share.person for share in self.shares]


@dataclass
class Plan:
    """A plan and its rules in their order."""

    row: RoutingPlan
    rules: list[Rule]

    @property
    def version(self) -> int:
        return self.row.version


def plan_in_force() -> Plan | None:
    """The plan that routes. Three queries."""
    row = RoutingPlan.objects.filter(in_force=True).first()
    return read_plan(row) if row else None


def draft() -> RoutingPlan | None:
    """The plan somebody is writing: at most one is neither in force nor was."""
    return RoutingPlan.objects.filter(in_force=False, in_force_since=None).first()


def read_plan(row: RoutingPlan) -> Plan:
    """The plan with everything its rules need. Two queries, one more where it has shares."""
    shares = RoutingShare.objects.select_related("person__team").order_by("id")
    rows = list(
        row.rules.select_related("lane", "person__team")
        .prefetch_related(Prefetch("shares", queryset=shares))
        .order_by("position")
    )
    legs = Leg.objects.filter(position=0, lane__in={one.lane_id for one in rows})
    teams = {leg.lane_id: leg.taker for leg in legs.select_related("taker")}
    return Plan(row, [_rule(one, teams.get(one.lane_id)) for one in rows])


def _rule(row: RoutingRule, team: Team | None) -> Rule:
    open_ = team is not None and team.is_active and row.lane.is_active
    return Rule(row, team if open_ else None, list(row.shares.all()))
