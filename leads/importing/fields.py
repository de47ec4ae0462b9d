"""What a column can become: each field with its names in the files of others, and how its cells are read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.states import TeamKind
from leads.actions.attributes import clean_attribute
from leads.importing import dates, values
from leads.importing.dates import Order
from leads.importing.people import People
from leads.importing.problems import Bad
from leads.models import AttributeDefinition


@dataclass
class Reading:
    """What reading a cell may need to know besides the cell."""

    at: datetime
    zone: ZoneInfo
    home: str = "JP"
    order: Order = Order.YMD
    people: People | None = None


Read = Callable[[str, Reading], Any]


@dataclass(frozen=True)
class Field:
    """One place a column can go to.

    `names` are headings that mean it, likeliest first; `lines` keeps line breaks; of several
    columns the first filled one is taken, or all are `joined`. `is_date` columns have an order.
    `for_file` ones may be said for the whole file, and are then read by `whole` if that differs.
    """

    name: str
    label: Any
    read: Read
    names: tuple[str, ...] = ()
    group: Any = ""
    lines: bool = False
    joined: bool = False
    is_date: bool = False
    for_file: bool = False
    whole: Read | None = None


# --- readers ---------------------------------------------------------------------------------


def text(most: int) -> Read:
    def read(cell: str, reading: Reading) -> str:
        if len(cell) > most:
            raise Bad("too_long", most=most)
        return cell

    return read


def column(model: type[Model], name: str) -> Read:
    """Text as long as the column of the model allows."""
    return text(model._meta.get_field(name).max_length or values_most())


def values_most() -> int:
    """Of texts without a limit of their own."""
    return 20_000


def plain(function: Callable[[str], Any]) -> Read:
    return lambda cell, reading: function(cell)


def phone(cell: str, reading: Reading) -> str:
    return values.phone(cell, reading.home)


def past(cell: str, reading: Reading) -> datetime:
    return dates.past(cell, reading.zone, reading.order, reading.at)


def moment(cell: str, reading: Reading) -> datetime:
    return dates.moment(cell, reading.zone, reading.order)


def day(cell: str, reading: Reading):
    return dates.day(cell, reading.order)


def person(kind: str) -> Read:
    return lambda cell, reading: reading.people.find(cell, kind)


def choice(options: type[TextChoices], more: dict[str, str] | None = None, only=()) -> Read:
    """One of a closed list, by its code, its name in either language, or one of `more` words."""
    allowed = tuple(only) or tuple(options)

    def read(cell: str, reading: Reading) -> str:
        found = _words(options, tuple((more or {}).items())).get(values.word_key(cell))
        if found is None or found not in allowed:
            choices = ", ".join(one.value for one in allowed if one.value)
            raise Bad("not_a_choice", value=values.shown(cell), choices=choices)
        return found

    return read


@cache
def _words(options: type[TextChoices], more: tuple) -> dict[str, TextChoices]:
    found = {values.word_key(word): options(code) for word, code in more}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {values.word_key(str(one.label)): one for one in options if one.value}
    return found | {values.word_key(one.value): one for one in options if one.value}


def own(definition: AttributeDefinition) -> Read:
    """A cell of an own field, judged as the forms judge it."""

    def read(cell: str, reading: Reading):
        try:
            return clean_attribute(definition, cell)
        except ValidationError as wrong:
            raise Bad("own_field", sentence=" ".join(wrong.messages)) from wrong

    return read


def own_fields(of: str, prefix: str) -> list[Field]:
    """The administrator's own fields, recognised by code and by either name."""
    definitions = AttributeDefinition.objects.filter(of=of, retired_at=None)
    return [
        Field(
            prefix + one.code,
            str(one),
            own(one),
            names=tuple(filter(None, (one.code, one.name, one.name_en))),
            group=_("Own fields"),
        )
        for one in definitions
    ]


MARKETER = person(TeamKind.MARKETING)
