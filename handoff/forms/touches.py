"""What happened with a lead, in under ten seconds: outcome, words, what was heard, what is next."""

from datetime import datetime, time
from secrets import token_urlsafe

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.forms import DayInput, MomentInput
from handoff.forms.fields import sentences
from handoff.forms.hearing import HearingForm
from leads.states import Direction, TouchKind, TouchResult

KINDS = (
    (
        _("We reached out"),
        (TouchKind.CALL, TouchKind.MAIL_SENT, TouchKind.WEB_MEETING, TouchKind.VISIT_IN_PERSON,
         TouchKind.HEARING, TouchKind.CHAT),
    ),
    (
        _("They came to us"),
        (TouchKind.MAIL_RECEIVED, TouchKind.FORM, TouchKind.QUESTION, TouchKind.DOWNLOAD,
         TouchKind.VISIT, TouchKind.MAIL_OPENED, TouchKind.MAIL_CLICKED, TouchKind.AD),
    ),
    (
        _("We met"),
        (TouchKind.EXHIBITION, TouchKind.CARD, TouchKind.SEMINAR_REGISTERED,
         TouchKind.SEMINAR_ATTENDED),
    ),
    (_("For ourselves"), (TouchKind.NOTE,)),
)  # fmt: skip

_SPOKEN = (TouchResult.REACHED, TouchResult.NO_ANSWER, TouchResult.ABSENT, TouchResult.LEFT_MESSAGE)
_VERDICT = (TouchResult.INTERESTED, TouchResult.DEMO, TouchResult.NOT_INTERESTED)
RESULTS = {
    TouchKind.CALL: _SPOKEN + _VERDICT,
    TouchKind.CHAT: (TouchResult.REACHED, *_VERDICT),
    TouchKind.MAIL_SENT: (TouchResult.BOUNCED, TouchResult.UNSUBSCRIBED),
    TouchKind.NOTE: (),
    TouchKind.MAIL_OPENED: (),
    TouchKind.MAIL_CLICKED: (),
    TouchKind.VISIT: (),
}
SHOWN = (*_SPOKEN, *_VERDICT, TouchResult.BOUNCED, TouchResult.UNSUBSCRIBED)
# What a call is logged with by one tap.
QUICK = (
    TouchResult.REACHED, TouchResult.NO_ANSWER, TouchResult.ABSENT, TouchResult.LEFT_MESSAGE
)  # fmt: skip
NEXT_KINDS = (
    TouchKind.CALL,
    TouchKind.MAIL_SENT,
    TouchKind.WEB_MEETING,
    TouchKind.VISIT_IN_PERSON,
)
# So many unheard things are shown; the others are folded.
UNHEARD_SHOWN = 4
# A thing to do "on the 26th" is due at the end of that working day.
DUE_HOUR = time(18)


def results_of(kind: str) -> tuple:
    """Which outcomes a touch of `kind` can have."""
    return RESULTS.get(kind, _VERDICT)


def _kind_choices():
    return [(group, [(kind.value, kind.label) for kind in kinds]) for group, kinds in KINDS]


class TouchForm(HearingForm):
    """One touch with what came of it."""

    marks_optional = False

    kind = forms.ChoiceField(label=_("What was it?"), choices=_kind_choices)
    result = forms.ChoiceField(
        label=_("How did it go?"),
        required=False,
        choices=[("", ""), *((one.value, one.label) for one in SHOWN)],
    )
    # A button that logs at once: its outcome is the one that counts.
    quick = forms.ChoiceField(
        required=False, choices=[("", ""), *((one.value, one.label) for one in QUICK)]
    )
    inbound = forms.BooleanField(label=_("They contacted us"), required=False)
    words = sentences(_("What was said"), rows=2, cls="textarea--sm")
    at = forms.DateTimeField(label=_("When"), required=False, widget=MomentInput())
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=1440)
    question = sentences(
        _("What they asked"),
        rows=1,
        cls="textarea--line",
        placeholder=_("Unless it is answered, it gets a deadline"),
    )
    next_what = forms.CharField(label=_("What is next"), required=False, max_length=300)
    next_kind = forms.ChoiceField(
        label=pgettext_lazy("next step", "How"),
        required=False,
        choices=[(kind.value, kind.label) for kind in NEXT_KINDS],
    )
    next_on = forms.DateField(
        label=pgettext_lazy("next step", "By"), required=False, widget=DayInput()
    )
    promised = forms.BooleanField(label=_("We promised them this"), required=False)
    # Names this one form that was shown: sent twice, it is one touch.
    once = forms.CharField(
        required=False, max_length=32, widget=forms.HiddenInput, initial=lambda: token_urlsafe(12)
    )

    def clean(self):
        data = super().clean()
        if data.get("quick"):
            data["result"] = data["quick"]
        if data.get("result") and data["result"] not in results_of(data.get("kind", "")):
            # Chosen for another kind before the kind was changed.
            data["result"] = ""
        self._refuse_silent_call(data)
        if data.get("next_what") and not data.get("next_on") and not self.errors.get("next_on"):
            self.add_error("next_on", _("By when?"))
        return data

    def _refuse_silent_call(self, data) -> None:
        """An empty call would still stop the clock of the first contact."""
        said = (data.get(name) for name in ("result", "words", "question", "next_on"))
        heard = (data.get(name) for name in data if name.startswith(("fact_", "asked_")))
        if data.get("kind") == TouchKind.CALL and not (any(said) or any(heard) or self.errors):
            self.add_error("result", _("Say how the call went, or what was said."))

    @property
    def has_more(self) -> bool:
        """Whether something was typed into what is folded away at first."""
        return any(line.input.value() for line in self.unheard[UNHEARD_SHOWN:])

    @property
    def direction(self) -> str:
        return Direction.INBOUND if self.cleaned_data["inbound"] else ""

    @property
    def next_due(self) -> datetime | None:
        """The end of the working day of the next step, or None where nothing is next."""
        day = self.cleaned_data["next_on"]
        return timezone.make_aware(datetime.combine(day, DUE_HOUR)) if day else None

    @property
    def next_words(self) -> str:
        """What is next, or how, where only a day was chosen."""
        kind = self.cleaned_data["next_kind"] or TouchKind.CALL
        return self.cleaned_data["next_what"].strip() or str(TouchKind(kind).label)


class QuestionForm(forms.Form):
    """Something the lead asked."""

    text = sentences(_("Question"), required=True)


class AnswerForm(forms.Form):
    """Our answer."""

    answer = sentences(_("Answer"), required=True)
