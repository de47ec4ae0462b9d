"""The filters that are on, as chips with the address without each."""

from django import forms
from django.http import QueryDict

from common import formats


def chips_of(params: QueryDict, form: forms.Form) -> list[dict]:
    """Chips for `_chips.html`; the words that are searched stand in the search field instead."""
    found = []
    for name, value in form.cleaned_data.items():
        if name == "q" or value in (None, "", []):
            continue
        found.append(
            {
                "name": form.fields[name].label,
                "value": _words(form.fields[name], value),
                "off": _without(params, name),
            }
        )
    return found


def _without(params: QueryDict, name: str) -> str:
    query = params.copy()
    for gone in (name, "after"):
        query.pop(gone, None)
    return f"?{query.urlencode()}"


def _words(field: forms.Field, value) -> str:
    if isinstance(value, list):
        return formats.joined(_words(field, one) for one in value)
    if hasattr(value, "year"):
        return formats.day(value)
    if isinstance(field, forms.ModelChoiceField):
        # The word for "none" is a choice without a row.
        return str(field.null_label) if isinstance(value, str) else field.label_from_instance(value)
    if isinstance(field, forms.DecimalField):
        return formats.number(int(value) if value == int(value) else value)
    return str(dict(getattr(field, "choices", ()) or ()).get(value, value))
