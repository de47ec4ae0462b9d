"""The customer asked to wait: why, and until when."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DayInput
from handoff.forms.fields import sentences
from handoff.states import PauseReason


class PauseForm(forms.Form):
    """The clocks go on when work begins on the day chosen."""

    marks_optional = False

    reason = forms.ChoiceField(
        label=_("What did the customer say?"),
        choices=PauseReason.choices,
        initial=PauseReason.ASKED_TO_WAIT,
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=_("Until"),
        widget=DayInput(),
        error_messages={"required": _("Choose a day: without one nothing rests.")},
    )
    note = sentences(_("In their words"), rows=2, longest=300)
