"""Offering leads: where to, to whom, and what the giver adds."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handoff.forms.fields import sentences
from handoff.models import Lane

POOL, PERSON, RULES = "pool", "person", "rules"


class OfferForm(forms.Form):
    """One lead or many. `lanes` are (lane, next team, people of it) the leads may travel."""

    lane = forms.ModelChoiceField(
        Lane.objects.none(), label=_("Lane"), error_messages={"required": _("Choose a lane.")}
    )
    to = forms.ChoiceField(
        label=_("Who receives it"),
        choices=[
            (POOL, pgettext_lazy("pool", "Anyone in the team")),
            (PERSON, _("One person")),
            (RULES, _("By the rules")),
        ],
        initial=POOL,
    )
    taker = forms.ChoiceField(label=_("Person"), required=False)
    # A blank placeholder tells the style sheet that nothing is typed: the nine items tick by it.
    why_now = sentences(_("Why now"), rows=2, cls="textarea--sm", longest=500, placeholder=" ")
    next_step = forms.CharField(
        label=_("Suggested next step"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": " "}),
    )
    note = sentences(
        _("A note to the taker"),
        rows=2,
        cls="textarea--sm",
        placeholder=_("For example: what moves this person, whom to invite"),
    )
    unchanged_because = sentences(_("Why offer it again unchanged?"), rows=2, cls="textarea--sm")

    def __init__(self, *args, lanes, many: bool, again: bool, by_rules: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.lanes = lanes
        self.fields["lane"].queryset = Lane.objects.filter(
            pk__in=[lane.pk for lane, _team, _people in lanes]
        )
        self.people = {str(user.pk): user for _lane, _team, people in lanes for user in people}
        self.fields["taker"].choices = [("", "")] + [(pk, pk) for pk in self.people]
        # The first lane is the usual one; another is chosen in sight of it.
        self.fields["lane"].initial = lanes[0][0].pk if lanes else None
        if many:
            del self.fields["why_now"], self.fields["next_step"]
        if not again:
            del self.fields["unchanged_because"]
        if not by_rules:
            self.fields["to"].choices = self.fields["to"].choices[:2]

    def clean(self):
        data = super().clean()
        if data.get("to") == PERSON and not data.get("taker"):
            self.add_error("taker", _("Choose who receives it."))
        return data

    @property
    def by_rules(self) -> bool:
        """Whether the plan in force says to whom, whatever lane is chosen above."""
        return self.cleaned_data["to"] == RULES

    @property
    def person(self):
        """Who is named, or None for the pool."""
        data = self.cleaned_data
        return self.people[data["taker"]] if data["to"] == PERSON else None
