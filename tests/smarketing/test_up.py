"""`manage.py up` for real, with servers and data of its own: start, second start, faults, stop."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from smarketing.embedded import postgres, valkey

ROOT = Path(settings.BASE_DIR)
NOT_PASSED_ON = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL", "PYTEST_XDIST_WORKER")
pytestmark = [
    pytest.mark.own_servers,
    pytest.mark.slow,
    pytest.mark.skipif(
        not (postgres.is_installed() and valkey.is_installed()), reason="no embedded servers here"
    ),
]


class Place:
    """One var/ with everything that runs on it."""

    def __init__(self, var):
        self.var = var
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        self.environment = kept | {
            "SMARKETING_VAR": str(var),
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "smarketing.settings.dev",
            "PYTHONUNBUFFERED": "1",
        }

    def manage(self, *arguments):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def up(self):
        return Up(self)

    def programs(self):
        """The command lines of all that runs with this var/, by number."""
        found = {}
        for process in Path("/proc").iterdir():
            if not process.name.isdecimal():
                continue
            line = _read(process / "cmdline").replace("\0", " ")
            # Some write their title over their environment, and the directory into the title.
            if str(self.var) in line + _read(process / "environ"):
                found[int(process.name)] = line
        return found


class Up:
    """One run of `up`, from its start to its end."""

    def __init__(self, place):
        self.place = place
        self.output = place.var.with_name("output")
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=place.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + 90
        while "is running at" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def said(self):
        return self.output.read_text(errors="replace")

    def kill(self, words):
        """End the first program whose command line holds `words`, as a fault would."""
        programs = self.place.programs()
        os.kill(min(pid for pid, line in programs.items() if words in line), signal.SIGKILL)

    def end(self, how=signal.SIGINT):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(60)


def _read(file):
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(place, path):
    with urllib.request.urlopen(f"http://localhost:{place.port}{path}", timeout=10) as response:
        return response.read().decode()


@pytest.fixture(scope="module")
def place():
    """A var/ whose database has an administrator: a first start need not load the demo."""
    directory = Path("/tmp") / f"smk-up-{os.getpid()}"  # short, and open to whom root starts
    directory.mkdir(mode=0o755)
    made = Place(directory / "var")
    for arguments in (
        ("migrate", "-v0"),
        ("create_admin", "ops@example.com", "--link", "--no-input", "--family-name", "運用"),
    ):
        done = made.manage(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    yield made
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def up(place):
    run = place.up()
    yield run
    run.end(signal.SIGTERM)
    assert place.programs() == {}


def test_everything_runs_a_second_start_says_so_and_a_command_joins(place, up):
    assert '"ready"' in answer(place, "/readyz")
    assert "csrfmiddlewaretoken" in answer(place, "/accounts/login/")
    assert answer(place, "/static/css/app.css")

    second = place.manage("up")
    assert second.returncode == 0
    assert (
        second.stdout.strip() == f"Smarketing is already running at http://localhost:{place.port}"
    )

    asked = "from accounts.models import User; print(User.objects.get().email)"
    assert place.manage("shell", "-v0", "-c", asked).stdout.strip() == "ops@example.com"

    assert up.end() == 0
    assert up.said().rstrip().endswith("Stopped.")


@pytest.mark.parametrize(
    ("words", "name"),
    [("gunicorn", "web"), ("app smarketing worker", "worker"), ("valkey-server", "Valkey")],
)
def test_what_ends_by_itself_stops_everything_and_is_named(place, up, words, name):
    up.kill(words)
    assert up.process.wait(60) == 1
    assert f"{name} has ended by itself (signal SIGKILL), so everything stops" in up.said()
    assert place.programs() == {}


def test_after_the_supervisor_is_killed_nothing_is_left_and_a_new_start_works(place, up):
    up.end(signal.SIGKILL)
    again = place.up()
    try:
        assert '"ready"' in answer(place, "/readyz")
        assert set(up.said().split()) <= set(again.said().split())
    finally:
        assert again.end() == 0
    with pytest.raises(urllib.error.URLError):
        answer(place, "/healthz")


def test_the_application_is_no_superuser_and_japanese_has_trigrams(place):
    asked = (
        "from django.db import connection; c = connection.cursor();"
        "c.execute(\"SELECT usesuper, similarity('株式会社', '株式会社')"
        ' FROM pg_user WHERE usename = current_user"); print(c.fetchone())'
    )
    done = place.manage("shell", "-v0", "-c", asked)
    assert done.stdout.strip() == "(False, 1.0)", done.stderr
