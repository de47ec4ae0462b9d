"""Fields that understand what people type."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 5000
_UNITS = {
    "億": 100_000_000,
    "千万": 10_000_000,
    "百万": 1_000_000,
    "万": 10_000,
    "千": 1_000,
    "m": 1_000_000,
    "k": 1_000,
}
_PART = re.compile(r"(\d+(?:\.\d+)?)(億|千万|百万|万|千|m|k)?")


class YenField(forms.IntegerField):
    """Whole yen, however it is typed: 3,000,000 · 300万 · 1億2千万 · ¥3.2M · ３００万円."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("Write an amount, such as 3,000,000 or 300万."),
        "max_value": _("This amount is larger than we can keep."),
    }

    def __init__(self, **options):
        super().__init__(min_value=0, max_value=10**15, **options)

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, int):
            return super().to_python(value)
        text = unicodedata.normalize("NFKC", str(value)).lower()
        text = re.sub(r"[\s,¥\\円]|jpy|yen", "", text)
        parts = list(_PART.finditer(text))
        if not parts or "".join(part.group(0) for part in parts) != text or len(text) > 30:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            total = sum(Decimal(p.group(1)) * _UNITS.get(p.group(2) or "", 1) for p in parts)
        except InvalidOperation as wrong:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from wrong
        return super().to_python(int(total))

    def prepare_value(self, value):
        return f"{value:,}" if isinstance(value, int) else value


def sentences(
    label, *, required=False, rows=3, help_text="", placeholder="", longest=LONGEST, cls=""
):
    """A field for sentences."""
    attrs = {"rows": rows, "placeholder": placeholder} | ({"class": cls} if cls else {})
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs=attrs),
    )
