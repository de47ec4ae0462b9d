"""Mails with a real worker: kicked at once, and nothing lost when it is killed in the middle."""

import pytest

from accounts import notify
from accounts.actions import tell
from accounts.models import Notice
from common import now
from tests.factories import an_mql, an_offer
from tests.worker import empty_broker, wait_for

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def mailed():
    return Notice.objects.exclude(mailed_at=None)


def test_an_offer_is_mailed_within_seconds(noa, sota, celery_worker_process):
    an_offer(by=noa, taker=sota)
    wait_for(mailed().exists, 10, celery_worker_process.said)


def test_what_a_killed_worker_held_is_mailed_by_the_next(noa, sota, start_worker):
    """The first one claimed and died, and the broker lost everything: the row is the truth."""
    tell(sota, "lead.commented", by=noa, lead=an_mql())
    assert len(notify._claim(sota.pk, now())) == 1
    empty_broker()
    Notice.objects.update(lease_until=now())
    with start_worker() as worker:
        notify.drain_outbox.delay()
        wait_for(mailed().exists, 15, worker.said)
