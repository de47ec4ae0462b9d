"""The servers that come along: where they lie, who holds them, and what a person is told."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from smarketing.embedded import places, postgres, process, servers, supervisor, valkey
from smarketing.embedded.commands import with_servers
from smarketing.embedded.trouble import Trouble
from tests.worker import wait_for

pytestmark = pytest.mark.nodb
ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def home(tmp_path):
    made = servers.Home(tmp_path / "var")
    made.path.mkdir()
    return made


def test_what_the_environment_names_is_not_ours_to_run(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    assert servers.missing() == [postgres]


def test_addresses_are_known_before_the_servers_run(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    home = servers.Home(tmp_path / "var")
    assert home.environment() == {
        "DATABASE_URL": postgres.url(home.sockets),
        "REDIS_URL": valkey.url(home.sockets),
    }


def test_the_servers_lie_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("SMARKETING_VAR", str(tmp_path / "elsewhere"))
    assert places.var() == tmp_path / "elsewhere"


def test_sockets_move_to_a_short_place_where_the_path_is_too_long(tmp_path):
    assert places.socket_directory(Path("/srv/var")) == Path("/srv/var/run")
    moved = places.socket_directory(tmp_path / ("長い名前" * 20))
    assert len(os.fsencode(moved)) <= places.LONGEST_SOCKET_DIRECTORY
    assert moved == places.socket_directory(tmp_path / ("長い名前" * 20))


def test_a_link_laid_by_somebody_is_not_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(Trouble, match="belongs to somebody else"):
        places.make_directory(tmp_path / "link", mode=0o700)


def test_the_key_is_made_once_and_only_we_may_read_it(home):
    first = home.secret_key()
    assert len(first) > 50
    assert home.secret_key() == first
    assert (home.path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("named", ["0", "65536", "eighty", "-1"])
def test_a_port_must_be_one(monkeypatch, named):
    monkeypatch.setenv("PORT", named)
    with pytest.raises(Trouble, match="must be a number from 1 to 65535"):
        supervisor.port()


def test_an_unprepared_database_is_told_in_a_sentence(monkeypatch):
    for kind in servers.ALL:
        monkeypatch.setenv(kind.VARIABLE, "somewhere://else")
    missing = type("UndefinedTable", (Exception,), {"pgcode": "42P01"})()
    with pytest.raises(SystemExit, match="migrate"), with_servers(["manage.py", "figures"]):
        raise RuntimeError from missing


@pytest.mark.parametrize("address", ["postgres://nobody@127.0.0.1:1/none", "nonsense"])
def test_a_database_that_is_not_there_is_told_in_a_sentence(address):
    """A new user's first slip is a line about DATABASE_URL, not a page of Python."""
    ended = subprocess.run(
        [sys.executable, "manage.py", "figures"],
        env={**os.environ, "DATABASE_URL": address, "REDIS_URL": "redis://none"}
        | {"DJANGO_SETTINGS_MODULE": "smarketing.settings.dev"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "DATABASE_URL" in ended.stderr


def test_another_error_of_a_command_stays_itself(monkeypatch):
    for kind in servers.ALL:
        monkeypatch.setenv(kind.VARIABLE, "somewhere://else")
    with pytest.raises(RuntimeError), with_servers(["manage.py", "figures"]):
        raise RuntimeError


def test_a_taken_port_is_told_with_the_way_out():
    import socket

    with socket.socket() as other:
        other.bind((supervisor.ADDRESS, 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {taken} is taken .* make run PORT={taken + 1}"):
            supervisor.check_port(taken)


def test_a_second_up_learns_the_address_of_the_first(home, monkeypatch):
    monkeypatch.setattr(home, "make", lambda: None)
    home.say(role="up", address="http://localhost:8000", ready=True)
    with home.open_lock("lock") as lock:
        assert servers.take(lock, fcntl.LOCK_EX)
        with pytest.raises(supervisor.AlreadyRunning, match="http://localhost:8000"):
            supervisor.only_one(home).__enter__()


def test_a_command_joins_servers_that_are_ready(home, monkeypatch):
    monkeypatch.setattr(home, "make", lambda: None)
    home.say(role="up", ready=True)
    with home.open_lock("lock") as lock:
        assert servers.take(lock, fcntl.LOCK_EX)
        with servers.joined_or_started(home, [postgres]), home.open_lock("users") as users:
            # Whoever runs them waits for us before stopping them.
            assert not servers.take(users, fcntl.LOCK_EX)


def test_a_program_that_does_not_listen_is_ended_with_all_it_started():
    deaf = "import signal, subprocess, sys, time; signal.signal(15, signal.SIG_IGN);"
    deaf += "p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); time.sleep(60)"
    running = subprocess.Popen(
        [sys.executable, "-c", deaf], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    child = int(running.stdout.readline())
    running.stdout.close()
    process.stop(running, signal.SIGTERM, patience=0.2)
    assert running.returncode == -signal.SIGKILL
    wait_for(lambda: not _runs(child))


def _runs(pid):
    """Whether it runs; one that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_the_environment_of_the_servers_has_no_language_and_no_other_server(monkeypatch):
    for name in ("LC_ALL", "LANG", "PGHOST", "LC_COLLATE"):
        monkeypatch.setenv(name, "ja_JP.eucJP")
    clean = process.clean_environment()
    assert clean["LC_ALL"] == "C"
    assert not {"LANG", "PGHOST", "LC_COLLATE"} & clean.keys()


def test_a_log_tells_its_end(tmp_path):
    log = tmp_path / "x.log"
    log.write_text("\n".join(f"line {n}" for n in range(100)))
    assert process.last_lines(log, 2) == "    line 98\n    line 99"
    assert process.last_lines(tmp_path / "none.log") == ""
