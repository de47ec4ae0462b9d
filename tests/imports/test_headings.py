"""Columns are recognised by their heading: of our own files, and of those of other systems."""

import csv

import pytest
from django.utils import translation

from leads.actions import define_attribute
from leads.exporting.exports import EXPORTS
from leads.importing import mapping
from leads.importing.targets import TARGETS
from tests.imports.given import real

pytestmark = pytest.mark.django_db


def recognised(*heading, target="leads"):
    return mapping.recognise(TARGETS[target], list(heading))


SANSAN = (
    "会社名",
    "部署名",
    "役職",
    "氏名",
    "氏名(ふりがな)",
    "e-mail",
    "郵便番号",
    "住所",
    "TEL",
    "携帯",
    "FAX",
    "URL",
    "名刺交換日",
)
HUBSPOT = ("Record ID", "First Name", "Last Name", "Email", "Phone Number", "Company name", "Job Title", "Create Date", "Original Source")  # fmt: skip
SALESFORCE = (
    "リード ID",
    "姓",
    "名",
    "会社名",
    "役職",
    "電話",
    "メール",
    "リードソース",
    "都道府県",
    "市区郡",
    "町名・番地",
    "作成日",
)
FIELDS_OF = {
    SANSAN: ("company.name", "department", "title", "name", "name_kana", "email", "postal_code", "address", "phone", "mobile", "", "company.website", "captured_at"),
    HUBSPOT: ("external_id", "given_name", "family_name", "email", "phone", "company.name", "title", "captured_at", "source"),
    SALESFORCE: ("external_id", "family_name", "given_name", "company.name", "title", "phone", "email", "source", "prefecture", "address", "address", "captured_at"),
}  # fmt: skip


@pytest.mark.parametrize("heading", FIELDS_OF, ids=["Sansan", "HubSpot", "Salesforce"])
def test_the_headings_of_other_systems_are_known(heading):
    assert recognised(*heading) == dict(zip(heading, FIELDS_OF[heading], strict=True))


def test_deals_and_touches_have_their_own_words():
    deals = recognised(
        "商談名", "フェーズ", "金額", "受注日", "営業担当", "メールアドレス", target="deals"
    )
    assert list(deals.values()) == ["name", "step", "amount", "won_at", "owner", "lead.email"]
    touches = recognised(
        "Contact ID", "Activity Type", "Activity Date", "Subject", target="touches"
    )
    assert list(touches.values()) == ["lead.external_id", "kind", "at", "words"]


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        (("mql_id", "first_contact_date", "origin"), "leads"),
        (("mql_id", "sr_id", "won_date"), "deals"),
        (("e-mail", "activity type", "activity date"), "touches"),
        (("a", "b"), "leads"),
    ],
)
def test_the_kind_of_file_is_guessed_from_its_heading(heading, target):
    assert mapping.guess_target(list(heading)).name == target


def test_unknown_columns_are_nobodys_and_useless_ones_are_left_out():
    assert recognised("展示会2025", "FAX") == {"FAX": mapping.LEFT_OUT}


def test_an_own_field_is_known_by_its_code_and_its_names(ada):
    define_attribute(
        by=ada, of="lead", code="booth", name="来場ブース", name_en="Booth", type="text"
    )
    assert recognised("来場ブース", "booth", "Booth") == dict.fromkeys(
        ("来場ブース", "booth", "Booth"), "attributes.booth"
    )


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("what", ["leads", "touches", "deals"])
def test_what_we_export_comes_in_again_in_either_language(defaults, what, language):
    with translation.override(language):
        heading = EXPORTS[what].heading()
    names = [column.name for column in EXPORTS[what].columns()]
    found = mapping.recognise(TARGETS[what], heading)
    fields = {one.name for one in TARGETS[what].fields()}
    for name, column in zip(names, heading, strict=True):
        if name in fields:
            assert found.get(column) == name, column


def test_a_mapping_is_remembered_for_the_same_columns_and_by_its_name(noa):
    target, heading = TARGETS["leads"], ["a", "b"]
    mapping.remember(target, heading, {"a": "email", "b": ""}, name="Cards", by=noa)
    mapping.remember(target, heading, {"a": "family_name", "b": ""}, name="Names", by=noa)
    assert mapping.remembered(target, heading).name == "Names"
    assert mapping.remembered(target, heading, name="Cards").columns == {"a": "email", "b": ""}
    assert mapping.remembered(target, [*heading, mapping.REASON_COLUMN]).name == "Names"
    assert mapping.remembered(target, ["a", "c"]) is None
    assert mapping.remembered(TARGETS["deals"], heading) is None


@pytest.mark.parametrize(
    ("file", "encoding", "unknown"),
    [
        ("jp_leads_synthetic/dev/leads_cp932.csv", "cp932", set()),
        ("jp_leads_synthetic/dev/leads_utf8_bom.csv", "utf-8-sig", set()),
        (
            "jp_leads_synthetic/dev/leads_eight_layout_utf8_bom.csv",
            "utf-8-sig",
            {"展示会2025", "ウェビナー"},
        ),
        ("olist_funnel/olist_marketing_qualified_leads_dataset.csv", "utf-8", set()),
    ],
)
def test_real_files_need_no_mapping_by_hand(file, encoding, unknown):
    with real(file).open(encoding=encoding, newline="") as opened:
        heading = next(csv.reader(opened))
    assert set(heading) - recognised(*heading).keys() == unknown
