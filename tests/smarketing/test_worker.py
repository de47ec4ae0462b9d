"""A task goes through the broker to a worker in another process, and survives its worker."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from kombu.exceptions import OperationalError

from smarketing.celery import app
from smarketing.tasks import forget_sessions
from tests.worker import wait_for

pytestmark = pytest.mark.worker


def a_session(key, *, ends_in):
    return Session.objects.create(session_key=key, expire_date=timezone.now() + ends_in)


def test_a_worker_forgets_sessions_that_have_run_out(celery_worker_process):
    a_session("old", ends_in=timedelta(days=-1))
    a_session("new", ends_in=timedelta(days=1))
    forget_sessions.delay()
    wait_for(
        lambda: not Session.objects.filter(pk="old").exists(), explain=celery_worker_process.said
    )
    assert Session.objects.filter(pk="new").exists()


def test_a_task_waits_in_the_broker_while_no_worker_runs(start_worker):
    with start_worker() as worker:
        worker.kill()
        a_session("old", ends_in=timedelta(days=-1))
        forget_sessions.delay()
    assert Session.objects.filter(pk="old").exists()
    with start_worker() as worker:
        wait_for(lambda: not Session.objects.exists(), explain=worker.said)


def test_publishing_does_not_wait_for_a_broker_that_is_away():
    away = app.connection_for_write("redis://127.0.0.1:1/0")
    start = time.monotonic()
    with pytest.raises(OperationalError):
        forget_sessions.apply_async(connection=away, retry=False)
    assert time.monotonic() - start < 1.5
