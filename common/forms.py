"""How forms look: fields get the classes of the design; the markup is in templates/django/forms."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _


class UiBoundField(BoundField):
    """A field that knows how it is drawn."""

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if cls := _class_of(widget):
            attrs["class"] = " ".join(filter(None, (cls, widget.attrs.get("class"))))
        # The sign-in library repeats every label as a placeholder; False leaves it out.
        if widget.attrs.get("placeholder") == self.label:
            attrs["placeholder"] = False
        return attrs

    @property
    def is_check(self) -> bool:
        """A single box: its label stands behind it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_password(self) -> bool:
        return isinstance(self.field.widget, forms.PasswordInput)

    @property
    def is_optional(self) -> bool:
        """Whether to say so; a form where most is optional says `marks_optional = False`."""
        return not self.field.required and getattr(self.form, "marks_optional", True)


def _class_of(widget) -> str:
    # Radio buttons and groups of boxes are selects in Django; their template has its own classes.
    # The parts of a field in several parts name theirs themselves.
    own = forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget
    if isinstance(widget, own) or widget.is_hidden:
        return ""
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    return "input"


class Renderer(TemplatesSetting):
    """`FORM_RENDERER`: our templates where there is one, else Django's."""

    bound_field_class = UiBoundField


class DayInput(forms.DateInput):
    """A day, chosen in the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and a time of day, in the reader's time zone."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MonthInput(forms.DateInput):
    """A month; give the field `input_formats=["%Y-%m"]`."""

    input_type = "month"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m")


class TelInput(forms.TextInput):
    input_type = "tel"


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
