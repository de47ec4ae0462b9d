"""The routing rules: the plan in force, drafts, and the plans before."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import can as allowed
from accounts.permissions import demand
from common.web import go
from handoff.actions.clocks import agreement_in_force
from handoff.actions.routing_plans import begin_draft, discard_draft, put_in_force
from handoff.models import RoutingPlan
from handoff.routing import draft, read_plan
from handoff.routing.aspects import aspects
from handoff.routing.words import condition_words, target_words


@require_safe
def plans(request):
    """The plan in force; before there is one, the latest."""
    demand(request.user, "routing.view")
    latest = RoutingPlan.objects.order_by("-in_force", "-version")
    return _page(request, get_object_or_404(latest[:1]))


@require_safe
def plan(request, version):
    demand(request.user, "routing.view")
    return _page(request, get_object_or_404(RoutingPlan, version=version))


def _page(request, row):
    found = read_plan(row)
    known = aspects()
    edits = allowed(request.user, "routing.edit")
    context = {
        "plan": row,
        "is_draft": not (row.in_force or row.in_force_since),
        "rules": [_shown(rule, known) for rule in found.rules],
        "may_edit": edits,
        "draft": draft(),
        "plans": RoutingPlan.objects.exclude(in_force_since=None)
        .select_related("by")
        .order_by("-version"),
        "automatic": agreement_in_force().terms.offered_automatically,
        "may_queue": allowed(request.user, "routing.queue"),
    }
    return render(request, "handoff/routing/plan.html", context)


def _shown(rule, known):
    """A rule with its sentences."""
    return {
        "rule": rule,
        "conditions": [condition_words(one, known) for one in rule.row.conditions],
        "to": target_words(rule),
    }


@require_POST
def beginning(request):
    """Begin a draft, or go on with the one there is."""
    made = begin_draft(by=request.user)
    return redirect("handoff:routing_plan", made.version)


@require_POST
def forcing(request, version):
    made = put_in_force(get_object_or_404(RoutingPlan, version=version), by=request.user)
    words = _("Plan %(version)s is in force.") % {"version": made.version}
    return go(request, "handoff:routing", words)


@require_POST
def discarding(request, version):
    found = RoutingPlan.objects.filter(version=version).first()
    if found:
        discard_draft(found, by=request.user)
    return go(request, "handoff:routing", _("The draft was discarded."))
