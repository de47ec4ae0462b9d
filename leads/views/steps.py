"""Follow-ups: planned, done, put off."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.dialogs import attempt, finished, posted, show_form
from leads.actions.follow_ups import (
    finish_follow_up,
    plan_follow_up,
    postpone_follow_up,
    reopen_follow_up,
)
from leads.forms import FollowUpForm, PostponeForm
from leads.models import FollowUp
from leads.permissions import demand
from leads.views.profile import lead_address
from leads.views.replies import visible_lead


@require_http_methods(["GET", "POST"])
def follow_up_new(request, pk):
    """What somebody does for this lead next."""
    lead = visible_lead(request, pk)
    demand(request.user, "follow_up", lead)
    form = FollowUpForm(posted(request), planner=request.user)
    if form.is_bound and attempt(form, _plan, form, lead, request.user):
        return finished(request, lead_address(lead), _("The next step is planned."))
    return show_form(request, "leads/step_form.html", form, title=_("Next step"), lead=lead)


def _plan(form, lead, user):
    cleaned = form.cleaned_data
    return plan_follow_up(
        lead,
        by=user,
        what=cleaned["what"],
        kind=cleaned["kind"],
        due_at=form.due_at,
        owner=cleaned["owner"],
        promised=cleaned["promised"],
    )


@require_POST
def follow_up_done(request, pk):
    """Done; with `undo` not done after all."""
    step = _visible_step(request, pk)
    if "undo" in request.POST:
        reopen_follow_up(step, by=request.user)
        words = _("The next step is open again.")
    else:
        finish_follow_up(step, by=request.user)
        words = _("Done.")
    return finished(request, f"/leads/{step.lead_id}/", words)


@require_http_methods(["GET", "POST"])
def follow_up_date(request, pk):
    """Another day for it."""
    step = _visible_step(request, pk)
    demand(request.user, "follow_up", step.lead)
    due = timezone.localtime(step.due_at)
    initial = {"on": due.date(), "by_time": None if due.hour == 23 else due.time()}
    form = PostponeForm(posted(request), initial=initial)
    if form.is_bound and attempt(form, _postpone, form, step, request.user):
        return finished(request, lead_address(step.lead), _("Put off."))
    return show_form(
        request, "leads/postpone_form.html", form, title=_("Put off"), lead=step.lead, step=step
    )


def _postpone(form, step, user):
    return postpone_follow_up(step, by=user, due_at=form.due_at)


def _visible_step(request, pk) -> FollowUp:
    found = FollowUp.objects.visible_to(request.user).select_related("lead__company")
    return get_object_or_404(found, pk=pk)
