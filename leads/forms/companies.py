"""A company on paper."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import TelInput
from leads.forms.own import WithOwnFields
from leads.states import PREFECTURES


def _text(label, longest, *, required=False, **attrs):
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=longest, required=required, widget=widget)


class CountField(forms.IntegerField):
    """A number of people, also with separators: 1,200."""

    def to_python(self, value):
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)


class CompanyForm(WithOwnFields):
    """A name is enough."""

    name = _text(_("Company name"), 200, required=True)
    name_kana = _text(_("Company name (kana)"), 200)
    industry = _text(_("Industry"), 100, list="industry-names")
    employees = CountField(
        label=_("Employees"),
        required=False,
        min_value=0,
        max_value=10_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False, widget=TelInput())
    website = forms.URLField(
        label=_("Website"), max_length=200, required=False, assume_scheme="https"
    )
    domain = _text(_("Mail domain"), 200)
    corporate_number = forms.CharField(
        label=_("Corporate number"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    postal_code = _text(_("Postal code"), 10, inputmode="numeric")
    prefecture = forms.ChoiceField(
        label=_("Prefecture"), required=False, choices=[("", "—"), *((p, p) for p in PREFECTURES)]
    )
    address = _text(_("Address"), 300)
    is_competitor = forms.BooleanField(
        label=_("A competitor"),
        required=False,
        help_text=_("Their people never qualify by themselves, where the agreement says so."),
    )
    owner = forms.ModelChoiceField(
        label=_("Looked after by"), queryset=User.objects.none(), required=False, empty_label="—"
    )

    def __init__(self, *args, row=None, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["owner"].queryset = User.objects.active().exclude(team=None)
        self.fields["owner"].label_from_instance = lambda user: user.name
        if row is not None and row.prefecture and row.prefecture not in PREFECTURES:
            self.fields["prefecture"].choices.append((row.prefecture, row.prefecture))

    def clean(self):
        cleaned = super().clean()
        number = cleaned.get("corporate_number", "").replace("-", "").replace(" ", "")
        if number:
            try:
                RegexValidator(r"^\d{13}$", _("A corporate number has 13 digits."))(number)
                cleaned["corporate_number"] = number
            except forms.ValidationError as wrong:
                self.add_error("corporate_number", wrong)
        return cleaned
