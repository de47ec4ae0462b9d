"""A campaign on paper, and who is put on its list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import DayInput, YenField
from leads.forms.side_by_side import SideBySideForm
from leads.models import Campaign
from leads.states import CampaignKind, MemberStatus


class CampaignForm(SideBySideForm):
    """What marketing does, when, for how much, and what it hopes for."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=CampaignKind.choices)
    starts_on = forms.DateField(label=_("Starts on"), required=False, widget=DayInput())
    ends_on = forms.DateField(label=_("Ends on"), required=False, widget=DayInput())
    cost = YenField(label=_("Cost"), required=False, help_text=_("In yen: 3,000,000 or 300万."))
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label="—"
    )
    plan = forms.CharField(
        label=_("Plan"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whom it is for, what they get, and what you expect of it."),
    )
    result = forms.CharField(
        label=_("Result"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you would do again, and what not."),
    )

    def __init__(self, *args, row=None, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["owner"].queryset = User.objects.active().exclude(team=None)
        self.fields["owner"].label_from_instance = lambda user: user.name

    def clean(self):
        cleaned = super().clean()
        if "cost" in cleaned:
            cleaned["cost"] = cleaned["cost"] or 0
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("A campaign cannot end before it starts."))
        return cleaned


class MembersForm(forms.Form):
    """Which campaign reached these leads, and how far they went with it."""

    campaign = forms.ModelChoiceField(
        label=_("Campaign"),
        queryset=Campaign.objects.order_by("-starts_on", "-id"),
        empty_label=_("Choose …"),
    )
    status = forms.ChoiceField(
        label=_("How far they went"), choices=MemberStatus.choices, initial=MemberStatus.RESPONDED
    )
