"""A routing rule as a form: its name and target, its conditions, and the shares of who takes turns."""

import re
from datetime import date
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.states import Role
from common.forms import DayInput
from handoff.models import Lane, RoutingRule
from handoff.routing.aspects import ALONE, Aspect
from handoff.routing.conditions import Op
from handoff.states import RouteTo
from leads.states import AttributeType

OPERATOR_WORDS = {
    Op.IN: pgettext_lazy("operator", "is"),
    Op.NOT_IN: pgettext_lazy("operator", "is not"),
    Op.CONTAINS: pgettext_lazy("operator", "contains"),
    Op.AT_LEAST: pgettext_lazy("operator", "at least"),
    Op.AT_MOST: pgettext_lazy("operator", "at most"),
    Op.FROM: pgettext_lazy("operator", "on or after"),
    Op.UNTIL: pgettext_lazy("operator", "on or before"),
    Op.YES: pgettext_lazy("operator", "yes"),
    Op.NO: pgettext_lazy("operator", "no"),
    Op.FILLED: pgettext_lazy("operator", "is known"),
    Op.EMPTY: pgettext_lazy("operator", "is not known"),
}


class RuleForm(forms.Form):
    """Name, lane and target of a rule. Whom it names is wanted where it names somebody."""

    marks_optional = False

    name = forms.CharField(label=_("Name"), max_length=80)
    lane = forms.ModelChoiceField(
        Lane.objects.filter(is_active=True), label=_("Lane"), empty_label=None
    )
    to = forms.ChoiceField(
        label=pgettext_lazy("rule", "Goes to"), choices=RouteTo.choices, initial=RouteTo.POOL
    )
    person = forms.ChoiceField(label=_("Person"), required=False)

    def __init__(self, *args, people: list[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        names = [(str(one.pk), f"{one.name} · {one.team.name}") for one in people]
        self.fields["person"].choices = [("", "—"), *names]

    def clean_person(self):
        return self.people.get(self.cleaned_data["person"])


class ConditionForm(forms.Form):
    """One condition; what can be said and typed follows what it is about. Blank: no condition."""

    about = forms.ChoiceField(label=pgettext_lazy("rule", "About"), required=False)

    def __init__(self, *args, known: dict[str, Aspect], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [("", _("No condition")), *_grouped(known.values())]
        self.aspect = known.get(self["about"].value())
        if self.aspect:
            self.fields["operator"] = forms.ChoiceField(
                label=pgettext_lazy("rule", "How"),
                choices=[(op.value, OPERATOR_WORDS[op]) for op in self.aspect.operators],
                required=False,
            )
            if self.aspect.type != AttributeType.YES_NO:
                self.fields["value"] = _value_field(self.aspect)
                _put_chosen_first(self.fields["value"], self["value"].value())

    def clean(self):
        data = super().clean()
        self.condition = None
        if self.aspect is None:
            return data
        operator = data.get("operator") or self.aspect.operators[0]
        self.condition = {"about": self.aspect.code, "operator": str(operator)}
        if Op(operator) not in ALONE and not self.errors:
            value = _kept(self.aspect, Op(operator), data.get("value"))
            if value in (None, "", []):
                self.add_error("value", _("Say with what it is compared."))
            self.condition["value"] = value
        return data


def _grouped(found):
    return [
        (group, [(one.code, one.label) for one in ones])
        for group, ones in groupby(found, key=lambda one: str(one.group))
    ]


def _value_field(aspect: Aspect) -> forms.Field:
    label = _("Value")
    if aspect.type == AttributeType.NUMBER:
        return forms.FloatField(label=label, required=False, min_value=0, max_value=10**12)
    if aspect.type == AttributeType.DATE:
        return forms.DateField(label=label, required=False, widget=DayInput())
    if aspect.type == AttributeType.CHOICE:
        return forms.MultipleChoiceField(
            label=label,
            required=False,
            choices=[(str(kept), name) for kept, name in aspect.choices],
            widget=forms.CheckboxSelectMultiple,
        )
    hint = _("Several words: separate them by commas")
    return forms.CharField(
        label=label, required=False, max_length=300, widget=forms.TextInput({"placeholder": hint})
    )


def _put_chosen_first(field: forms.Field, chosen) -> None:
    """Of a long list what is ticked stands at the top."""
    if isinstance(field, forms.MultipleChoiceField):
        ticked = {str(one) for one in chosen or ()}
        field.choices = sorted(field.choices, key=lambda choice: choice[0] not in ticked)


def _kept(aspect: Aspect, operator: Op, value):
    """The value as a condition keeps it."""
    if aspect.type == AttributeType.CHOICE:
        return [kept for kept, _name in aspect.choices if str(kept) in (value or ())]
    if aspect.type == AttributeType.TEXT:
        return [word for one in re.split(r"[,、，]", value or "") if (word := one.strip())]
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def condition_forms(known, *, data=None, rule: RoutingRule | None = None) -> list[ConditionForm]:
    """The rows of conditions: as sent, else those of the rule and an empty one."""
    if data is not None:
        keys = [key for key in data.getlist("row") if re.fullmatch(r"c\w{1,12}", key)]
        return [ConditionForm(data, prefix=key, known=known) for key in keys]
    rows = rule.conditions if rule else []
    forms_ = [
        ConditionForm(initial=_initial(row), prefix=f"c{number}", known=known)
        for number, row in enumerate(rows)
    ]
    return [*forms_, ConditionForm(prefix=f"c{len(rows)}", known=known)]


def _initial(condition: dict) -> dict:
    value = condition.get("value")
    if isinstance(value, list) and condition["operator"] in (Op.IN, Op.NOT_IN, Op.CONTAINS):
        words = [str(one) for one in value]
        # A list of words is typed with commas; a choice among known ones is a list.
        value = _Words(words)
    return {**condition, "value": value}


class _Words(list):
    """Words of a condition: a list for boxes, one line for a text field."""

    def __str__(self):
        return ", ".join(self)


class SharesForm(forms.Form):
    """Who takes turns: for each person whether, with which weight, and how many open leads at most."""

    def __init__(self, *args, people: list[User], rule: RoutingRule | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people
        had = {share.person_id: share for share in rule.shares.all()} if rule else {}
        for one in people:
            share = had.get(one.pk)
            self.fields[f"on-{one.pk}"] = forms.BooleanField(
                label=one.name, required=False, initial=share is not None
            )
            self.fields[f"weight-{one.pk}"] = forms.IntegerField(
                label=_("Weight"), required=False, min_value=1, max_value=99,
                initial=share.weight if share else 1,
            )  # fmt: skip
            self.fields[f"cap-{one.pk}"] = forms.IntegerField(
                label=_("Open leads at most"), required=False, min_value=0, max_value=9999,
                initial=share.cap if share else None,
            )  # fmt: skip

    @property
    def teams(self):
        """[(team, rows of its people)] for the page."""
        rows = [(one, *(self[f"{name}-{one.pk}"] for name in NAMES)) for one in self.people]
        return [
            (team, list(found)) for team, found in groupby(rows, key=lambda row: row[0].team.name)
        ]

    @property
    def chosen(self) -> list[tuple[User, int, int | None]]:
        data = self.cleaned_data
        return [
            (one, data.get(f"weight-{one.pk}") or 1, data.get(f"cap-{one.pk}"))
            for one in self.people
            if data.get(f"on-{one.pk}")
        ]


NAMES = ("on", "weight", "cap")


def takers() -> list[User]:
    """Everybody a rule may name: active people of teams a lane begins with. One query."""
    rows = User.objects.active().exclude(role=Role.ADMINISTRATOR)
    first = Lane.objects.filter(is_active=True, legs__position=0).values("legs__taker")
    return list(
        rows.filter(team__in=first, team__is_active=True)
        .select_related("team")
        .order_by("team", "family_name", "given_name", "pk")
    )
