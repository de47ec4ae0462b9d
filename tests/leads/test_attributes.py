"""Own fields: defined, retired, and every value checked by one function."""

import pytest
from django.core.exceptions import ValidationError

from common.refusals import Malformed, NotAllowed
from leads.actions import define_attribute, edit_attribute, restore_attribute, retire_attribute
from leads.actions.attributes import clean_attribute
from leads.models import AttributeDefinition


def a_field(type_, **fields):
    return AttributeDefinition(of="lead", code="x", name="項目", type=type_, **fields)


@pytest.mark.parametrize(
    ("type_", "raw", "kept"),
    [
        ("text", " ＡＢＣ  d ", "ABC d"),
        ("number", "１，２００", 1200),
        ("number", "1.5", 1.5),
        ("number", -3, -3),
        ("date", "2026/4/1", "2026-04-01"),
        ("date", "2026-04-01", "2026-04-01"),
        ("choice", "でも", "デモ"),
        ("yes_no", "はい", True),
        ("yes_no", "0", False),
        ("yes_no", True, True),
        ("text", "", None),
        ("number", "  ", None),
        ("date", None, None),
    ],
)
def test_a_value_is_kept_in_its_type(type_, raw, kept):
    found = clean_attribute(a_field(type_, choices=["デモ", "資料"]), raw)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("type_", "raw"),
    [
        ("number", "many"),
        ("number", "nan"),
        ("number", "1e99"),
        ("number", True),
        ("date", "2026-02-30"),
        ("date", "soon"),
        ("choice", "else"),
        ("yes_no", "perhaps"),
        ("text", "x" * 501),
    ],
)
def test_a_value_of_another_type_is_refused_by_name(type_, raw):
    with pytest.raises(ValidationError, match="項目"):
        clean_attribute(a_field(type_, choices=["デモ"]), raw)


def test_the_administrator_defines_fields_and_nobody_else(ada, noa):
    first = define_attribute(by=ada, of="lead", code="Machines", name="設備", type="number")
    second = define_attribute(by=ada, of="lead", code="b", name="B", type="text")
    assert (first.code, second.position) == ("machines", first.position + 1)
    with pytest.raises(NotAllowed):
        define_attribute(by=noa, of="lead", code="c", name="C", type="text")


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "9x"},
        {"code": "設備"},
        {"type": "colour"},
        {"type": "choice", "choices": ["one"]},
        {"name": " "},
        {"of": "cat"},
    ],
)
def test_a_field_without_sense_is_refused(fields, ada):
    with pytest.raises(Malformed):
        define_attribute(
            by=ada, **({"of": "lead", "code": "x", "name": "X", "type": "text"} | fields)
        )
    assert not AttributeDefinition.objects.exists()


def test_a_code_is_taken_once_for_leads_and_once_for_companies(ada):
    for of in ("lead", "company"):
        define_attribute(by=ada, of=of, code="x", name="X", type="text")
    with pytest.raises(Malformed):
        define_attribute(by=ada, of="lead", code="x", name="Y", type="text")


def test_a_field_is_renamed_retired_and_brought_back(ada):
    field = define_attribute(
        by=ada, of="lead", code="x", name="X", type="choice", choices=["a", "b"]
    )
    field = edit_attribute(field, by=ada, name="Y", choices=["a", "a", "c", ""])
    assert (field.name, field.choices) == ("Y", ["a", "c"])
    assert retire_attribute(field, by=ada).retired_at
    assert restore_attribute(field, by=ada).retired_at is None
