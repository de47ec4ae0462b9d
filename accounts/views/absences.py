"""Who is away: one's own days, those of the team, and who stands in."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actions import add_absence, remove_absence
from accounts.forms import attempt
from accounts.forms.calendars import AbsenceForm
from accounts.models import Absence, User
from accounts.permissions import can
from common.clock import page_now
from common.web import go


@require_GET
def absences(request):
    """Who of the team is away now or will be; the administrator sees every team."""
    user = request.user
    today = user.business_calendar.local_day(page_now())
    rows = Absence.objects.from_day(today).select_related("person__team", "stand_in__team")
    if not user.is_administrator:
        rows = rows.filter(person__team=user.team_id)
    rows = list(rows.filter(person__is_active=True))
    for row in rows:
        row.is_now = row.first_day <= today
        row.may_remove = _may_enter(user, row.person)
    return render(request, "accounts/absences.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def absence_new(request):
    people = _people(request.user)
    form = AbsenceForm(
        request.POST or None,
        people=people,
        colleagues=_colleagues(request.user),
        initial={"person": _asked_for(request, people)},
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, _add, by=request.user)
        if made is not None:
            return go(request, "accounts:absences", _("Kept. Nothing is routed there meanwhile."))
    content = {"form": form, "title": _("Days away"), "alone": len(people) == 1}
    status = 422 if form.errors else 200
    return render(request, "accounts/absence_new.html", content, status=status)


def _add(*, by, person, **data):
    return add_absence(person, by=by, **data)


def _people(user) -> QuerySet[User]:
    """For whom `user` may enter days: oneself, the team one manages, everybody."""
    people = User.objects.active().select_related("team")
    if user.is_administrator:
        return people
    if user.is_manager:
        return people.in_team(user.team_id)
    return people.filter(pk=user.pk)


def _colleagues(user) -> QuerySet[User]:
    people = User.objects.active().select_related("team")
    return people if user.is_administrator else people.in_team(user.team_id)


def _asked_for(request, people) -> int:
    """The person of the address, where they may be chosen; else oneself."""
    wanted = request.GET.get("person", "")
    known = {str(person.pk): person.pk for person in people}
    return known.get(wanted, request.user.pk)


def _may_enter(user, person: User) -> bool:
    return can(user, "absence.edit", own=user.pk == person.pk, accountable=person.team_id)


@require_POST
def absence_removal(request, pk):
    seen = Absence.objects.select_related("person__team")
    if not request.user.is_administrator:
        seen = seen.filter(person__team=request.user.team_id)
    remove_absence(get_object_or_404(seen, pk=pk), by=request.user)
    return go(request, "accounts:absences", _("They are here on these days."))
