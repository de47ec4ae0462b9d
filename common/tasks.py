"""What runs jobs, and what the clock starts for them."""

import logging

from celery import shared_task
from django.db import connection

from common import now
from common.files import forget_old_files
from common.jobs import kick_resumable, run_chunk

log = logging.getLogger(__name__)

# One number of PostgreSQL's advisory locks, ours alone.
SWEEP_LOCK = 7_300_002


@shared_task
def run_job(pk: int) -> None:
    """One chunk of a job; the next is queued at once. Safe to run twice: the lease lets one in."""
    if run_chunk(pk):
        try:
            run_job.apply_async((pk,), retry=False)
        except Exception as gone:  # the broker's client raises many kinds
            log.warning("broker not reached, job %s waits for the sweeper: %s", pk, gone)


@shared_task
def sweep_jobs() -> int:
    """Every ten seconds: put to work again what a killed worker or a lost broker left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SWEEP_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    try:
        return kick_resumable(at=now())
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SWEEP_LOCK])


@shared_task
def forget_files() -> int:
    """Every night: uploads and exports hold people's data and are not kept for ever."""
    return forget_old_files(at=now())
