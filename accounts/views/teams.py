"""Teams."""

from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actions import choose_calendar, create_team, edit_team, restore_team, retire_team
from accounts.forms import TeamForm, TeamNameForm, attempt
from accounts.models import Team, WorkingCalendar
from accounts.views.guard import administrators_only
from common.web import go


@require_GET
@administrators_only
def teams(request):
    people = Count("people", filter=Q(people__is_active=True))
    rows = Team.objects.annotate(people_count=people).in_flow_order()
    content = {
        "active": [team for team in rows if team.is_active],
        "retired": [team for team in rows if not team.is_active],
    }
    return render(request, "accounts/teams.html", content)


@require_http_methods(["GET", "POST"])
@administrators_only
def team_new(request):
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, create_team, by=request.user)
        if made is not None:
            return go(request, "accounts:teams", _("Added: %(name)s.") % {"name": made.name})
    content = {"form": form, "title": _("Add a team")}
    return render(request, "accounts/team.html", content, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@administrators_only
def team(request, pk):
    team = get_object_or_404(Team, pk=pk)
    form = TeamNameForm(request.POST or None, initial=_initial(team))
    if request.method == "POST" and form.is_valid():
        edited = attempt(form, _edit, team, by=request.user)
        if edited is not None:
            return go(request, "accounts:teams", _("Saved: %(name)s.") % {"name": edited.name})
    content = {"form": form, "team": team, "title": team.name}
    return render(request, "accounts/team.html", content, status=422 if form.errors else 200)


def _initial(team: Team) -> dict:
    """The default calendar is what a team without one of its own works by."""
    return {
        "name": team.name,
        "calendar": team.calendar_id or WorkingCalendar.default().pk,
    }


@transaction.atomic
def _edit(team: Team, *, by, name: str, calendar: WorkingCalendar | None) -> Team:
    return choose_calendar(edit_team(team, by=by, name=name), by=by, calendar=calendar)


@require_POST
@administrators_only
def retirement(request, pk):
    team = retire_team(get_object_or_404(Team, pk=pk), by=request.user)
    return go(request, "accounts:teams", _("Retired: %(name)s.") % {"name": team.name})


@require_POST
@administrators_only
def restoration(request, pk):
    team = restore_team(get_object_or_404(Team, pk=pk), by=request.user)
    return go(request, "accounts:teams", _("In use again: %(name)s.") % {"name": team.name})
