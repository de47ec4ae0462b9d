"""The organisation: its name, where it is at home, and who signs the agreement."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import edit_organisation, heads, name_heads
from accounts.forms import HeadsForm, OrganisationForm, attempt
from accounts.models import Organisation
from accounts.states import Side
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
    return _page(request, form, _heads_form())


@require_POST
@administrators_only
def organisation_heads(request):
    form = _heads_form(request.POST)
    if form.is_valid() and attempt(form, name_heads, by=request.user) is not None:
        return go(request, "accounts:organisation", _("Saved."))
    return _page(request, OrganisationForm(organisation=Organisation.current()), form)


def _heads_form(data=None):
    candidates = {side.value: heads(side) for side in Side}
    return HeadsForm(data, organisation=Organisation.current(), candidates=candidates)


def _page(request, form, heads_form):
    status = 422 if form.errors or heads_form.errors else 200
    context = {"form": form, "heads_form": heads_form}
    return render(request, "accounts/organisation.html", context, status=status)
