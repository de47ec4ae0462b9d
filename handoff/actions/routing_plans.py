"""How the rules change: in a draft, put into force at one moment. Old plans stay as they were."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import demand
from common import now
from common.locking import lock_row
from common.refusals import Malformed, Refusal
from handoff.models import Lane, RoutingPlan, RoutingRule, RoutingShare
from handoff.routing import draft
from handoff.routing.aspects import ALONE, aspects
from handoff.routing.conditions import Op
from handoff.states import RouteTo

MOST_RULES = 50


@dataclass(frozen=True)
class Share:
    """A person's part of a round robin, as a form gives it."""

    person: User
    weight: int = 1
    cap: int | None = None


@transaction.atomic
def begin_draft(*, by: User) -> RoutingPlan:
    """The plan that is being written: the one there is, else a copy of the one in force."""
    demand(by, "routing.edit")
    # Two people who begin at once write one draft, also where no plan is in force to be locked.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["routing draft"])
    in_force = RoutingPlan.objects.select_for_update().filter(in_force=True).first()
    if (found := draft()) is not None:
        return found
    version = (RoutingPlan.objects.aggregate(top=Max("version"))["top"] or 0) + 1
    made = RoutingPlan.objects.create(version=version, by=by, created_at=now())
    if in_force:
        _copy_rules(in_force, made)
    return made


def _copy_rules(frm: RoutingPlan, to: RoutingPlan) -> None:
    """Rules and shares anew; nobody has been given anything under the new plan yet."""
    for rule in frm.rules.prefetch_related("shares").order_by("position"):
        shares = list(rule.shares.all())
        rule.pk, rule.plan, rule._state.adding = None, to, True
        rule.save(force_insert=True)
        RoutingShare.objects.bulk_create(
            RoutingShare(rule=rule, person_id=one.person_id, weight=one.weight, cap=one.cap)
            for one in shares
        )


@transaction.atomic
def add_rule(plan: RoutingPlan, *, by: User, **what) -> RoutingRule:
    """Add a rule at the end of a draft. `what` as of `edit_rule`."""
    plan = _lock_draft(plan, by=by)
    count = plan.rules.count()
    if count >= MOST_RULES:
        raise Refusal(_("A plan has at most %(n)s rules.") % {"n": MOST_RULES})
    rule = RoutingRule(plan=plan, position=count)
    return _write(rule, **what)


@transaction.atomic
def edit_rule(rule: RoutingRule, *, by: User, **what) -> RoutingRule:
    """Change a rule of a draft: name, lane, conditions, to, person, shares.

    Raises `Malformed` for a condition nothing is known of, or a target that names nobody.
    """
    plan = _lock_draft(rule.plan, by=by)
    return _write(_fresh(rule, plan), **what)


@transaction.atomic
def move_rule(rule: RoutingRule, *, by: User, up: bool) -> RoutingRule:
    """Change places with the rule before or after; at the end of the list nothing happens."""
    plan = _lock_draft(rule.plan, by=by)
    rule = _fresh(rule, plan)
    other = plan.rules.filter(position=rule.position + (-1 if up else 1)).first()
    if other:
        rule.position, other.position = other.position, rule.position
        for one in (rule, other):
            one.save(update_fields=["position"])
    return rule


@transaction.atomic
def delete_rule(rule: RoutingRule, *, by: User) -> None:
    """Take a rule out of a draft; those after it move up."""
    plan = _lock_draft(rule.plan, by=by)
    rule = plan.rules.filter(pk=rule.pk).first()
    if rule:
        position = rule.position
        rule.delete()
        plan.rules.filter(position__gt=position).update(position=F("position") - 1)


@transaction.atomic
def discard_draft(plan: RoutingPlan, *, by: User) -> None:
    """Throw a draft away. Discarded already is discarded."""
    demand(by, "routing.edit")
    if RoutingPlan.objects.filter(pk=plan.pk).exists():
        _lock_draft(plan, by=by).delete()


@transaction.atomic
def put_in_force(plan: RoutingPlan, *, by: User) -> RoutingPlan:
    """From this moment the draft routes; the plan before stays to be read. Again: nothing happens."""
    demand(by, "routing.edit")
    before = RoutingPlan.objects.select_for_update().filter(in_force=True).first()
    if before and before.pk == plan.pk:
        return before
    plan = _lock_draft(plan, by=by)
    if not plan.rules.exists():
        raise Refusal(_("A plan without rules would route nothing. Add one first."))
    RoutingPlan.objects.filter(in_force=True).update(in_force=False)
    plan.in_force, plan.in_force_since, plan.by = True, now(), by
    plan.save(update_fields=["in_force", "in_force_since", "by"])
    return plan


def _lock_draft(plan: RoutingPlan, *, by: User) -> RoutingPlan:
    demand(by, "routing.edit")
    try:
        plan = lock_row(RoutingPlan, plan.pk)
    except RoutingPlan.DoesNotExist as gone:
        raise Refusal(_("This draft was discarded.")) from gone
    if plan.in_force or plan.in_force_since:
        raise Refusal(_("This plan is in force or was. Change the rules in a new draft."))
    return plan


def _fresh(rule: RoutingRule, plan: RoutingPlan) -> RoutingRule:
    found = plan.rules.filter(pk=rule.pk).first()
    if found is None:
        raise Refusal(_("This rule was deleted meanwhile."))
    return found


def _write(
    rule: RoutingRule,
    *,
    name: str,
    lane: Lane,
    to: str,
    conditions: list[dict],
    person: User | None = None,
    shares: Iterable[Share] = (),
) -> RoutingRule:
    if not name.strip():
        raise Malformed(_("Give the rule a name."), field="name")
    shares = list(shares) if to == RouteTo.ROUND_ROBIN else []
    person = person if to == RouteTo.PERSON else None
    _refuse_target(lane, to, person, shares)
    _refuse_conditions(conditions)
    rule.name, rule.lane, rule.to, rule.person = name.strip(), lane, to, person
    rule.conditions = conditions
    rule.save()
    rule.shares.all().delete()
    RoutingShare.objects.bulk_create(
        RoutingShare(rule=rule, person=one.person, weight=one.weight, cap=one.cap) for one in shares
    )
    return rule


def _refuse_target(lane: Lane, to: str, person: User | None, shares: list[Share]) -> None:
    leg = lane.legs.filter(position=0).select_related("taker").first()
    if leg is None:
        raise Malformed(_("This lane leads to no team."), field="lane")
    if to == RouteTo.PERSON and person is None:
        raise Malformed(_("Choose who receives it."), field="person")
    if to == RouteTo.ROUND_ROBIN and not shares:
        raise Malformed(_("Choose at least one person who takes turns."), field="to")
    named = [person] if person else [share.person for share in shares]
    for one in named:
        if one.team_id != leg.taker_id:
            words = _("%(name)s is not in the team %(team)s.")
            at_fault = "person" if person else "to"
            raise Malformed(words % {"name": one.name, "team": leg.taker.name}, field=at_fault)


def _refuse_conditions(conditions: list[dict]) -> None:
    known = aspects()
    for condition in conditions:
        about = known.get(condition.get("about", ""))
        operator = condition.get("operator")
        if about is None or operator not in about.operators:
            raise Malformed(_("Choose what the condition is about."), field="conditions")
        if Op(operator) not in ALONE and condition.get("value") in (None, "", []):
            raise Malformed(_("Say with what it is compared."), field="conditions")


def lay_routing_plan(lane: Lane | None) -> None:
    """The first plan of a fresh installation: everything to the pool of the first lane."""
    if lane is None or RoutingPlan.objects.exists():
        return
    moment = now()
    plan = RoutingPlan.objects.create(
        version=1, in_force=True, created_at=moment, in_force_since=moment
    )
    RoutingRule.objects.create(
        plan=plan, position=0, name="すべてのリード", lane=lane, to=RouteTo.POOL
    )
