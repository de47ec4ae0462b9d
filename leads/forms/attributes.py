"""Own fields on paper."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.states import AttributeOf, AttributeType


class AttributeForm(forms.Form):
    """How an own field is called, and what may be chosen in it."""

    name = forms.CharField(label=_("Name (Japanese)"), max_length=60)
    name_en = forms.CharField(label=_("Name (English)"), max_length=60, required=False)
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One per line; only for the type “Choice”."),
    )

    def clean_choices(self) -> list[str]:
        return self.cleaned_data["choices"].splitlines()


class NewAttributeForm(AttributeForm):
    """Code and type are for good: values, imports and exports hang on them."""

    of = forms.ChoiceField(label=_("Of"), choices=AttributeOf.choices)
    code = forms.RegexField(
        r"^[a-z][a-z0-9_]*$",
        label=_("Code"),
        max_length=40,
        error_messages={"invalid": _("Small letters, digits and _ only.")},
        help_text=_("Used in imports and exports; cannot be changed later."),
    )
    type = forms.ChoiceField(label=_("Type"), choices=AttributeType.choices)

    field_order = ["of", "name", "name_en", "code", "type", "choices"]
