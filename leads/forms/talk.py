"""What was said and is owed: comments, facts, consents, follow-ups."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.sight import hidden
from common.forms import DayInput
from leads.states import Channel, FactField, TouchKind

# Kinds of touch by which somebody does what they promised.
STEPS = (
    TouchKind.CALL,
    TouchKind.MAIL_SENT,
    TouchKind.WEB_MEETING,
    TouchKind.VISIT_IN_PERSON,
    TouchKind.NOTE,
)


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 1}),
        error_messages={"required": _("Write the comment first.")},
    )


class FactForm(forms.Form):
    """One answer of the lead. `seen` is the answer that stood there when the form was opened."""

    field = forms.ChoiceField(label=_("About"), choices=FactField.choices)
    label = forms.CharField(
        label=_("What it is about"),
        max_length=60,
        required=False,
        help_text=_("Only for “Other”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    value = forms.CharField(
        label=_("Their answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        error_messages={"required": _("Write the answer first.")},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput(), strip=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        shown = [one for one in FactField.choices if f"fact_{one[0]}" not in hidden()]
        self.fields["field"].choices = shown


class ConsentForm(forms.Form):
    """A word on one channel, with how we know."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    granted = forms.TypedChoiceField(
        label=_("What they said"),
        choices=[("1", _("Allowed")), ("0", _("Forbidden"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect(),
        initial="1",
    )
    evidence = forms.CharField(
        label=_("How we know"),
        max_length=300,
        help_text=_("Such as: box ticked on the seminar form, or said on the phone."),
        error_messages={"required": _("Say how we know it.")},
    )
    on = forms.DateField(
        label=_("On"), required=False, widget=DayInput(), help_text=_("Empty: now.")
    )

    def clean_on(self):
        """The start of the day: what was said later today still comes after it."""
        return _at(self.cleaned_data["on"], time()) if self.cleaned_data["on"] else None


class FollowUpForm(forms.Form):
    """What somebody does for the lead by when."""

    what = forms.CharField(
        label=_("What"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        error_messages={"required": _("Say what is to be done.")},
    )
    kind = forms.ChoiceField(label=_("How"), choices=[(one.value, one.label) for one in STEPS])
    on = forms.DateField(label=_("On"), widget=DayInput())
    by_time = forms.TimeField(
        label=_("At"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Empty: by the end of the day."),
    )
    owner = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.none(), empty_label=None)
    promised = forms.BooleanField(label=_("Promised to them"), required=False)

    def __init__(self, *args, planner: User, **kwargs):
        super().__init__(*args, initial={"owner": planner.pk}, **kwargs)
        people = User.objects.active().exclude(team=None).select_related("team")
        if planner.is_partner:
            people = people.filter(team=planner.team)
        self.fields["owner"].queryset = people
        self.fields["owner"].label_from_instance = lambda user: user.name

    @property
    def due_at(self) -> datetime:
        return _at(self.cleaned_data["on"], self.cleaned_data.get("by_time") or time(23, 59))


class PostponeForm(forms.Form):
    """Another day for a follow-up."""

    on = forms.DateField(label=_("On"), widget=DayInput(attrs={"autofocus": True}))
    by_time = forms.TimeField(
        label=_("At"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Empty: by the end of the day."),
    )

    @property
    def due_at(self) -> datetime:
        return _at(self.cleaned_data["on"], self.cleaned_data.get("by_time") or time(23, 59))


def _at(day, hour: time) -> datetime:
    """That time of the day where the reader is."""
    return datetime.combine(day, hour, timezone.get_current_timezone())
