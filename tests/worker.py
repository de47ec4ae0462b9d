"""A real Celery worker, in a process of its own, on this test process's database and broker."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.db import connection

from smarketing.embedded.process import dies_with_us, end_group


class Worker:
    """A worker that runs; `kill()` ends it as a lost machine would."""

    def __init__(self, log, *, concurrency=1, **environment):
        self.log = log
        command = ["-m", "celery", "--quiet", "--app", "smarketing", "worker"]
        options = [f"--concurrency={concurrency}", "--without-gossip", "--without-mingle"]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, *command, *options, "--loglevel=INFO"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment_of_the_test() | environment,
                start_new_session=True,
                preexec_fn=dies_with_us(signal.SIGKILL),
            )

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def said(self) -> str:
        """Its log so far."""
        return self.log.read_text(errors="replace")

    def wait_until_ready(self, patience=60):
        wait_for(lambda: " ready." in self.said(), patience, self.said)

    def kill(self):
        """Without a chance to finish or to give anything back."""
        end_group(self.process)
        self.process.wait()

    def stop(self):
        if self.is_alive:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
        self.kill()


def wait_for(condition, patience=20, explain=lambda: ""):
    """Until `condition()` is true; fails with `explain()` after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not (answer := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"This did not become true within {patience} s. {explain()}")
        time.sleep(0.05)
    return answer


def environment_of_the_test():
    """For processes beside this one: the same database and the same broker."""
    url = urlsplit(os.environ["DATABASE_URL"])
    database = url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    own = {
        "DJANGO_SETTINGS_MODULE": "smarketing.settings.test",
        "DATABASE_URL": database,
        "REDIS_URL": settings.REDIS_URL,
        "C_FORCE_ROOT": "1",
        "PYTHONUNBUFFERED": "1",
    }
    # The number of the process is already in these addresses.
    kept = {k: v for k, v in os.environ.items() if k != "PYTEST_XDIST_WORKER"}
    return kept | own


def empty_broker():
    """Tasks of earlier tests name rows that are no more."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()


# The worker of tests that follow one another; none of them kills it, or the next starts another.
_shared: list[Worker] = []


def _end_shared():
    while _shared:
        _shared.pop().stop()


@pytest.fixture(scope="session", autouse=True)
def _no_worker_left():
    yield
    _end_shared()


@pytest.fixture(autouse=True)
def _no_worker_unasked(request):
    """A worker of the tests before would do this one's tasks behind its back."""
    if "celery_worker_process" not in request.fixturenames:
        _end_shared()


@pytest.fixture
def celery_worker_process(transactional_db, tmp_path_factory):
    """A worker that is ready and has nothing waiting."""
    empty_broker()
    if not (_shared and _shared[-1].is_alive):
        _end_shared()
        _shared.append(Worker(tmp_path_factory.mktemp("worker") / "log"))
    _shared[-1].wait_until_ready()
    return _shared[-1]


@pytest.fixture
def start_worker(transactional_db, tmp_path):
    """`with start_worker() as worker:` a worker of this test's own, for tests that kill it."""

    @contextmanager
    def start(**options):
        worker = Worker(tmp_path / f"worker-{time.monotonic_ns()}.log", **options)
        try:
            worker.wait_until_ready()
            yield worker
        finally:
            worker.stop()

    empty_broker()
    return start
