"""Own fields in forms: one input per definition, checked by the one place that knows."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.forms import DayInput
from leads.actions.attributes import clean_attribute
from leads.forms.side_by_side import SideBySideForm
from leads.models import AttributeDefinition
from leads.states import AttributeType

OWN = "own_"


class WithOwnFields(SideBySideForm):
    """Adds the own fields in use; in `changes` and `seen` they are `attributes.<code>`."""

    def __init__(self, *args, own_fields: list[AttributeDefinition] = (), **kwargs):
        self.definitions = {OWN + one.code: one for one in own_fields}
        self.base_fields = self.base_fields | {
            name: field_for(one) for name, one in self.definitions.items()
        }
        super().__init__(*args, **kwargs)

    @property
    def own(self) -> list:
        """The bound own fields, for templates."""
        return [self[name] for name in self.definitions if name in self.fields]

    def column(self, name):
        one = self.definitions.get(name)
        return f"attributes.{one.code}" if one else super().column(name)

    def value_of(self, row, name):
        one = self.definitions.get(name)
        if one is None:
            return super().value_of(row, name)
        return self.shown(name, row.attributes.get(one.code))

    def clean(self):
        cleaned = super().clean()
        for name, one in self.definitions.items():
            if name in cleaned:
                try:
                    cleaned[name] = clean_attribute(one, cleaned[name])
                except ValidationError as wrong:
                    self.add_error(name, wrong)
        return cleaned

    def kept(self, name, value):
        one = self.definitions.get(name)
        return clean_attribute(one, value) if one else super().kept(name, value)

    def shown(self, name, value):
        if name in self.definitions and isinstance(value, bool):
            return "1" if value else "0"
        return super().shown(name, value)


def field_for(definition: AttributeDefinition) -> forms.Field:
    """The input for one own field."""
    label = str(definition)
    kind = AttributeType(definition.type)
    if kind == AttributeType.CHOICE:
        choices = [("", "—"), *((one, one) for one in definition.choices)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if kind == AttributeType.YES_NO:
        choices = [("", "—"), ("1", _("Yes")), ("0", _("No"))]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if kind == AttributeType.DATE:
        return forms.DateField(label=label, required=False, widget=DayInput())
    attrs = {"inputmode": "decimal"} if kind == AttributeType.NUMBER else {}
    return forms.CharField(
        label=label, required=False, max_length=500, widget=forms.TextInput(attrs=attrs)
    )
