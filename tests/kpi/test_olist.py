"""The headline figures of a real funnel, on the command line and on the page."""

import csv
import json
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from leads.models import Lead
from tests.factories import a_user
from tests.kpi.olist import DEALS, LEADS, load_olist, needs_olist

pytestmark = [pytest.mark.django_db, needs_olist]
ALL = {"period": "all"}


@pytest.fixture(scope="module", autouse=True)
def _olist(django_db_setup, django_db_blocker):
    """Loaded once: it is only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_olist()
        yield
        transaction.set_rollback(True)


def figures(*names, **options):
    out = StringIO()
    call_command("figures", *names, json=True, stdout=out, **options)
    return json.loads(out.getvalue())["figures"]


@pytest.mark.parametrize("view", ["cohort", "activity"])
def test_8000_mqls_842_won_and_half_of_them_within_14_days(view):
    told = figures("mql", "won", "conversion_mql_won", "velocity_mql_won", view=view)
    mql, won, conversion, velocity = told
    assert (mql["value"], won["value"]) == (8000, 842)
    assert conversion["value"] == pytest.approx(0.10525)
    assert (conversion["numerator"], conversion["denominator"]) == (842, 8000)
    assert (velocity["value"], velocity["unit"], velocity["n"]) == (14, "days", 842)


def test_blank_and_unknown_origins_are_two_sources():
    told = {row["by"]: row for row in figures("conversion_mql_won", view="cohort", by="source")}
    with LEADS.open(encoding="utf-8") as file:
        origins = {row["mql_id"]: row["origin"] for row in csv.DictReader(file)}
    with DEALS.open(encoding="utf-8") as file:
        won = Counter(origins[row["mql_id"]] for row in csv.DictReader(file))
    for origin, n in Counter(origins.values()).items():
        row = told[origin or "(none)"]
        assert (row["n"], row["numerator"]) == (n, won[origin]), origin
    assert (told["(none)"]["n"], told["unknown"]["n"]) == (60, 1099)


def test_a_cohort_of_some_months_is_counted_to_date():
    (mql,) = figures("mql", view="cohort", first="2018-01-01", to="2018-02-01")
    with LEADS.open(encoding="utf-8") as file:
        january = [r for r in csv.DictReader(file) if r["first_contact_date"][:7] == "2018-01"]
    assert mql["value"] == len(january)


@pytest.fixture
def manager():
    return a_user("Kay", kind="marketing", role="manager", language="en")


def test_the_page_shows_the_same(client, manager):
    client.force_login(manager)
    page = client.get("/kpi/", ALL | {"view": "cohort"}).content.decode()
    assert ">8,000</a>" in page
    assert ">842</a>" in page
    assert ">10.525%</a>" in page
    assert ">14 days</a>" in page
    assert "(none)" in page
    assert ">unknown</span>" in page


def test_the_deal_won_before_the_first_contact_is_counted_and_flagged(client, manager):
    (early,) = [
        lead for lead in Lead.objects.filter(won_at__isnull=False) if lead.won_before_captured
    ]
    client.force_login(manager)
    seen, url = b"", "/kpi/velocity_mql_won/?period=all"
    while url:
        response = client.get(url)
        seen += response.content
        key = response.context["page"].next_key
        url = key and f"/kpi/velocity_mql_won/?period=all&after={key}"
    page = seen.decode()
    assert page.count("<tr data-row>") == 842
    assert page.count("Won before our first contact") == 1
    assert f"/leads/{early.pk}/" in page
