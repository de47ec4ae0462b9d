"""What a change went from and to, in words. An event keeps ids, codes and amounts only; what they
are called is asked when it is read."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.notices import names_of
from common import formats
from leads.timeline.people import People

DEAL_FIELDS: dict[str, str | Promise] = {
    "name": gettext_lazy("name"),
    "amount": gettext_lazy("amount"),
    "step": gettext_lazy("step"),
    "probability": gettext_lazy("probability"),
    "expected_on": gettext_lazy("expected month"),
    "owner": gettext_lazy("sales person"),
    "inside_sales": gettext_lazy("inside sales"),
}
PEOPLE = ("owner", "inside_sales")


@dataclass(frozen=True)
class Names:
    """What the steps and people are called that changes of deals speak of."""

    people: People
    steps: dict[str, str] = field(default_factory=dict)


def step_names(told: Iterable[dict], reader: User) -> dict[str, str]:
    """The names of the steps these events speak of; a query only where there are any."""
    codes = {code for data in told for code in _changes(data).get("step", ()) if code}
    return names_of("deal.step", reader, codes)


def people_changed(data: dict) -> set[int | None]:
    """The ids of the people a change went from and to."""
    return {pk for name in PEOPLE for pk in _changes(data).get(name, ())}


def change_words(data: dict, names: Names) -> str:
    """As “amount: ¥2,000,000 → ¥3,000,000”; a field whose values are not kept stands alone."""
    changes = _changes(data)
    said = [
        _one(name, changes[name], names) if name in changes else _label(name)
        for name in data.get("fields") or ()
        if name in DEAL_FIELDS
    ]
    return ("、" if formats.in_japanese() else ", ").join(said)


def _changes(data: dict) -> dict[str, list]:
    return data.get("changes") or {}


def _label(name: str) -> str:
    return str(DEAL_FIELDS[name])


def _one(name: str, pair: list, names: Names) -> str:
    before, after = (_value(name, value, names) for value in pair)
    return _("%(field)s: %(before)s → %(after)s") % {
        "field": _label(name),
        "before": before,
        "after": after,
    }


def _value(name: str, value, names: Names) -> str:
    if value is None:
        return formats.NOTHING
    if name in PEOPLE:
        return names.people.name(value) or formats.NOTHING
    if name == "amount":
        return formats.yen(value)
    if name == "probability":
        return f"{value}%"
    if name == "expected_on":
        return formats.month(parse_date(value))
    return names.steps.get(value, str(value))
