"""People, by team: inviting, changing, closing and opening accounts."""

from datetime import timedelta

from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actions import (
    deactivate_person,
    edit_person,
    invite_person,
    reactivate_person,
    resend_invitation,
)
from accounts.forms import PersonForm, attempt
from accounts.identity import INVITATION_LASTS
from accounts.models import Absence, Team, User
from accounts.views.guard import administrators_only
from common.clock import page_now
from common.keyset import page_by_key
from common.web import go


@require_GET
@administrators_only
def people(request):
    """Who works here, team by team; who is invited; and, on a page of their own, closed accounts."""
    words = request.GET.get("q", "").strip()
    found = _matching(User.objects.with_team(), words)
    if "closed" in request.GET:
        return _closed(request, found, words)
    active = list(found.active())
    _mark_away(active)
    here = [person for person in active if not person.awaits_invitation]
    content = {
        "groups": _groups(here, all_teams=not words),
        "count": len(here),
        "invited": [_invited(person) for person in active if person.awaits_invitation],
        "closed_count": User.objects.filter(is_active=False).count(),
        "words": words,
    }
    return render(request, "accounts/people.html", content)


def _mark_away(people: list[User]) -> None:
    """Each with `away`: the absence that lasts today, where their team works, or comes next. One query."""
    moment = page_now()
    rows = Absence.objects.from_day((moment - timedelta(days=1)).date()).select_related("stand_in")
    by_person: dict[int, list[Absence]] = {}
    for row in rows.filter(person__in=[person.pk for person in people]):
        by_person.setdefault(row.person_id, []).append(row)
    for person in people:
        today = person.business_calendar.local_day(moment)
        person.away = next(
            (one for one in by_person.get(person.pk, ()) if one.last_day >= today), None
        )


def _closed(request, found, words):
    key = request.GET.get("after", "")
    rows = page_by_key(found.filter(is_active=False), order="family_name", key=key)
    return render(request, "accounts/people_closed.html", {"page": rows, "words": words})


def _matching(rows, words: str):
    for word in words.split():
        rows = rows.filter(
            Q(family_name__icontains=word)
            | Q(given_name__icontains=word)
            | Q(email__icontains=word)
            | Q(external_name__icontains=word)
        )
    return rows


def _groups(people: list[User], *, all_teams: bool) -> list[dict]:
    """Teams with their people, marketing first; administrators without a team come last."""
    by_team: dict[int | None, list[User]] = {}
    for person in people:
        by_team.setdefault(person.team_id, []).append(person)
    groups = [
        {"team": team, "key": team.pk, "people": by_team.get(team.pk, [])}
        for team in Team.objects.active().in_flow_order()
        if all_teams or team.pk in by_team
    ]
    for group in groups:
        group["heads"] = [person for person in group["people"] if person.is_manager]
    if None in by_team:
        groups.append({"team": None, "key": 0, "people": by_team[None], "heads": []})
    return groups


def _invited(person: User) -> dict:
    ends = person.invited_at + INVITATION_LASTS if person.invited_at else None
    return {"person": person, "ends": ends}


@require_http_methods(["GET", "POST"])
@administrators_only
def person_new(request):
    initial = {"team": request.GET.get("team"), "language": request.user.language}
    form = PersonForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        person = attempt(form, invite_person, by=request.user)
        if person is not None:
            sentence = _("An invitation is on its way to %(email)s.") % {"email": person.email}
            return go(request, "accounts:people", sentence)
    content = {"form": form, "title": _("Invite a person"), "days": INVITATION_LASTS.days}
    return render(request, "accounts/person_new.html", content, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@administrators_only
def person(request, pk):
    person = get_object_or_404(User.objects.with_team(), pk=pk)
    form = PersonForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        edited = attempt(form, edit_person, person, by=request.user)
        if edited is not None:
            return go(request, "accounts:people", _("Saved: %(name)s.") % {"name": edited.name})
    content = {"form": form, "person": person, "title": person.name}
    return render(request, "accounts/person.html", content, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@administrators_only
def closing(request, pk):
    """GET says what closing the account means; POST does it."""
    person = get_object_or_404(User.objects.with_team(), pk=pk)
    if request.method == "POST":
        person = deactivate_person(person, by=request.user)
        sentence = _("The account of %(name)s is closed.") % {"name": person.name}
        return go(request, "accounts:people", sentence)
    title = _("Close the account of %(name)s?") % {"name": person.name}
    return render(request, "accounts/person_closing.html", {"person": person, "title": title})


@require_POST
@administrators_only
def reopening(request, pk):
    person = reactivate_person(get_object_or_404(User, pk=pk), by=request.user)
    if person.awaits_invitation:
        sentence = _("The account is open again. An invitation is on its way to %(email)s.")
    else:
        sentence = _("The account of %(name)s is open again.")
    return go(request, "accounts:people", sentence % {"name": person.name, "email": person.email})


@require_POST
@administrators_only
def renewed_invitation(request, pk):
    person = resend_invitation(get_object_or_404(User, pk=pk), by=request.user)
    sentence = _("A new invitation is on its way to %(email)s.") % {"email": person.email}
    return go(request, "accounts:people", sentence)
