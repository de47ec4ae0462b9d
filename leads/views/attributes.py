"""Settings: the own fields of leads and companies."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import demand
from common.dialogs import attempt, finished, posted, show_form
from leads.actions.attributes import (
    define_attribute,
    edit_attribute,
    restore_attribute,
    retire_attribute,
)
from leads.forms import AttributeForm, NewAttributeForm
from leads.models import AttributeDefinition
from leads.states import AttributeOf


@require_safe
def attributes(request):
    """The own fields in use and those that are retired."""
    demand(request.user, "attributes.manage")
    every = list(AttributeDefinition.objects.all())
    context = {
        "groups": [
            (of.label, [one for one in every if one.of == of and one.retired_at is None])
            for of in AttributeOf
        ],
        "retired": [one for one in every if one.retired_at],
    }
    return render(request, "leads/attributes.html", context)


@require_http_methods(["GET", "POST"])
def attribute_new(request):
    demand(request.user, "attributes.manage")
    form = NewAttributeForm(posted(request))
    if form.is_bound and attempt(
        form, lambda: define_attribute(by=request.user, **form.cleaned_data)
    ):
        return finished(request, "leads:attributes", _("The field is there now."))
    return show_form(request, "leads/attribute_form.html", form, title=_("New own field"))


@require_http_methods(["GET", "POST"])
def attribute(request, pk):
    demand(request.user, "attributes.manage")
    one = get_object_or_404(AttributeDefinition, pk=pk)
    initial = {"name": one.name, "name_en": one.name_en, "choices": "\n".join(one.choices)}
    form = AttributeForm(posted(request), initial=initial)
    if form.is_bound and attempt(
        form, lambda: edit_attribute(one, by=request.user, **form.cleaned_data)
    ):
        return finished(request, "leads:attributes", _("Saved."))
    return show_form(request, "leads/attribute_form.html", form, title=str(one), attribute=one)


@require_POST
def attribute_retirement(request, pk):
    retire_attribute(get_object_or_404(AttributeDefinition, pk=pk), by=request.user)
    return finished(request, "leads:attributes", _("The field is retired; its values are kept."))


@require_POST
def attribute_restoration(request, pk):
    restore_attribute(get_object_or_404(AttributeDefinition, pk=pk), by=request.user)
    return finished(request, "leads:attributes", _("The field is back."))
