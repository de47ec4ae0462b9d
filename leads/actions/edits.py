"""Editing side by side: only what was changed is saved, and nobody overwrites what they did not see."""

from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from common.refusals import Malformed, Refusal
from leads.identity import clean_field

OWN = "attributes."


class Conflict(Refusal):
    """Somebody else changed the same fields meanwhile: nothing was saved.

    `fields` says what stands there now, by field name.
    """

    code = "conflict"

    def __init__(self, fields: dict):
        super().__init__(_("Somebody changed the same field while you were typing."))
        self.fields = fields


def value_of(row: Any, name: str):
    """What stands in the field: the id of a foreign key, one own field of `attributes.<code>`."""
    if name.startswith(OWN):
        return row.attributes.get(name.removeprefix(OWN))
    return row.serializable_value(name)


def put(row: Any, name: str, value) -> str:
    """Sets the field and gives the column to save. An own field without a value is left out."""
    if not name.startswith(OWN):
        setattr(row, name, value)
        return name
    code = name.removeprefix(OWN)
    if value in (None, ""):
        row.attributes.pop(code, None)
    else:
        row.attributes[code] = value
    return "attributes"


def settle_edit(row: models.Model, changes: dict, seen: dict | None) -> list[str]:
    """Puts `changes` on the *locked* `row`; gives the names of those that changed anything.

    `seen` is what the editor saw in each field: where another value stands there now, and not the
    new one, it is a `Conflict`. Without `seen` the last word wins.
    """
    wanted = {name: _plain(value) for name, value in changes.items()}
    now_there = {name: value_of(row, name) for name in changes}
    clashes = {
        name: now_there[name]
        for name in changes
        if seen is not None
        and name in seen
        and now_there[name] not in (_plain(seen[name]), wanted[name])
    }
    if clashes:
        raise Conflict(clashes)
    changed = [name for name in changes if now_there[name] != wanted[name]]
    for name in changed:
        put(row, name, changes[name])
    return changed


def columns_of(names: list[str]) -> list[str]:
    """The columns to save for these fields."""
    return list(dict.fromkeys("attributes" if name.startswith(OWN) else name for name in names))


def _plain(value):
    return value.pk if isinstance(value, models.Model) else value


def cleaned(fields: dict, *, allowed: frozenset[str], model: type[models.Model]) -> dict:
    """The fields as they are stored. Raises `Malformed` naming the first that is wrong."""
    unknown = {name for name in fields if not name.startswith(OWN)} - allowed
    if unknown:
        raise TypeError(f"{model.__name__} has no editable field {sorted(unknown)}")
    return {name: _cleaned(model, name, value) for name, value in fields.items()}


def _cleaned(model: type[models.Model], name: str, value):
    if name.startswith(OWN):
        return value
    with field_at_fault(name):
        value = clean_field(name, value)
        field: Any = model._meta.get_field(name)
        if not field.is_relation and value not in (None, ""):
            field.run_validators(value)
    return value


@contextmanager
def field_at_fault(name: str):
    """Turns a `ValidationError` within into `Malformed`, naming the field."""
    try:
        yield
    except ValidationError as wrong:
        raise Malformed(" ".join(wrong.messages), field=name) from wrong


def save_checked(row: models.Model, **how) -> None:
    """Saves, having asked the row's constraints first: their sentences are for people.

    Raises `Malformed`, also where somebody saved the same name or id in this very moment.
    """
    with field_at_fault(""):
        row.validate_constraints()
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError as raced:
        raise Malformed(_("Somebody has saved the same just now. Look again.")) from raced
