"""How forms look: fields get the classes of the design; the markup is in templates/django/forms."""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting


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
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple) or widget.is_hidden:
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
