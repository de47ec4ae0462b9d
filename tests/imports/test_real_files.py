"""Real files of others: they come in as they are, and what is damaged is said."""

from decimal import Decimal

import pytest
from django.db import connection

from handoff.models import Deal
from leads.importing import report
from leads.models import Lead, Source
from tests.imports.given import a_file, counts, imported, real, started

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LEADS = {
    "mql_id": "external_id",
    "first_contact_date": "captured_at",
    "landing_page_id": "landing_page",
    "origin": "source",
}
DEALS = {
    "mql_id": "lead.external_id",
    "won_date": "won_at",
    "sr_id": "owner",
    "sdr_id": "inside_sales",
}


def the_funnel(noa, folder="olist_funnel", deals="olist_closed_deals_dataset.csv"):
    """Both files of the funnel, imported."""
    leads = real(f"{folder}/olist_marketing_qualified_leads_dataset.csv").read_bytes()
    one = imported(leads, by=noa, said=LEADS, whole={"stage": "mql"})
    two = imported(
        real(f"{folder}/{deals}").read_bytes(), "deals", by=noa, said=DEALS, create_people=True
    )
    return one, two


def figures() -> tuple:
    """(MQLs, won, conversion in percent, median calendar days, flagged) by SQL of its own."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT count(mql_at), count(won_at), round(100.0 * count(won_at) / count(*), 3),
                   percentile_disc(0.5) WITHIN GROUP (ORDER BY
                       (won_at AT TIME ZONE 'Asia/Tokyo')::date - (captured_at AT TIME ZONE 'Asia/Tokyo')::date),
                   count(*) FILTER (WHERE won_at < captured_at)
            FROM leads_lead""")
        return cursor.fetchone()


def test_the_funnel_comes_in_and_gives_its_known_figures(noa):
    leads, deals = the_funnel(noa)
    assert (counts(leads), counts(deals)) == ((8000, 0, 0, 0), (842, 0, 0, 0))
    assert figures() == (8000, 842, Decimal("10.525"), 14, 1)
    assert deals.result["flags"] == {"won_before_captured": 1}
    assert Lead.objects.filter(source=None).count() == 60
    assert Lead.objects.filter(source__name="unknown").count() == 1099
    assert Deal.objects.filter(owner=None).count() == 0
    again = the_funnel(noa)
    assert [counts(job) for job in again] == [(0, 0, 8000, 0), (0, 0, 842, 0)]


def test_its_damaged_variant_comes_in_and_the_damage_is_said(noa):
    folder, file = "olist_funnel/variant_hiflylabs", "olist_marketing_closed_deals_dataset.csv"
    _leads, deals = the_funnel(noa, folder, file)
    assert figures() == (8000, 842, Decimal("10.525"), 14, 1)
    assert (deals.payload["form"]["delimiter"], deals.payload["form"]["bom"]) == (";", 3)
    assert [
        one["code"] for one in deals.result["notes"] if one["data"]["column"] == "average_stock"
    ] == ["ranges_became_dates"]
    warnings = [one.sentence for one in report.notes_of(deals) if one.is_warning]
    assert any("20.máj" in sentence for sentence in warnings)


def test_the_variant_over_the_original_says_what_would_change(noa):
    the_funnel(noa)
    folder = "olist_funnel/variant_hiflylabs"
    leads = real(f"{folder}/olist_marketing_qualified_leads_dataset.csv").read_bytes()
    check = imported(leads, by=noa, whole={"stage": "mql"}, dry_run=True)
    # The blank origins were filled by whoever saved it; the labels are only written differently.
    assert counts(check) == (0, 60, 7940, 0)
    assert {tuple(one["changes"][0]) for one in check.result["examples"]} == {
        ("source", "", "direct_traffic")
    }
    deals = real(f"{folder}/olist_marketing_closed_deals_dataset.csv").read_bytes()
    assert counts(imported(deals, "deals", by=noa, said=DEALS)) == (0, 0, 842, 0)
    assert Source.objects.count() == 10


def test_japanese_files_come_in_without_a_mapping_by_hand(noa):
    files = [f"jp_leads_synthetic/dev/{name}" for name in ("leads_cp932.csv", "leads_utf8_bom.csv")]
    first, second = (imported(real(name).read_bytes(), by=noa) for name in files)
    assert counts(first) == (2680, 0, 0, 0)
    assert counts(second) == (0, 0, 2680, 0)
    assert first.payload["form"]["encoding"] == "cp932"
    assert Lead.objects.filter(family_name__contains="﨑").exists()
    cards = real("jp_leads_synthetic/dev/leads_eight_layout_utf8_bom.csv").read_bytes()
    new, updated, unchanged, rejected = counts(imported(cards, by=noa))
    assert rejected == 0
    assert new < 40
    assert counts(imported(cards, by=noa)) == (0, 0, 500, 0)
    assert new + updated + unchanged == 500


def test_a_training_companys_leads_come_in_with_their_wishes(noa):
    job = imported(real("x_education/leads_dev_half.csv").read_bytes(), by=noa)
    assert counts(job)[0] == 4603
    assert job.result["placeholders"]["City"] > 1000
    assert Lead.objects.filter(consent_email=False).exists()


def test_a_workbook_of_others_is_read(noa):
    file = a_file(real("x_education/Leads Data Dictionary.xlsx").read_bytes())
    job = started(file, by=noa, said={"Variables": "family_name"}, dry_run=True)
    assert job.payload["form"]["encoding"] == "xlsx"
