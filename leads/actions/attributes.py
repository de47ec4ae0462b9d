"""Own fields: defined by the administrator, typed, checked alike in forms and imports."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import demand
from common import now
from common.refusals import Malformed, Refusal
from common.text import normalise
from leads.actions.edits import field_at_fault
from leads.identity import clean_line
from leads.models import AttributeDefinition
from leads.states import AttributeType

LONGEST_TEXT = 500
_YES = frozenset({"yes", "y", "true", "1", "on", "はい", "有", "あり", "○", "◯"})
_NO = frozenset({"no", "n", "false", "0", "off", "いいえ", "無", "なし", "×"})


def clean_attribute(definition: AttributeDefinition, raw):
    """`raw` as it is kept in `attributes`: text, number, ISO date, one of the choices, or a boolean.

    None for an empty value. Raises `ValidationError` with a sentence for people. This is the one
    place that knows: forms, verbs and imports ask it.
    """
    if raw is None or raw == "":
        return None
    if isinstance(raw, str):
        raw = clean_line(raw)
        if not raw:
            return None
    return _CLEANERS[AttributeType(definition.type)](definition, raw)


def _text(definition, raw):
    text = str(raw)
    if len(text) > LONGEST_TEXT:
        raise ValidationError(
            _("%(name)s: at most %(n)s characters."),
            code="attribute",
            params={"name": str(definition), "n": LONGEST_TEXT},
        )
    return text


def _number(definition, raw):
    if isinstance(raw, bool):
        raise _wrong(definition, raw, _("%(name)s: “%(value)s” is not a number."))
    try:
        number = Decimal(str(raw).replace(",", "").replace("，", ""))
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise _wrong(definition, raw, _("%(name)s: “%(value)s” is not a number."))
    return int(number) if number == number.to_integral_value() else float(number)


def _date(definition, raw):
    if isinstance(raw, date):
        return raw.isoformat()[:10]
    try:
        found = parse_date(str(raw).replace("/", "-").replace(".", "-"))
    except ValueError:
        found = None
    if found is None:
        raise _wrong(definition, raw, _("%(name)s: “%(value)s” is not a date (2026-04-01)."))
    return found.isoformat()


def _choice(definition, raw):
    found = next((one for one in definition.choices if normalise(one) == normalise(str(raw))), None)
    if found is None:
        raise _wrong(definition, raw, _("%(name)s: “%(value)s” is not one of the choices."))
    return found


def _yes_no(definition, raw):
    word = normalise(str(raw))
    if word not in _YES | _NO:
        raise _wrong(definition, raw, _("%(name)s: “%(value)s” is neither yes nor no."))
    return word in _YES


def _wrong(definition, raw, sentence):
    params = {"name": str(definition), "value": str(raw)[:60]}
    return ValidationError(sentence, code="attribute", params=params)


_CLEANERS = {
    AttributeType.TEXT: _text,
    AttributeType.NUMBER: _number,
    AttributeType.DATE: _date,
    AttributeType.CHOICE: _choice,
    AttributeType.YES_NO: _yes_no,
}


@transaction.atomic
def define_attribute(
    *,
    by: User,
    of: str,
    code: str,
    name: str,
    type: str,  # noqa: A002 - the word of the field
    name_en: str = "",
    choices: list[str] | None = None,
) -> AttributeDefinition:
    """Give leads or companies a field of their own. Code and type stay for good: values depend on them."""
    demand(by, "attributes.manage")
    last = AttributeDefinition.objects.filter(of=of).aggregate(last=Max("position"))["last"] or 0
    definition = AttributeDefinition(
        of=of, code=code.strip().lower(), name=name.strip(), name_en=name_en.strip(), type=type
    )
    definition.choices = _clean_choices(type, choices or [])
    definition.position = last + 1
    with field_at_fault(""):
        definition.full_clean()
    definition.save(force_insert=True)
    return definition


@transaction.atomic
def edit_attribute(
    definition: AttributeDefinition,
    *,
    by: User,
    name: str,
    name_en: str = "",
    choices: list[str] | None = None,
) -> AttributeDefinition:
    """Change how the field is called and what may be chosen; values already given stay as they are."""
    demand(by, "attributes.manage")
    definition = AttributeDefinition.objects.select_for_update().get(pk=definition.pk)
    definition.name, definition.name_en = name.strip(), name_en.strip()
    if choices is not None:
        definition.choices = _clean_choices(definition.type, choices)
    with field_at_fault(""):
        definition.full_clean()
    definition.save(update_fields=["name", "name_en", "choices"])
    return definition


def _clean_choices(type_: str, choices: list[str]) -> list[str]:
    if type_ != AttributeType.CHOICE:
        return []
    found = list(dict.fromkeys(filter(None, (clean_line(one) for one in choices))))
    if len(found) < 2:
        raise Malformed(_("Give at least two choices, one per line."), field="choices")
    if len(found) > 100 or any(len(one) > 100 for one in found):
        raise Malformed(_("At most 100 choices of 100 characters."), field="choices")
    return found


@transaction.atomic
def retire_attribute(definition: AttributeDefinition, *, by: User) -> AttributeDefinition:
    """Take the field out of forms, filters and imports. Values stay, and come back with `restore_attribute`."""
    demand(by, "attributes.manage")
    AttributeDefinition.objects.filter(pk=definition.pk, retired_at=None).update(retired_at=now())
    definition.refresh_from_db()
    return definition


@transaction.atomic
def restore_attribute(definition: AttributeDefinition, *, by: User) -> AttributeDefinition:
    """Bring a retired field back."""
    demand(by, "attributes.manage")
    AttributeDefinition.objects.filter(pk=definition.pk).update(retired_at=None)
    definition.refresh_from_db()
    return definition


def clean_attributes(of: str, values: dict) -> dict:
    """`values` by code, each as it is kept. Raises `Malformed` for a wrong value or unknown field."""
    if not values:
        return {}
    known = {
        one.code: one for one in AttributeDefinition.objects.filter(of=of, code__in=list(values))
    }
    found = {}
    for code, raw in values.items():
        if code not in known:
            raise Refusal(_("There is no own field “%(code)s”.") % {"code": code})
        with field_at_fault(f"attributes.{code}"):
            found[code] = clean_attribute(known[code], raw)
    return found
