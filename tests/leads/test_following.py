"""Readers of the timeline: everything once, in the order of commits, whoever crashes in between."""

import threading
from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.db.models import Q

from common import now
from leads.following import follow
from leads.history import record
from leads.models import LeadEvent, TimelineReader
from tests import factories as make
from tests.worker import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
ANY = Q(verb__startswith="test.")


@pytest.fixture
def lead(transactional_db):
    make.the_defaults()
    return make.a_lead()


class Book:
    """What a reader was given."""

    def __init__(self):
        self.read = []

    def __call__(self, events):
        self.read += [event.verb for event in events]

    def follow(self, **more):
        return follow("test", wanted=ANY, effect=self, **more)

    def follow_until(self, *verbs):
        """Other databases of the server hold the horizon back while a transaction of theirs runs."""

        def there():
            self.follow()
            return len(self.read) >= len(verbs)

        wait_for(there, patience=60)
        assert self.read == list(verbs)


def test_a_new_reader_begins_with_what_comes_after_it(lead):
    record(lead, "test.before", by=None)
    wait_for(_is_past, patience=60)
    book = Book()
    book.follow()
    record(lead, "test.after", by=None)
    book.follow_until("test.after")


def _is_past():
    """Whether every event written so far lies below the horizon."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(xid::text::bigint) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            " FROM leads_leadevent"
        )
        return cursor.fetchone()[0]


def test_ids_that_commit_out_of_order_are_not_missed(lead):
    book = Book()
    book.follow()
    written, go_on = threading.Event(), threading.Event()
    slow = threading.Thread(target=_write_slowly, args=(lead, written, go_on))
    slow.start()
    written.wait(10)
    record(lead, "test.fast", by=None)
    book.follow()
    seen_early = list(book.read)
    go_on.set()
    slow.join()
    assert seen_early == []  # What was written earlier is not over: nothing behind it is read.
    book.follow_until("test.slow", "test.fast")


def _write_slowly(lead, written, go_on):
    try:
        with transaction.atomic():
            record(lead, "test.slow", by=None)
            written.set()
            go_on.wait(10)
    finally:
        connection.close()


def test_a_crash_between_the_effect_and_the_cursor_does_nothing_twice(lead):
    book = Book()
    book.follow()
    record(lead, "test.one", by=None)
    wait_for(_is_past, patience=60)

    def crash(events):
        record(lead, "effect", by=None)
        raise ConnectionError("the machine is gone")

    with suppress(ConnectionError):
        follow("test", wanted=ANY, effect=crash)
    assert not LeadEvent.objects.filter(verb="effect").exists()
    book.follow_until("test.one")
    book.follow()
    assert book.read == ["test.one"]


def test_two_processes_at_once_are_one_reader(lead):
    book = Book()
    book.follow()
    record(lead, "test.one", by=None)
    wait_for(_is_past, patience=60)
    answers = []

    def effect(events):
        # While this one holds the reader, another process comes by.
        other = threading.Thread(target=_come_by, args=(answers,))
        other.start()
        other.join()
        book(events)

    follow("test", wanted=ANY, effect=effect)
    assert [one.took_place for one in answers] == [False]
    assert book.read == ["test.one"]


def _come_by(answers):
    try:
        answers.append(follow("test", wanted=ANY, effect=lambda events: None))
    finally:
        connection.close()


def test_portions_come_in_order_and_others_events_are_passed_over(lead):
    book = Book()
    book.follow()
    for number in range(5):
        record(lead, f"test.{number}", by=None)
        record(lead, "other", by=None)
    wait_for(_is_past, patience=60)
    steps = [book.follow(at_once=2) for _number in range(4)]
    assert book.read == [f"test.{number}" for number in range(5)]
    assert [step.handled for step in steps] == [2, 2, 1, 0]
    assert [step.more for step in steps] == [True, True, False, False]
    cursor = TimelineReader.objects.get(pk="test")
    assert cursor.event_id == LeadEvent.objects.order_by("-id").first().pk


def test_the_cursor_may_stand_between_two_events_of_one_transaction(lead):
    book = Book()
    book.follow()
    with transaction.atomic():
        record(lead, "test.a", by=None, at=now())
        record(lead, "test.b", by=None, at=now())
    wait_for(_is_past, patience=60)
    book.follow(at_once=1)
    assert book.read == ["test.a"]
    book.follow(at_once=1)
    assert book.read == ["test.a", "test.b"]
