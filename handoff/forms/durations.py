"""Lengths of business time as people say them: a number and a unit."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from handoff.models import Terms

MINUTES, HOURS, DAYS = "minutes", "hours", "days"
UNITS = [(MINUTES, _("minutes")), (HOURS, _("hours")), (DAYS, _("working days"))]


class DurationInput(forms.MultiWidget):
    """A number and its unit beside each other."""

    template_name = "handoff/widgets/duration.html"
    day_minutes = Terms.day_minutes

    def __init__(self, attrs=None):
        number = forms.NumberInput(
            attrs={
                "class": "input",
                "min": "0",
                "step": "any",
                "inputmode": "decimal",
                "aria-label": _("How long"),
            }
        )
        unit = forms.Select(choices=UNITS, attrs={"class": "select", "aria-label": _("Unit")})
        super().__init__({"number": number, "unit": unit}, attrs)

    def decompress(self, value):
        """Minutes in the largest unit that has a whole number of them."""
        if value is None:
            return [None, HOURS]
        for minutes, unit in ((self.day_minutes, DAYS), (60, HOURS)):
            if value and value % minutes == 0:
                return [value // minutes, unit]
        return [value, MINUTES]


class DurationField(forms.MultiValueField):
    """Business minutes, typed as so many minutes, hours or working days."""

    widget = DurationInput
    day_minutes = Terms.day_minutes
    default_error_messages = {"invalid": _("Write a number, such as 8 or 1.5.")}

    def __init__(self, **options):
        number = forms.DecimalField(
            min_value=0,
            max_value=200_000,
            max_digits=9,
            decimal_places=2,
            error_messages={
                "invalid": self.default_error_messages["invalid"],
                "required": _("Write a number, such as 8 or 1.5."),
            },
        )
        fields = (number, forms.ChoiceField(choices=UNITS))
        super().__init__(fields, require_all_fields=True, **options)

    def count_days_of(self, minutes: int) -> None:
        """Read and show working days of so many business minutes."""
        self.day_minutes = self.widget.day_minutes = minutes

    def compress(self, parts):
        if not parts:
            return None
        number, unit = parts
        minutes = {MINUTES: 1, HOURS: 60, DAYS: self.day_minutes}[unit]
        return round(Decimal(number) * minutes)
