"""The hearing sheet of a team: what is asked, in which order, with a hint."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leads.actions.sheets import LONGEST_HINT, LONGEST_LABEL, MOST_ITEMS
from leads.models import HearingSheet
from leads.states import FactField

# Empty rows for words of one's own.
SPARE = 3
LAST = 999
MOST_ROWS = MOST_ITEMS + len(FactField) + SPARE


@dataclass(frozen=True)
class Row:
    """One row as the page shows it: its inputs."""

    field: str
    words: str
    place: forms.BoundField
    label: forms.BoundField
    hint: forms.BoundField
    code: forms.BoundField

    @property
    def is_own(self) -> bool:
        return self.field == FactField.OTHER


class SheetForm(forms.Form):
    """Every field and word of one's own with its place; without a place it is not asked."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *, sheet: HearingSheet):
        super().__init__(data, initial={"seen": sheet.version})
        self.rows_given = _rows_of(sheet)
        if data is not None:
            self.rows_given = _rows_sent(data) or self.rows_given
        for number, row in enumerate(self.rows_given):
            self._add(number, row)

    def _add(self, number: int, row: dict) -> None:
        name = str(FactField(row["field"]).label)
        self.fields[f"field_{number}"] = forms.ChoiceField(
            choices=FactField.choices, initial=row["field"], widget=forms.HiddenInput
        )
        self.fields[f"place_{number}"] = forms.IntegerField(
            label=pgettext_lazy("hearing sheet", "Order"),
            required=False,
            min_value=1,
            max_value=LAST,
            initial=row["place"],
        )
        self.fields[f"label_{number}"] = forms.CharField(
            label=_("In a word or two") if row["field"] == FactField.OTHER else name,
            required=False,
            max_length=LONGEST_LABEL,
            initial=row["label"],
            widget=forms.TextInput(attrs={"placeholder": _("A word of one's own")}),
        )
        self.fields[f"hint_{number}"] = forms.CharField(
            label=_("Hint"), required=False, max_length=LONGEST_HINT, initial=row["hint"]
        )

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                row["field"],
                str(FactField(row["field"]).label),
                *(self[f"{name}_{number}"] for name in ("place", "label", "hint", "field")),
            )
            for number, row in enumerate(self.rows_given)
        ]

    @property
    def items(self) -> list[dict]:
        """What is asked, in its order. A word of one's own without a place comes last; emptied, it goes."""
        found = []
        for number in range(len(self.rows_given)):
            row = {
                name: self.cleaned_data[f"{name}_{number}"] for name in ("field", "label", "hint")
            }
            place = self.cleaned_data[f"place_{number}"]
            if row["field"] == FactField.OTHER:
                place = (place or LAST) if row["label"] else None
            if place is not None:
                found.append((place, number, row))
        return [row for _place, _number, row in sorted(found, key=lambda one: one[:2])]


def _rows_of(sheet: HearingSheet) -> list[dict]:
    asked = [row | {"place": place} for place, row in enumerate(sheet.items, 1)]
    there = {row["field"] for row in asked}
    blank = {"label": "", "hint": "", "place": None}
    others = [field for field in FactField if field != FactField.OTHER and field not in there]
    return (
        asked
        + [{"field": field.value, **blank} for field in others]
        + [{"field": FactField.OTHER.value, **blank}] * SPARE
    )


def _rows_sent(data) -> list[dict]:
    """As many rows as were sent, by their hidden codes."""
    found = []
    for number in range(MOST_ROWS):
        field = data.get(f"field_{number}")
        if field not in FactField.values:
            break
        found.append({"field": field, "label": "", "hint": "", "place": None})
    return found
