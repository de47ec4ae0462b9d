"""A worker that is killed in the middle of an import: no row is lost, none comes in twice."""

from collections import Counter

import pytest

from common.jobs import LEASE
from common.models import Job
from common.tasks import sweep_jobs
from leads.models import Lead, LeadEvent
from tests.factories import a_user, the_defaults
from tests.imports.given import counts, csv_of, started
from tests.worker import wait_for

pytestmark = [pytest.mark.worker, pytest.mark.slow]

ROWS = 12_000


def many_rows() -> bytes:
    rows = ((f"K{n}", f"姓{n}", f"k{n}@example.com", "展示会", "2026-11-01") for n in range(ROWS))
    return csv_of(("管理番号", "姓", "メール", "流入元", "獲得日"), *rows)


def test_a_killed_worker_loses_no_row_and_doubles_none(start_worker):
    the_defaults()
    noa = a_user("Noa", kind="marketing")
    with start_worker() as first:
        job = started(many_rows(), by=noa, here=False, whole={"stage": "mql"})
        wait_for(lambda: 0 < Job.objects.get(pk=job.pk).done < ROWS, 60, first.said)
        first.kill()
    job.refresh_from_db()
    assert job.is_open
    assert Lead.objects.count() == job.done
    # The lease of the dead runs out; nobody waits a minute for that here.
    Job.objects.filter(pk=job.pk).update(
        lease_until=job.lease_until - LEASE if job.lease_until else None
    )
    with start_worker() as second:
        wait_for(lambda: sweep_jobs() or not Job.objects.get(pk=job.pk).is_open, 60, second.said)
        wait_for(lambda: not Job.objects.get(pk=job.pk).is_open, 120, second.said)
    job.refresh_from_db()
    assert counts(job) == (ROWS, 0, 0, 0)
    assert Lead.objects.count() == ROWS
    assert Counter(LeadEvent.objects.values_list("verb", flat=True)) == {
        "lead.create": ROWS,
        "lead.qualify": ROWS,
    }
    assert not job.files.filter(purpose="keys").exists()
