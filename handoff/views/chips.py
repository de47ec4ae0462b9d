"""The filters that are on, as chips with the address without each."""

from common import formats


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
