"""A real funnel to count: 8,000 marketing-qualified leads, 842 of them won. Not part of the product."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.factories import the_defaults

PLACE = Path(__file__).resolve().parents[3] / "shared" / "data" / "olist_funnel"
LEADS = PLACE / "olist_marketing_qualified_leads_dataset.csv"
DEALS = PLACE / "olist_closed_deals_dataset.csv"

needs_olist = pytest.mark.skipif(
    not LEADS.exists(), reason=f"The Olist funnel is not at {PLACE}: its figures were NOT checked."
)


def load_olist() -> None:
    """Both files through the import, as somebody would bring them in."""
    the_defaults()
    _import("leads", LEADS, "mql_id=external_id", "first_contact_date=captured_at",
            "landing_page_id=landing_page", "origin=source", set=["stage=mql"])  # fmt: skip
    _import("deals", DEALS, "mql_id=lead.external_id", "won_date=won_at",
            "sdr_id=inside_sales", "sr_id=owner", create_people=True)  # fmt: skip


def _import(kind: str, path: Path, *columns: str, **options) -> None:
    call_command("import_file", kind, str(path), map=list(columns), stdout=StringIO(), **options)
