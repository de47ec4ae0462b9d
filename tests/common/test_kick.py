"""A kick starts a task soon; many at once start it once, and none is missed."""

import pytest
from django.core.cache import cache
from django.db import transaction

from accounts.notify import drain_outbox
from common import kick

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    found = []
    monkeypatch.setattr(drain_outbox, "apply_async", lambda args, **_: found.append(args))
    return found


def commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        kick.kick_once(drain_outbox)


def test_many_kicks_before_the_task_begins_queue_it_once(sent, django_capture_on_commit_callbacks):
    for _press in range(5):
        commit(django_capture_on_commit_callbacks)
    assert len(sent) == 1


def test_what_commits_after_the_task_began_kicks_it_anew(sent, django_capture_on_commit_callbacks):
    commit(django_capture_on_commit_callbacks)
    drain_outbox()
    commit(django_capture_on_commit_callbacks)
    assert len(sent) == 2


def test_a_kick_that_was_lost_keeps_others_back_for_seconds_only(
    sent, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(kick, "HELD_SECONDS", 0)  # It runs out at once.
    commit(django_capture_on_commit_callbacks)
    commit(django_capture_on_commit_callbacks)
    assert len(sent) == 2


def test_without_a_broker_the_press_goes_through(monkeypatch, django_capture_on_commit_callbacks):
    def gone(*_args, **_kwargs):
        raise ConnectionError

    monkeypatch.setattr(drain_outbox, "apply_async", gone)
    commit(django_capture_on_commit_callbacks)
    assert cache.get(f"kick:{drain_outbox.name}")
