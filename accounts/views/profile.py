"""One's own profile."""

from django.contrib.auth import update_session_auth_hash
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import edit_profile, sign_out_everywhere
from accounts.forms import ProfileForm, attempt
from common.clock import page_now
from common.web import go


@require_http_methods(["GET", "POST"])
def profile(request):
    form = ProfileForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        person = attempt(form, edit_profile, request.user, by=request.user)
        if person is not None:
            # The answer is already in the language just chosen.
            translation.activate(person.language)
            timezone.activate(person.time_zone)
            return go(request, "accounts:profile", _("Saved."))
    status = 422 if form.errors else 200
    today = request.user.business_calendar.local_day(page_now())
    away = request.user.absences.from_day(today).select_related("stand_in")
    return render(request, "accounts/profile.html", {"form": form, "away": away}, status=status)


@require_POST
def other_sessions(request):
    """End the sessions of this person on all other devices."""
    person = sign_out_everywhere(request.user, by=request.user)
    update_session_auth_hash(request, person)
    return go(request, "accounts:profile", _("All other devices are signed out."))
