"""What the board is narrowed by; kept in its address."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from leads.models import Campaign

_ANY = pgettext_lazy("filter", "Any")


class BoardForm(forms.Form):
    """Team, person, campaign: each optional. A partner chooses among the people of their team."""

    marks_optional = False

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False)
    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"), required=False)
    campaign = forms.ModelChoiceField(Campaign.objects.none(), label=_("Campaign"), required=False)

    def __init__(self, data, *, user):
        super().__init__(data)
        people = User.objects.active().exclude(team=None).select_related("team")
        teams = Team.objects.active().in_flow_order()
        if user.is_partner:
            people, teams = people.filter(team=user.team_id), teams.filter(pk=user.team_id)
            del self.fields["campaign"]
        else:
            self.fields["campaign"].queryset = Campaign.objects.order_by("-starts_on", "-pk")
        self.fields["team"].queryset, self.fields["person"].queryset = teams, people
        self.fields["person"].label_from_instance = lambda one: one.name
        for field in self.fields.values():
            field.empty_label = _ANY

    @property
    def wanted(self) -> dict:
        """The rows that were chosen; what the address names wrongly narrows nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in ("team", "person", "campaign")}
