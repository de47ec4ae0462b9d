"""Answers to an offer and to a return."""

from collections.abc import Sequence
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.states import Role
from common.forms import DayInput
from handoff.actions import Condition
from handoff.actions.returns import NEEDS_WORDS
from handoff.forms.fields import sentences
from handoff.models import Handoff, ReturnReason
from handoff.states import Acknowledgement, ConditionKind, ReturnKind
from leads.states import FactField, TouchKind, TouchResult

# What people wait for from a lead; what we do ourselves is no condition.
THEIR_TOUCHES = (
    TouchKind.MAIL_RECEIVED,
    TouchKind.FORM,
    TouchKind.CALL,
    TouchKind.DOWNLOAD,
    TouchKind.VISIT,
    TouchKind.SEMINAR_REGISTERED,
    TouchKind.SEMINAR_ATTENDED,
    TouchKind.EXHIBITION,
    TouchKind.WEB_MEETING,
    TouchKind.VISIT_IN_PERSON,
    TouchKind.CHAT,
)
THEIR_RESULTS = (TouchResult.DEMO, TouchResult.INTERESTED, TouchResult.REACHED)
KINDS = (ConditionKind.DATE, ConditionKind.FACT, ConditionKind.TOUCH)
# The condition one usually means with a reason: (kind, the fact or touch); a fact without a name is
# the first that is not known yet.
USUAL = {
    "too_early": (ConditionKind.DATE, ""),
    "no_budget": (ConditionKind.FACT, FactField.BUDGET),
    "too_little_known": (ConditionKind.FACT, ""),
    "not_the_one": (ConditionKind.FACT, FactField.AUTHORITY),
    "unreachable": (ConditionKind.TOUCH, TouchKind.MAIL_RECEIVED),
}


def _named(codes) -> list[tuple[str, str]]:
    return [(code.value, code.label) for code in codes]


class ReturnForm(forms.Form):
    """Why a lead goes back: a reason of the agreed lists, words, and what would make it welcome again.

    `unheard` are the facts nobody has heard, in the order they are asked: nothing known is waited for.
    """

    reason = forms.ModelChoiceField(
        ReturnReason.objects.none(),
        label=_("Reason"),
        error_messages={"required": _("Choose a reason.")},
    )
    note = sentences(_("The customer's words, what you found out"))
    wants = forms.ChoiceField(
        label=_("When do you want it back?"),
        choices=[("", _("Marketing decides")), *_named(KINDS)],
        required=False,
    )
    fact = forms.ChoiceField(
        label=_("What must be known"),
        choices=[("", pgettext_lazy("select", "Choose")), *FactField.choices],
        required=False,
    )
    label = forms.CharField(label=_("What it is about"), max_length=60, required=False)
    touch = forms.ChoiceField(
        label=_("What they must do"),
        choices=[("", pgettext_lazy("select", "Choose")), *_named(THEIR_TOUCHES)],
        required=False,
    )
    result = forms.ChoiceField(
        label=_("With which result"),
        choices=[("", pgettext_lazy("result", "Any result")), *_named(THEIR_RESULTS)],
        required=False,
    )
    revisit_on = forms.DateField(label=_("Day"), required=False, widget=DayInput())
    words = forms.CharField(
        label=_("In your own words"),
        max_length=300,
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": _("For example: when next year's budget is fixed")}
        ),
    )

    def __init__(self, *args, handoff: Handoff, unheard: Sequence[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.handoff, self.unheard = handoff, unheard
        self.fields["reason"].queryset = ReturnReason.objects.filter(retired_at=None)

    @property
    def groups(self):
        """(list, reasons) in the order of the agreement: "not a fit", then "not now". A reason knows
        what one usually waits for with it, whether it wants words, and whether it goes past the
        team before."""
        reasons = sorted(self.fields["reason"].queryset, key=lambda one: one.kind != "rejected")
        for reason in reasons:
            reason.usual, reason.usual_thing = self._usual(reason.code)
            reason.needs_words = reason.code in NEEDS_WORDS
            reason.goes_further = reason.to_marketing and self.handoff.previous_leg_id is not None
        return [
            (ReturnKind(kind), list(found)) for kind, found in groupby(reasons, lambda r: r.kind)
        ]

    def _usual(self, code: str) -> tuple[str, str]:
        kind, thing = USUAL.get(code, ("", ""))
        if kind != ConditionKind.FACT:
            return kind, thing
        asked = [field for field in self.unheard if thing in ("", field)]
        return (kind, asked[0]) if asked else ("", "")

    def clean(self):
        """What the verb takes: the condition in one piece."""
        data = super().clean()
        wanted = Condition(
            data.get("wants", ""),
            field=data.get("fact", "") if data.get("wants") == ConditionKind.FACT else "",
            label=data.get("label", "") if data.get("fact") == FactField.OTHER else "",
            touch_kind=data.get("touch", "") if data.get("wants") == ConditionKind.TOUCH else "",
            touch_result=data.get("result", "") if data.get("wants") == ConditionKind.TOUCH else "",
            words=data.get("words", ""),
        )
        taken = {name: data[name] for name in ("reason", "note", "revisit_on") if name in data}
        return taken | {"condition": wanted if wanted.kind else None}


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
