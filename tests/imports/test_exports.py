"""Rows out: by the filters of the lists, safe for spreadsheets, and what comes out goes in again."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from common.jobs import run_chunk
from common.models import Job
from handoff.actions import open_deal
from leads.exporting.exports import EXPORTS
from leads.models import Lead, LeadEvent
from leads.views import exports
from tests.factories import a_company, a_lead, a_touch, an_accepted, an_mql
from tests.imports.given import counts, imported

pytestmark = pytest.mark.django_db


def exported(client, method="get", **params) -> list[list[str]]:
    response = getattr(client, method)(reverse("leads:export"), params)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    return rows_of(b"".join(response.streaming_content))


def rows_of(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_list_and_its_export_hold_the_same_rows(noa, as_user):
    for n in range(3):
        a_lead(f"佐藤{n}", company=a_company("見本"))
    a_lead("鈴木", stage="nurturing")
    rows = exported(as_user(noa), q="佐藤")
    assert [row[1] for row in rows[1:]] == ["佐藤0", "佐藤1", "佐藤2"]
    assert len(exported(as_user(noa), stage="nurturing")) == 2


def test_ticked_leads_alone_can_be_exported(noa, as_user):
    chosen, _other = a_lead("佐藤"), a_lead("鈴木")
    rows = exported(as_user(noa), "post", lead=[chosen.pk])
    assert [row[1] for row in rows[1:]] == ["佐藤"]


def test_headings_and_times_are_the_readers(noa, as_user):
    a_lead("佐藤", captured_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    noa.language, noa.time_zone = "ja", "Asia/Tokyo"
    noa.save()
    heading, row = exported(as_user(noa))
    names = [column.name for column in EXPORTS["leads"].columns()]
    assert heading[names.index("captured_at")] == "初回接触"
    assert row[names.index("captured_at")] == "2026-11-21 08:30:00"
    assert row[names.index("stage")] == "新規"


def test_what_comes_out_goes_in_again_and_changes_nothing(noa, as_user):
    a_lead(
        "佐藤",
        given_name="一",
        external_id="A1",
        email="sato@example.com",
        company=a_company("株式会社見本"),
    )
    a_lead("=SUM(A1)", external_id="A2", phone="+1 415-555-2671", stage="sal", team=noa.team)
    events = LeadEvent.objects.count()
    before = list(Lead.objects.order_by("pk").values())
    response = as_user(noa).get(reverse("leads:export"))
    assert counts(imported(b"".join(response.streaming_content), by=noa)) == (0, 0, 2, 0)
    assert list(Lead.objects.order_by("pk").values()) == before
    assert LeadEvent.objects.count() == events


def test_touches_deals_and_handoffs_have_their_files(noa, sota, as_user):
    handoff = an_accepted(an_mql("佐藤", external_id="A1"), by=noa, taker=sota)
    a_touch(handoff.lead, "form", words="=1+1")
    open_deal(handoff.lead, by=sota, amount=1_280_000)
    client = as_user(noa)
    touches, deals, handoffs = (
        exported(client, what=what) for what in ("touches", "deals", "handoffs")
    )
    assert touches[1][touches[0].index("What was said")] == "'=1+1"
    assert deals[1][deals[0].index("Amount")] == "1280000"
    assert handoffs[1][handoffs[0].index("State")] == "Converted"
    # Whether anybody read a brief is never shown by person.
    assert not any("brief" in name.lower() for name in handoffs[0])


def test_many_rows_are_written_by_a_job_and_fetched_from_its_page(noa, sota, as_user, monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    for n in range(3):
        a_lead(f"佐藤{n}")
    client = as_user(noa)
    page = client.get(reverse("leads:export"), {"q": "佐藤"}).content.decode()
    assert 'name="q" value="佐藤"' in page
    assert not Job.objects.exists()
    response = client.post(reverse("leads:export"), {"q": "佐藤"})
    job = Job.objects.get()
    assert response.url == reverse("leads:export_job", args=[job.pk])
    while run_chunk(job.pk):
        pass
    assert reverse("leads:job_file", args=[job.pk]) in client.get(response.url).content.decode()
    content = b"".join(client.get(reverse("leads:job_file", args=[job.pk])).streaming_content)
    assert [row[1] for row in rows_of(content)[1:]] == ["佐藤0", "佐藤1", "佐藤2"]
    assert noa.notices.get().kind == "job.done"
    assert as_user(sota).get(reverse("leads:job_file", args=[job.pk])).status_code == 404


def test_a_partner_exports_nothing(paz, as_user):
    for what in ("leads", "touches", "deals", "handoffs"):
        assert as_user(paz).get(reverse("leads:export"), {"what": what}).status_code == 403


@pytest.mark.parametrize(
    "params",
    [
        {"what": "secrets"},
        {"stage": "foo"},
        {"what": "deals", "state": "x"},
        {"what": "handoffs", "lane": "x"},
        {"order": "x"},
    ],
)
def test_what_cannot_be_meant_is_refused(noa, as_user, params):
    assert as_user(noa).get(reverse("leads:export"), params).status_code == 400


def test_an_export_costs_as_many_queries_however_many_rows(
    noa, as_user, django_assert_max_num_queries
):
    for n in range(30):
        a_lead(f"佐藤{n}", company=a_company(), marketer=noa)
    client = as_user(noa)
    client.get(reverse("leads:export"))
    with django_assert_max_num_queries(15):
        assert len(exported(client)) == 31
