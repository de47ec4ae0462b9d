"""Answers to an offer and to a return."""

from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.states import Role
from common.forms import DayInput
from handoff.forms.fields import sentences
from handoff.models import Handoff, ReturnReason
from handoff.states import Acknowledgement, ReturnKind


class ReturnForm(forms.Form):
    """Why a lead goes back: a reason of the agreed lists, words, and from when it would be welcome."""

    reason = forms.ModelChoiceField(
        ReturnReason.objects.none(),
        label=_("Reason"),
        error_messages={"required": _("Choose a reason.")},
    )
    note = sentences(_("The customer's words, what you found out"))
    revisit_on = forms.DateField(label=_("Offer it again from"), required=False, widget=DayInput())

    def __init__(self, *args, handoff: Handoff, **kwargs):
        super().__init__(*args, **kwargs)
        self.handoff = handoff
        self.fields["reason"].queryset = ReturnReason.objects.filter(retired_at=None)

    @property
    def groups(self):
        """(list, reasons) in the order of the agreement: "not a fit", then "not now"."""
        reasons = sorted(self.fields["reason"].queryset, key=lambda one: one.kind != "rejected")
        return [
            (ReturnKind(kind), list(found)) for kind, found in groupby(reasons, lambda r: r.kind)
        ]


class AcknowledgeForm(forms.Form):
    """The giver's answer to a return."""

    answer = forms.ChoiceField(
        label=_("What will you do?"),
        choices=Acknowledgement.choices,
        widget=forms.RadioSelect(attrs={"class": "choices--2"}),
        error_messages={"required": _("Say what you will do with the lead.")},
    )
    note = sentences(_("A word to the team that returned it"))


class WithdrawForm(forms.Form):
    """Taking back an offer."""

    reason = sentences(_("Why"), rows=2)


class ReassignForm(forms.Form):
    """Another person of the taking team, or its pool."""

    taker = forms.ModelChoiceField(User.objects.none(), label=_("Who takes it"), required=False)

    def __init__(self, *args, handoff: Handoff, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["taker"]
        field.queryset = (
            User.objects.active()
            .in_team(handoff.taker_team_id)
            .exclude(role=Role.ADMINISTRATOR)
            .select_related("team")
        )
        field.label_from_instance = lambda user: user.name
        field.initial = handoff.taker_id
        if handoff.state == "accepted":
            field.required, field.empty_label = True, None
        else:
            field.empty_label = pgettext_lazy("pool", "Anyone in the team")
