"""Jobs: each step and its progress are one; whoever dies, another goes on."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError

from common import jobs, now, time_at
from common.models import Job
from common.refusals import NotAllowed, Refusal
from common.states import JobState
from common.tasks import run_job, sweep_jobs
from leads.models import Source

pytestmark = pytest.mark.django_db


@contextmanager
def a_kind(step, ended=None):
    kind = jobs.register(jobs.Kind("test", step, ended))
    try:
        yield kind
    finally:
        del jobs.KINDS["test"]


def one_source_a_step(job):
    """A step writes one row and counts it."""
    Source.objects.create(name=f"{job.pk}-{job.done}")
    job.total, job.done = 5, job.done + 1
    job.cursor = {"at": job.done}
    return job.done == 5


def test_a_job_does_its_steps_to_the_end_and_says_so():
    told = []
    with a_kind(one_source_a_step, told.append):
        job = jobs.run_here(jobs.start_job("test", by=None, here=True))
    assert (job.state, job.done, job.percent) == (JobState.DONE, 5, 100)
    assert Source.objects.count() == 5
    assert job.finished_at
    assert [one.pk for one in told] == [job.pk]


def test_a_step_that_fails_leaves_nothing_and_the_ones_before_stay():
    def step(job):
        one_source_a_step(job)
        if job.done == 3:
            raise ValueError("a bug")
        return False

    with a_kind(step):
        job = jobs.run_here(jobs.start_job("test", by=None, here=True))
    assert (job.state, job.done, job.cursor) == (JobState.FAILED, 2, {"at": 2})
    assert Source.objects.count() == 2
    assert job.error


def test_a_refusal_ends_a_job_with_its_sentence_in_the_language_of_who_waits(noa):
    from django.utils.translation import gettext_lazy as _

    def step(job):
        raise Refusal(_("This file is empty."))

    noa.language = "ja"
    noa.save()
    with a_kind(step):
        job = jobs.run_here(jobs.start_job("test", by=noa, here=True))
    assert (job.state, job.error) == (JobState.FAILED, "このファイルは空です。")


def test_trouble_with_the_database_is_tried_again_but_not_for_ever(monkeypatch):
    monkeypatch.setattr(jobs.time, "sleep", lambda seconds: None)
    tries = []

    def step(job):
        tries.append(job.attempts)
        if len(tries) < 3:
            raise OperationalError("deadlock")
        return True

    with a_kind(step):
        job = jobs.run_here(jobs.start_job("test", by=None, here=True))
        assert job.state == JobState.DONE
        tries.clear()

        def always(job):
            raise OperationalError("deadlock")

        jobs.KINDS["test"] = jobs.Kind("test", always)
        job = jobs.run_here(jobs.start_job("test", by=None, here=True))
    assert job.state == JobState.FAILED


def test_only_one_works_on_a_job_and_another_goes_on_when_the_lease_is_over():
    with a_kind(one_source_a_step):
        job = jobs.start_job("test", by=None)
        claimed = jobs._claim(job.pk)
        assert jobs._claim(job.pk) is None
        assert not jobs.run_chunk(job.pk)
        with time_at(now() + jobs.LEASE + timedelta(seconds=1)):
            assert not jobs.run_chunk(job.pk)
        job.refresh_from_db()
        assert job.state == JobState.DONE
        # The first wakes up again: what it does now is rolled back.
        jobs._work(claimed)
    assert Source.objects.count() == 5


def test_a_chunk_ends_after_its_time_and_the_next_goes_on(monkeypatch):
    monkeypatch.setattr(jobs, "CHUNK_SECONDS", 0)
    with a_kind(one_source_a_step):
        job = jobs.start_job("test", by=None)
        chunks = 0
        while jobs.run_chunk(job.pk):
            chunks += 1
    job.refresh_from_db()
    assert (job.state, chunks) == (JobState.DONE, 4)


def test_stopping_keeps_what_was_done(noa, sota, ada):
    def step(job):
        one_source_a_step(job)
        if job.done == 2:
            jobs.cancel_job(Job.objects.get(pk=job.pk), by=noa)
        return False

    with a_kind(step):
        job = jobs.run_here(jobs.start_job("test", by=noa, here=True))
        assert (job.state, job.done) == (JobState.CANCELLED, 2)
        waiting = jobs.start_job("test", by=noa)
        with pytest.raises(NotAllowed):
            jobs.cancel_job(waiting, by=sota)
        assert jobs.cancel_job(waiting, by=ada).state == JobState.CANCELLED
        assert jobs.cancel_job(waiting, by=noa).state == JobState.CANCELLED
        assert not jobs.run_chunk(waiting.pk)


def test_the_sweeper_finds_what_a_lost_broker_left(monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(run_job, "apply_async", lambda args, **how: sent.append(args[0]))
    with a_kind(one_source_a_step):
        lost = jobs.start_job("test", by=None)
        held = jobs.start_job("test", by=None)
        jobs._claim(held.pk)
        with django_capture_on_commit_callbacks(execute=True):
            assert sweep_jobs() == 1
    assert sent == [lost.pk]


def test_a_broker_that_is_away_is_no_error(monkeypatch, django_capture_on_commit_callbacks):
    def away(args, **how):
        raise ConnectionError("no broker")

    monkeypatch.setattr(run_job, "apply_async", away)
    monkeypatch.setattr(jobs, "CHUNK_SECONDS", 0)
    with a_kind(one_source_a_step):
        with django_capture_on_commit_callbacks(execute=True):
            job = jobs.start_job("test", by=None)
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.RUNNING, 1)


def test_a_job_that_keeps_killing_its_worker_is_given_up():
    with a_kind(one_source_a_step):
        job = jobs.start_job("test", by=None)
        for n in range(jobs.MOST_ATTEMPTS + 1):
            with time_at(now() + (jobs.LEASE + timedelta(seconds=1)) * (n + 1)):
                jobs._claim(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error
