"""The filters of a list: the dialog that sets them, and chips for those that are on."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from common import formats


def filter_dialog(request, form, list_url: str, kept: dict[str, str]) -> HttpResponse:
    """The dialog (or page) with a filter form; `kept` stays in the address of the list."""
    reset = f"{list_url}?{urlencode(kept)}" if kept else list_url
    context = {"title": _("Filter"), "form": form, "to": list_url, "kept": kept, "reset": reset}
    return render(request, "handoff/filter_form.html", context)


def chips(request, form) -> list[dict]:
    """Chips for `_chips.html` of the fields of a valid filter form that narrow the list."""
    if not form.is_valid():
        return []
    found = []
    for name, value in form.cleaned_data.items():
        if value in (None, "", False):
            continue
        query = request.GET.copy()
        for gone in (name, "after"):
            query.pop(gone, None)
        words = _words(form.fields[name], value)
        found.append(
            {"name": form.fields[name].label, "value": words, "off": f"?{query.urlencode()}"}
        )
    return found


def _words(field, value) -> str:
    if value is True:
        return ""
    if hasattr(value, "year"):
        monthly = getattr(field.widget, "input_type", "") == "month"
        return formats.month(value) if monthly else formats.day(value)
    if hasattr(field, "label_from_instance"):
        return field.label_from_instance(value)
    return str(dict(field.choices).get(value, value))
