"""A lead on paper: written down, edited, given to somebody."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.sight import hidden_from
from accounts.states import TeamKind
from common.forms import DayInput, TelInput
from leads.forms.own import WithOwnFields
from leads.models import Campaign, Lead
from leads.states import PREFECTURES

# Nobody's company: what the editor saw is not what stood there when the page was made.
ANOTHER = -1

# What stands open in the form; the rest unfolds.
AT_FIRST = frozenset(
    {"company_name", "family_name", "given_name", "department", "title", "email", "phone"}
)


def _text(label, longest, **attrs):
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget)


class LeadForm(WithOwnFields):
    """A name and a company are enough to start."""

    company_name = _text(_("Company"), 200, list="company-names")
    family_name = _text(_("Family name"), 60)
    given_name = _text(_("Given name"), 60)
    family_kana = _text(_("Family name (kana)"), 60)
    given_kana = _text(_("Given name (kana)"), 60)
    department = _text(_("Department"), 100)
    title = _text(_("Title"), 100)
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False, widget=TelInput())
    mobile = forms.CharField(label=_("Mobile"), max_length=40, required=False, widget=TelInput())
    source_name = _text(_("Source"), 100, list="source-names")
    campaign = forms.ModelChoiceField(
        label=_("Campaign"),
        queryset=Campaign.objects.order_by("-starts_on", "-id"),
        required=False,
        empty_label="—",
    )
    captured_on = forms.DateField(
        label=_("Captured on"), required=False, widget=DayInput(), help_text=_("Empty: today.")
    )
    postal_code = _text(_("Postal code"), 10, inputmode="numeric")
    prefecture = forms.ChoiceField(
        label=_("Prefecture"), required=False, choices=[("", "—"), *((p, p) for p in PREFECTURES)]
    )
    address = _text(_("Address"), 300)
    external_id = _text(_("External id"), 100)

    columns = {"company_name": "company", "source_name": "source"}

    def __init__(self, *args, row: Lead | None = None, editor: User | None = None, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        if editor is not None and editor.is_partner:
            # What else is being done, and where leads come from, is not an agency's to see.
            del self.fields["campaign"], self.fields["source_name"]
            self._leave_out_hidden(hidden_from(editor))
        if row is not None:
            del self.fields["captured_on"]
            self._keep_foreign_prefecture(row)

    def _leave_out_hidden(self, hidden: frozenset[str]) -> None:
        for name in [one for one in self.fields if Lead.hidden_with([self.column(one)]) & hidden]:
            del self.fields[name]

    @property
    def more_is_open(self) -> bool:
        """Whether something stands, or is wrong, in the fields that are folded away at first."""
        folded = [name for name in self.fields if name not in AT_FIRST]
        return any(name in self.errors or self[name].value() for name in folded)

    def _keep_foreign_prefecture(self, row: Lead) -> None:
        # An imported value that is not in our list must not be lost by opening the form.
        if row.prefecture and row.prefecture not in PREFECTURES:
            self.fields["prefecture"].choices.append((row.prefecture, row.prefecture))

    def value_of(self, row, name):
        if name == "company_name":
            return row.company.name if row.company else ""
        if name == "source_name":
            return row.source.name if row.source else ""
        return None if name == "captured_on" else super().value_of(row, name)

    def clean(self):
        cleaned = super().clean()
        named = any(cleaned.get(name) for name in ("family_name", "given_name", "company_name"))
        reachable = any(cleaned.get(name) for name in ("email", "phone", "mobile", "external_id"))
        if not (named or reachable or self.errors):
            self.add_error("family_name", _("Write the name or the company at least."))
        return cleaned

    def kept(self, name, value):
        """What the editor saw as company is known by its name: the row's own, or another one."""
        if name in ("company_name", "source_name"):
            noun = name.removesuffix("_name")
            there = getattr(self.row, noun)
            same = (value or "") == (there.name if there else "")
            return self.row.serializable_value(noun) if same else ANOTHER
        return super().kept(name, value)

    def shown(self, name, value):
        if name in ("company_name", "source_name") and isinstance(value, int):
            model = type(self.row)._meta.get_field(self.column(name)).related_model
            found = model.objects.filter(pk=value).first()
            return found.name if found else ""
        return super().shown(name, value)


class AssignForm(forms.Form):
    """Who of marketing looks after these leads."""

    to = forms.ModelChoiceField(
        label=_("Looked after by"), queryset=User.objects.none(), empty_label=_("Choose …")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = (
            User.objects.active()
            .filter(team__kind=TeamKind.MARKETING, team__is_active=True)
            .select_related("team")
        )
        self.fields["to"].label_from_instance = lambda user: f"{user.name} ({user.team.name})"
