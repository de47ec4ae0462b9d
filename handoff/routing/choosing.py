"""Choosing: the first rule whose conditions all hold, and in it the person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil

from accounts.models import User
from handoff.models import RoutingShare
from handoff.routing.conditions import Case
from handoff.routing.plans import Plan, Rule
from handoff.routing.worlds import World
from handoff.states import QueueReason, RouteTo

Passed = list[tuple[int, str]]


@dataclass
class Choice:
    """Where a lead goes and why: a person, or (taker None) the team's pool.

    `passed` are people who were passed over, each with the reason's code; `before` the rules that
    held as well and found nobody.
    """

    plan: Plan
    rule: Rule
    taker: User | None = None
    share: RoutingShare | None = None
    stands_in_for: int | None = None
    passed: Passed = field(default_factory=list)
    before: list[dict] = field(default_factory=list)
    raised: list[RoutingShare] = field(default_factory=list)

    def trace(self) -> dict:
        """What is kept with the handoff: ids and codes, and the rule's name of then."""
        return {
            "plan": self.plan.version,
            "rule": self.rule.number,
            "name": self.rule.row.name,
            "to": self.rule.row.to,
            "taker": self.taker.pk if self.taker else None,
            "for": self.stands_in_for,
            "passed": [list(one) for one in self.passed],
            "before": self.before,
        }

    def give(self) -> None:
        """Count what was given, on the shares in hand: the caller writes them."""
        if self.share:
            self.share.given += 1


@dataclass
class Unrouted:
    """That no rule took the lead, or nobody of the rule that did can take it now."""

    plan: Plan
    reason: QueueReason
    rule: Rule | None = None
    passed: Passed = field(default_factory=list)
    before: list[dict] = field(default_factory=list)

    def trace(self) -> dict:
        rule = {"rule": self.rule.number, "name": self.rule.row.name} if self.rule else {}
        return {
            "plan": self.plan.version,
            **rule,
            "passed": [list(one) for one in self.passed],
            "before": self.before,
        }


def choose(plan: Plan, case: Case, world: World) -> Choice | Unrouted:
    """Where `plan` sends the lead of `case`.

    The first rule whose conditions all hold decides, even if nobody of it can take the lead: then
    it waits. Only "who already looks after the company" lets it go on, where nobody does or can.
    """
    before: list[dict] = []
    for rule in plan.rules:
        if not rule.takes(case):
            continue
        if rule.team is None:
            return Unrouted(plan, QueueReason.REFUSED, rule, before=before)
        choice, passed = _CHOOSERS[RouteTo(rule.row.to)](plan, rule, case, world)
        if choice:
            choice.before = before
            return choice
        if rule.row.to != RouteTo.OWNER:
            return Unrouted(plan, QueueReason.NOBODY, rule, passed, before)
        if passed:
            shown = [list(one) for one in passed]
            before.append({"rule": rule.number, "name": rule.row.name, "passed": shown})
    return Unrouted(plan, QueueReason.NO_RULE, before=before)


def _pool(plan, rule, case, world) -> tuple[Choice | None, Passed]:
    return Choice(plan, rule), []


def _person(plan, rule, case, world) -> tuple[Choice | None, Passed]:
    return _first_who_can(plan, rule, rule.people, world)


def _owner(plan, rule, case, world) -> tuple[Choice | None, Passed]:
    return _first_who_can(plan, rule, world.owners(case.lead, rule.team), world)


def _first_who_can(plan, rule, people, world) -> tuple[Choice | None, Passed]:
    passed: Passed = []
    for person in people:
        if not (why := world.obstacle(person, rule.team)):
            return Choice(plan, rule, person, passed=passed), passed
        passed.append((person.pk, why))
        if why == "absent" and (other := world.stand_in(person, rule.team)):
            return Choice(plan, rule, other, stands_in_for=person.pk, passed=passed), passed
    return None, passed


def _round_robin(plan, rule, case, world) -> tuple[Choice | None, Passed]:
    shares = world.shares(rule)
    capped = [share.person_id for share in shares if share.cap is not None]
    loads = world.loads(capped) if capped else {}
    able, passed = [], []
    for share in shares:
        why = world.obstacle(share.person, rule.team) or _full(share, loads)
        if why:
            passed.append((share.person_id, why))
        else:
            able.append(share)
    if not able:
        return None, passed
    share = next_share(able)
    out = [one for one in shares if one not in able]
    raised = _let_turns_pass(out, able, share)
    return Choice(plan, rule, share.person, share, passed=passed, raised=raised), passed


def _full(share: RoutingShare, loads) -> str:
    return "full" if share.cap is not None and loads[share.person_id] >= share.cap else ""


def next_share(able: list[RoutingShare]) -> RoutingShare:
    """Whose turn it is: whoever has the least for their weight, among those whom one more does not
    bring above their quota, rounded up. So nobody is ever a whole lead away from what their weight
    gives them (Balinski and Young's quota method).
    """
    given = sum(share.given for share in able) + 1
    weight = sum(share.weight for share in able)
    within = [share for share in able if share.given * weight < given * share.weight]
    return min(within, key=lambda share: ((share.given + 1) / share.weight, share.pk))


def _let_turns_pass(
    out: Iterable[RoutingShare], able: list[RoutingShare], taking: RoutingShare
) -> list[RoutingShare]:
    """Who is passed over loses the turn: a fortnight away is not made up for with forty leads at once.

    Returns the shares that were raised to what the least served of the others now has for their weight.
    """
    least = min((share.given + (share is taking)) / share.weight for share in able)
    raised = []
    for share in out:
        if share.given < (par := ceil(least * share.weight)):
            share.given = par
            raised.append(share)
    return raised


_CHOOSERS = {
    RouteTo.POOL: _pool,
    RouteTo.PERSON: _person,
    RouteTo.OWNER: _owner,
    RouteTo.ROUND_ROBIN: _round_robin,
}
