"""The organisation: its name, and when everybody works."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions import edit_organisation
from accounts.forms import OrganisationForm, attempt
from accounts.models import Organisation
from accounts.views.guard import administrators_only
from common.web import go


@require_http_methods(["GET", "POST"])
@administrators_only
def organisation(request):
    form = OrganisationForm(request.POST or None, organisation=Organisation.current())
    if request.method == "POST" and form.is_valid():
        edited = attempt(form, edit_organisation, by=request.user)
        if edited is not None:
            return go(request, "accounts:organisation", _("Saved."))
    status = 422 if form.errors else 200
    return render(request, "accounts/organisation.html", {"form": form}, status=status)
