"""What is heard in a conversation: what is unheard first, and what became of asking for the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.sight import hidden
from leads.actions.facts import LONGEST
from leads.actions.hearings import Heard
from leads.models import Fact, HearingSheet
from leads.states import Asked, FactField


@dataclass(frozen=True)
class Item:
    """One thing a sheet asks for, with the answer we have."""

    field: str
    label: str
    hint: str = ""
    fact: Fact | None = None

    @property
    def name(self) -> str:
        """Of its input. A word of one's own may hold anything, so its checksum stands for it."""
        own = f"_{crc32(self.label.encode()):08x}" if self.field == FactField.OTHER else ""
        return f"fact_{self.field}{own}"

    @property
    def words(self) -> str:
        return self.label or str(FactField(self.field).label)


@dataclass(frozen=True)
class Line:
    """An item as the page shows it: its input, and the choice between the three ways of asking."""

    item: Item
    input: forms.BoundField
    asked: forms.BoundField | None = None

    @property
    def fact(self) -> Fact | None:
        return self.item.fact


def items_of(sheet: HearingSheet, known: Iterable[Fact]) -> list[Item]:
    """The items of `sheet` in its order, then whatever else is known. What a partner's seat hides
    is not theirs to ask."""
    answers = {(fact.field, fact.label): fact for fact in known}
    found = [
        Item(
            row["field"], row["label"], row["hint"], answers.pop((row["field"], row["label"]), None)
        )
        for row in sheet.items
    ]
    order = {code: place for place, code in enumerate(FactField.values)}
    rest = sorted(answers.values(), key=lambda fact: (order[fact.field], fact.at))
    found += [Item(fact.field, fact.label, fact=fact) for fact in rest]
    return [item for item in found if f"fact_{item.field}" not in hidden()]


class HearingForm(forms.Form):
    """The answers of one conversation, by the sheet of the team that has it."""

    def __init__(self, *args, sheet: HearingSheet, known: Iterable[Fact], **kwargs):
        """`known`: the current facts of the lead, with who heard them."""
        super().__init__(*args, **kwargs)
        self.items = items_of(sheet, known)
        for item in self.items:
            self.fields[item.name] = forms.CharField(
                label=item.words, required=False, max_length=LONGEST
            )
            if item.fact:
                self.fields[f"asked_{item.fact.pk}"] = forms.ChoiceField(
                    label=item.words, required=False, choices=[("", ""), *Asked.choices]
                )

    def clean(self):
        data = super().clean()
        for item in self.items:
            if _asked(item, data) == Asked.CHANGED and not data.get(item.name, "").strip():
                self.add_error(item.name, _("Write the new answer."))
        if self._is_out_of_date():
            words = _("What is known has changed meanwhile. Look at it before you go on.")
            self.add_error(None, words)
            self.too_late = True
        return data

    def _is_out_of_date(self) -> bool:
        """Whether something was answered that this form does not ask any more."""
        return any(
            name.startswith(("fact_", "asked_")) and name not in self.fields and value
            for name, value in self.data.items()
        )

    @property
    def unheard(self) -> list[Line]:
        return [Line(item, self[item.name]) for item in self.items if item.fact is None]

    @property
    def known(self) -> list[Line]:
        return [
            Line(item, self[item.name], self[f"asked_{item.fact.pk}"])
            for item in self.items
            if item.fact
        ]

    @property
    def was_asked(self) -> bool:
        """Whether something was said about what we know: then it is not folded away."""
        return any(line.asked.value() or line.input.value() for line in self.known)

    @property
    def heard(self) -> list[Heard]:
        """What `log_contact` keeps of a valid form."""
        return [one for item in self.items if (one := self._heard(item))]

    def _heard(self, item: Item) -> Heard | None:
        value = self.cleaned_data[item.name].strip()
        outcome = _asked(item, self.cleaned_data)
        label = item.label if item.field == FactField.OTHER else ""
        if item.fact and outcome in (Asked.CONFIRMED, Asked.AGAIN):
            return Heard(item.field, label, outcome=outcome, fact=item.fact.pk)
        if item.fact and value:
            return Heard(item.field, label, value, Asked.CHANGED, item.fact.pk)
        return Heard(item.field, label, value) if value else None


def _asked(item: Item, data: dict) -> str:
    return data.get(f"asked_{item.fact.pk}", "") if item.fact else ""
