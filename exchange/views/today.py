"""Today: what to do now, and whose clock runs."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from common.clock import page_now
from common.web import go, is_htmx, safe_next
from exchange.views.pages import page_of
from leads.actions import finish_follow_up, reopen_follow_up
from leads.models import FollowUp


@require_safe
def today(request):
    at = page_now()
    template, content = page_of(request.user, at=at)
    return render(request, template, {"at": at, **content})


@require_POST
def follow_up(request, pk):
    """Checks a follow-up off, or, with `undo`, takes the check back; answers with its line."""
    found = FollowUp.objects.visible_to(request.user).select_related("lead__company")
    row = get_object_or_404(found, pk=pk)
    act = reopen_follow_up if "undo" in request.POST else finish_follow_up
    done = act(row, by=request.user)
    row.done_at = done.done_at
    if not is_htmx(request):
        return go(request, safe_next(request))
    return render(request, "exchange/_follow_up.html", {"follow_up": row, "at": page_now()})
