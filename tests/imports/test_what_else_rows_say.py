"""What rows say besides who somebody is: facts, consents, comments, own fields; each once."""

import pytest

from leads.actions import define_attribute, learn_fact, record_consent
from leads.models import Consent, Lead
from tests.imports.cards import YAMADA, cards, state_of_the_world
from tests.imports.given import counts, csv_of, imported, reasons

pytestmark = pytest.mark.django_db


def test_facts_consents_and_comments_come_along_once(noa):
    content = csv_of(
        ("管理番号", "姓", "検討時期", "メルマガ可", "電話不可", "メモ", "獲得日"),
        ("A1", "山田", "半年以内", "○", "はい", "停止の原因が\n人によって違う", "2026-11-02"),
    )
    job = imported(content, by=noa, name="cards.csv")
    lead = Lead.objects.get()
    assert lead.facts.current().get().value == "半年以内"
    assert (lead.consent_email, lead.consent_phone) == (True, False)
    assert set(lead.consents.values_list("evidence", flat=True)) == {"cards.csv"}
    assert lead.comments.get().text == "停止の原因が\n人によって違う"
    assert counts(job) == (1, 0, 0, 0)
    before = state_of_the_world()
    assert counts(imported(content, by=noa, name="cards.csv")) == (0, 0, 1, 0)
    assert state_of_the_world() == before


def test_an_old_file_does_not_undo_what_was_learned_since(noa):
    content = csv_of(("管理番号", "検討時期", "メルマガ可"), ("A1", "半年以内", "○"))
    imported(content, by=noa)
    lead = Lead.objects.get()
    learn_fact(lead, by=noa, field="timing", value="来期")
    record_consent(lead, by=noa, channel="email", granted=False, evidence="a call")
    assert counts(imported(content, by=noa)) == (0, 0, 1, 0)
    lead.refresh_from_db()
    assert lead.facts.current().get().value == "来期"
    assert lead.consent_email is False


def test_everybody_in_a_file_may_have_agreed_in_the_same_way(noa):
    imported(cards(YAMADA), by=noa, consents={"email": True}, evidence="tick box at the fair")
    assert Consent.objects.get().evidence == "tick box at the fair"
    assert Lead.objects.get().consent_email is True


def test_own_fields_come_in_with_their_type(noa, ada):
    define_attribute(by=ada, of="lead", code="booth", name="来場回数", type="number")
    content = csv_of(("管理番号", "来場回数"), ("A1", "３"), ("A2", "多い"))
    job = imported(content, by=noa)
    assert Lead.objects.get(external_id="A1").attributes == {"booth": 3}
    assert reasons(job) == [(3, "来場回数", "own_field")]


def test_of_several_columns_for_one_field_the_likeliest_that_is_filled_is_taken(noa):
    content = csv_of(
        ("姓", "TEL会社", "TEL直通"),
        ("山田", "03-6739-8462", "03-6739-8463"),
        ("林", "03-6739-8464", ""),
    )
    imported(content, by=noa)
    assert dict(Lead.objects.values_list("family_name", "phone")) == {
        "山田": "03-6739-8463",
        "林": "03-6739-8464",
    }
