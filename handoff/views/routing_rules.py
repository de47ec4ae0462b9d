"""The rules of a draft: add, edit, move, delete."""

from secrets import token_hex

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import demand
from common.web import go
from handoff.actions.routing_plans import Share, add_rule, delete_rule, edit_rule, move_rule
from handoff.forms.routing import ConditionForm, RuleForm, SharesForm, condition_forms, takers
from handoff.models import RoutingPlan, RoutingRule
from handoff.routing.aspects import aspects
from handoff.views.replies import attempt, dialog, posted


@require_http_methods(["GET", "HEAD", "POST"])
def rule_new(request, version):
    plan = get_object_or_404(RoutingPlan, version=version)
    return _edit(request, plan, None, lambda **what: add_rule(plan, by=request.user, **what))


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request, pk):
    row = _rule(pk)
    return _edit(request, row.plan, row, lambda **what: edit_rule(row, by=request.user, **what))


def _rule(pk) -> RoutingRule:
    rows = RoutingRule.objects.select_related("plan").prefetch_related("shares")
    return get_object_or_404(rows, pk=pk)


def _edit(request, plan, row, act):
    demand(request.user, "routing.edit")
    data, people, known = posted(request), takers(), aspects()
    form = RuleForm(data, people=people, initial=_initial(row))
    conditions = condition_forms(known, data=data, rule=row)
    shares = SharesForm(data, people=people, rule=row, prefix="share")
    wrong = [one for one in (*conditions, shares) if data is not None and not one.is_valid()]
    if wrong:
        form.is_valid()
        form.add_error(None, _("Look at what is marked below."))
    elif data is not None and attempt(
        form, lambda **what: act(**what, **_rest(conditions, shares))
    ):
        return go(request, "handoff:routing_plan", version=plan.version)
    context = {"conditions": conditions, "shares": shares, "rule": row, "plan": plan}
    title = _("Edit rule %(n)s") % {"n": row.position + 1} if row else _("Add a rule")
    return dialog(request, "handoff/routing/rule_form.html", form, title=title, **context)


def _initial(row):
    if row is None:
        return {}
    person = str(row.person_id or "")
    return {"name": row.name, "lane": row.lane_id, "to": row.to, "person": person}


def _rest(conditions, shares) -> dict:
    return {
        "conditions": [one.condition for one in conditions if one.condition],
        "shares": [Share(*one) for one in shares.chosen],
    }


@require_safe
def condition(request):
    """One row of conditions: a new one, or one whose subject was chosen anew."""
    demand(request.user, "routing.edit")
    key = next(iter(condition_keys(request.GET)), f"c{token_hex(3)}")
    about = request.GET.get(f"{key}-about", "")
    form = ConditionForm(initial={"about": about}, prefix=key, known=aspects())
    return render(request, "handoff/routing/_condition.html", {"form": form})


def condition_keys(data) -> list[str]:
    return [key for key in data.getlist("row") if key.isalnum() and len(key) < 14]


@require_POST
def move(request, pk):
    moved = move_rule(_rule(pk), by=request.user, up="up" in request.POST)
    return redirect("handoff:routing_plan", moved.plan.version)


@require_POST
def deletion(request, pk):
    row = _rule(pk)
    delete_rule(row, by=request.user)
    words = _("The rule “%(name)s” was deleted.") % {"name": row.name}
    return go(request, "handoff:routing_plan", words, version=row.plan.version)
