"""Settings: what each team asks in a hearing, and how that changed."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Team
from accounts.permissions import demand
from common.dialogs import attempt, finished, posted
from common.refusals import NotAllowed
from leads.actions.sheets import drop_sheet, may_edit_sheet, save_sheet
from leads.forms import SheetForm
from leads.models import HearingSheet

# In the address: everybody's sheet.
EVERYBODY = 0


@require_safe
def sheets(request):
    """Everybody's sheet and those of the teams, with their versions. Two queries."""
    demand(request.user, "hearing.edit", own=True)
    every = list(HearingSheet.objects.select_related("team", "by").order_by("-version"))
    owners = [None, *Team.objects.active().order_by("kind", "name")]
    context = {"sheets": [_of(owner, every, request.user) for owner in owners]}
    return render(request, "leads/hearing/sheets.html", context)


def _of(team: Team | None, every: list[HearingSheet], user) -> dict:
    versions = [one for one in every if one.team_id == (team and team.pk)]
    return {
        "team": team,
        "number": team.pk if team else EVERYBODY,
        "in_force": next((one for one in versions if one.in_force), None),
        "versions": versions,
        "may_edit": may_edit_sheet(user, team),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request, number):
    """The sheet of a team (0: everybody's) to change: saved, it is a new version."""
    team = _team(number)
    if not may_edit_sheet(request.user, team):
        raise NotAllowed
    present = HearingSheet.objects.for_team(number or None)
    if present.team_id != (number or None):  # everybody's, as a beginning of one's own
        present = HearingSheet(team=team, version=0, items=present.items)
    form = SheetForm(posted(request), sheet=present)
    if form.is_bound and attempt(form, _save, form, team, request.user):
        words = _("Saved. From now on this is asked, in this order.")
        return finished(request, "leads:hearing", words)
    status = 409 if getattr(form, "too_late", False) else 422 if form.errors else 200
    context = {"form": form, "team": team, "number": number, "present": present}
    return render(request, "leads/hearing/sheet.html", context, status=status)


def _save(form: SheetForm, team: Team | None, user) -> HearingSheet:
    return save_sheet(team, by=user, items=form.items, seen=form.cleaned_data["seen"])


@require_safe
def version(request, pk):
    """One version as it was: also those that are no more in force."""
    demand(request.user, "hearing.edit", own=True)
    one = get_object_or_404(HearingSheet.objects.select_related("team", "by"), pk=pk)
    return render(request, "leads/hearing/version.html", {"sheet": one})


@require_POST
def removal(request, number):
    """The team goes back to everybody's sheet."""
    team = _team(number)
    if team is None:
        raise Http404
    drop_sheet(team, by=request.user)
    return finished(request, "leads:hearing", _("The team uses everybody's sheet again."))


def _team(number: int) -> Team | None:
    return get_object_or_404(Team.objects.active(), pk=number) if number else None
