"""Filters of the lists: kept in the address, shared by every page that shows the same rows."""

import django_filters as df
from django import forms
from django.db.models import Exists, OuterRef
from django.forms import CheckboxInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from common.clock import page_now
from common.forms import DayInput, MonthInput
from handoff.models import Clock, Deal, DealStep, Handoff, Lane, LostReason, ReturnReason
from handoff.states import ReturnKind, State

# They would tell an agency who works here, and who else works for us.
NOT_FOR_PARTNERS = ("lane", "taker_team", "giver", "taker")


class FilterForm(forms.Form):
    """Nothing in a filter is required, so nothing says that it is optional."""

    marks_optional = False


def _any(kind):
    """A filter by choice whose first entry leaves the list as it is."""

    def made(**options):
        return kind(empty_label=pgettext_lazy("filter", "Any"), **options)

    return made


_Choice, _Row = _any(df.ChoiceFilter), _any(df.ModelChoiceFilter)


def _people(_request):
    return User.objects.active().exclude(team=None).select_related("team")


class PersonFilter(df.ModelChoiceFilter):
    """A person by name."""

    def __init__(self, **options):
        super().__init__(queryset=_people, empty_label=pgettext_lazy("filter", "Any"), **options)

    @property
    def field(self):
        field = super().field
        field.label_from_instance = lambda user: user.name
        return field


class HandoffFilter(df.FilterSet):
    """Handoffs by where they are, who is in it, when and whether late."""

    state = _Choice(choices=State.choices, label=_("State"))
    lane = _Row(queryset=Lane.objects.all(), label=_("Lane"))
    taker_team = _Row(queryset=Team.objects.all(), label=_("Receiving team"))
    giver = PersonFilter(label=_("Given by"))
    taker = PersonFilter(label=_("Received by"))
    reason = _Row(
        field_name="return_reason", queryset=ReturnReason.objects.all(), label=_("Return reason")
    )
    offered_from = df.DateFilter(
        field_name="offered_at", lookup_expr="date__gte", label=_("Offered from"), widget=DayInput()
    )
    offered_to = df.DateFilter(
        field_name="offered_at", lookup_expr="date__lte", label=_("Offered to"), widget=DayInput()
    )
    accepted_from = df.DateFilter(
        field_name="accepted_at",
        lookup_expr="date__gte",
        label=_("Accepted from"),
        widget=DayInput(),
    )
    closed_from = df.DateFilter(
        field_name="closed_at", lookup_expr="date__gte", label=_("Closed from"), widget=DayInput()
    )
    kind = _Choice(field_name="return_kind", choices=ReturnKind.choices, label=_("List of reasons"))
    late = df.BooleanFilter(method="only_late", label=_("Only late ones"), widget=CheckboxInput())

    class Meta:
        model = Handoff
        form = FilterForm
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.request is not None and self.request.user.is_partner:
            for name in NOT_FOR_PARTNERS:
                del self.filters[name]

    def only_late(self, rows, _name, value):
        """With a promise that runs and is past its time now."""
        late = Clock.objects.overdue(at=page_now()).filter(handoff=OuterRef("pk"))
        return rows.filter(Exists(late)) if value else rows


class DealFilter(df.FilterSet):
    """Deals by who, where and when."""

    owner = PersonFilter(label=_("Sales person"))
    team = _Row(queryset=Team.objects.all(), label=_("Team"))
    step = _Row(queryset=DealStep.objects.all(), label=_("Step"))
    month = df.DateFilter(
        field_name="expected_on",
        label=_("Expected month"),
        input_formats=["%Y-%m"],
        widget=MonthInput(),
    )
    reason = _Row(
        field_name="lost_reason", queryset=LostReason.objects.all(), label=_("Lost reason")
    )

    class Meta:
        model = Deal
        form = FilterForm
        fields: list[str] = []
