"""Deals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.states import TeamKind
from common.forms import DayInput, MonthInput, YenField
from handoff.forms.fields import sentences
from handoff.models import Deal, DealStep, LostReason


class DealForm(forms.Form):
    """Opening or editing a deal; people only once it exists."""

    marks_optional = False

    name = forms.CharField(label=_("Deal name"), required=False, max_length=120)
    amount = YenField(label=_("Amount (yen)"), required=False)
    step = forms.ModelChoiceField(DealStep.objects.all(), label=_("Step"), empty_label=None)
    probability = forms.IntegerField(
        label=_("Probability (%)"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Empty: what is usual for the step."),
    )
    expected_on = forms.DateField(
        label=_("Expected month"),
        required=False,
        input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=MonthInput(),
    )
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Sales person"))
    inside_sales = forms.ModelChoiceField(
        User.objects.none(), label=_("Inside sales"), required=False
    )

    def __init__(self, *args, deal: Deal | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if deal is None:
            del self.fields["owner"], self.fields["inside_sales"]
            return
        people = User.objects.active().select_related("team")
        self._people("owner", people.in_team(deal.team_id), deal.owner_id)
        inside = people.filter(team__kind=TeamKind.INSIDE_SALES)
        self._people("inside_sales", inside, deal.inside_sales_id)
        self.initial = {
            "name": deal.name,
            "amount": deal.amount,
            "step": deal.step_id,
            "probability": deal.probability,
            "expected_on": deal.expected_on,
            "owner": deal.owner_id,
            "inside_sales": deal.inside_sales_id,
        } | self.initial
        # Imported deals may have no owner: then nobody must be chosen for them here.
        self.fields["owner"].required = deal.owner_id is not None
        # Each field carries along what it showed: only what the reader changed is saved, and what
        # somebody else has changed meanwhile stays.
        for field in self.fields.values():
            field.show_hidden_initial = True

    def _people(self, name, people, kept):
        # Whoever is named now stays a choice, also after leaving the team.
        self.fields[name].queryset = people | User.objects.filter(pk=kept).select_related("team")
        self.fields[name].label_from_instance = lambda user: user.name

    @property
    def changes(self) -> dict:
        """What was sent and differs: the rest of the deal stays as somebody else may have set it."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class WinForm(forms.Form):
    """The customer said yes."""

    amount = YenField(label=_("Amount sold (yen)"), required=False)
    won_on = forms.DateField(label=_("Day of the order"), required=False, widget=DayInput())


class LoseForm(forms.Form):
    """The deal is lost: why, and whether marketing takes the lead up again."""

    reason = forms.ModelChoiceField(
        LostReason.objects.filter(retired_at=None),
        label=_("Why was it lost?"),
        widget=forms.RadioSelect(attrs={"class": "choices--2"}),
        empty_label=None,
        error_messages={"required": _("Choose why the deal was lost.")},
    )
    note = sentences(_("What can the others learn from it?"))
    recycle = forms.BooleanField(label=_("Back to marketing, to be nurtured"), required=False)


class CorrectForm(forms.Form):
    """A win entered by mistake."""

    why = sentences(_("Why is the win taken back?"), required=True)
