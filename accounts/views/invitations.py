"""The link of an invitation: GET shows it, POST takes it, so that mail scanners use nothing up."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import choose_password
from accounts.forms import FirstPasswordForm
from accounts.identity import invited_by
from accounts.models.seats import seat_is_over
from common.web import go


@sensitive_post_parameters()
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request, token):
    person = invited_by(token)
    if person is None or not person.awaits_invitation or seat_is_over(person):
        return render(request, "accounts/invitation_over.html", status=410)
    translation.activate(person.language)
    form = FirstPasswordForm(user=person, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = choose_password(person, password=form.cleaned_data["password1"])
        login(request, person, backend="accounts.adapters.SignInBackend")
        record_authentication(request, person, method="password", email=person.email)
        return go(request, "/", _("Welcome, %(name)s.") % {"name": person.name})
    status = 422 if form.errors else 200
    return render(
        request, "accounts/invitation.html", {"form": form, "person": person}, status=status
    )
