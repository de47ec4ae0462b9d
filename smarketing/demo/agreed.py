"""What marketing and sales of the demo agreed on over time: the clauses, and who gets which lead."""

from dataclasses import replace
from datetime import timedelta

from common import now
from handoff.actions.agreement import comment_on_proposal, propose_agreement, sign_proposal
from handoff.actions.clocks import agreement_in_force
from handoff.actions.routing_plans import Share, add_rule, begin_draft, delete_rule, put_in_force
from handoff.models import Terms
from handoff.states import BriefItem, RouteTo
from leads.states import Exclusion
from smarketing.demo.books import read
from smarketing.demo.world import Story, World

SECOND_VERSION = timedelta(days=155)
SECOND_PLAN = timedelta(days=118)
# Working minutes that the open proposal is old.
PROPOSED = 900


def tell_agreements(world: World) -> None:
    """Plan the second version, the rules of routing, and the proposal that waits for a signature."""
    hours, today = world.hours, world.hours.today(world.end)
    second = hours.on(hours.next_day(today - SECOND_VERSION), 10.5)
    world.tell(_second_version(world), at=second)
    world.plan(hours.on(hours.next_day(today - SECOND_PLAN), 16), _route_by_rules, world)
    world.tell(_third_version(world), at=hours.before(world.end, PROPOSED))


def _second_version(world: World) -> Story:
    marketing, sales = world.cast.people["marketing"], world.cast.people["sales"]
    words = read("agreed")["second"]
    proposal = propose_agreement(by=marketing, clauses=_second_terms(), why=words["why"])
    yield world.hours.after(now(), 480)
    for line in words["comments"]:
        by = world.cast.people[line["by"]]
        comment_on_proposal(proposal, by=by, text=line["text"], clause=line.get("clause", ""))
        yield world.hours.after(now(), 210)
    proposal = sign_proposal(proposal, by=marketing, revision=proposal.revision)
    yield world.hours.after(now(), 95)
    sign_proposal(proposal, by=sales, revision=proposal.revision)


def _second_terms() -> Terms:
    return replace(
        agreement_in_force().terms,
        required_brief=(BriefItem.WHY_NOW.value, BriefItem.WHO.value, BriefItem.REACH.value),
        volume_offered=20,
        volume_accepted=18,
        exclusions=(Exclusion.CUSTOMER.value, Exclusion.COMPETITOR.value),
        ladder=(("remind", 80), ("manager", 100), ("another", 150)),
        hot_contact_within=180,
    )


def _third_version(world: World) -> Story:
    """Proposed and signed by marketing; the signature of sales is missing."""
    marketing = world.cast.people["marketing"]
    words = read("agreed")["third"]
    terms = replace(
        agreement_in_force().terms,
        accept_within=360,
        hot_accept_within=60,
        attempts_before_unreachable=4,
    )
    proposal = propose_agreement(by=marketing, clauses=terms, why=words["why"])
    yield world.hours.after(now(), 240)
    for line in words["comments"]:
        by = world.cast.people[line["by"]]
        comment_on_proposal(proposal, by=by, text=line["text"], clause=line.get("clause", ""))
        yield world.hours.after(now(), 120)
    sign_proposal(proposal, by=marketing, revision=proposal.revision)


def _route_by_rules(world: World) -> None:
    """The second plan; the first one, everything to one pool, stays to be read."""
    by = world.cast.people["sales"]
    plan = begin_draft(by=by)
    for rule in plan.rules.all():
        delete_rule(rule, by=by)
    for line in read("agreed")["rule"]:
        add_rule(plan, by=by, **_rule(world, line))
    put_in_force(plan, by=by)
    world.routed = True


def _rule(world: World, line: dict) -> dict:
    people = world.cast.people
    conditions = [
        dict(zip(("about", "operator", "value"), one, strict=False)) for one in line["if"]
    ]
    return {
        "name": line["name"],
        "lane": world.cast.lanes[line["lane"]],
        "to": RouteTo(line["to"]),
        "conditions": conditions,
        "person": people[line["person"]] if "person" in line else None,
        "shares": [Share(people[key], weight, cap) for key, weight, cap in line.get("shares", ())],
    }
