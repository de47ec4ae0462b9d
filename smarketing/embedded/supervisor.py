"""What `make run` runs: servers, web, worker and beat in the foreground, stopped together."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from . import process, servers
from .trouble import Trouble

ADDRESS = "127.0.0.1"
ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    # As root in a container of one's own Celery's warning is only noise.
    "C_FORCE_ROOT": "1",
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
}


def port() -> int:
    """PORT, or 8000."""
    named = os.environ.get("PORT") or "8000"
    if not named.isdecimal() or not 0 < int(named) < 65536:
        raise Trouble(f"PORT is {named!r}; it must be a number from 1 to 65535.")
    return int(named)


def check_port(number: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, number))
        except PermissionError:
            raise Trouble(
                f"Port {number} may not be used by this user; choose another: make run PORT=8000"
            ) from None
        except OSError:
            raise Trouble(
                f"Port {number} is taken by another program; "
                f"choose another: make run PORT={number + 1}"
            ) from None


@contextmanager
def only_one(home: servers.Home):
    """We alone run this checkout: yields the lock file of those who use the servers.

    Raises AlreadyRunning where another `up` does; a passing command is waited for.
    """
    home.make()
    with home.open_lock("lock") as lock, home.open_lock("users") as users:
        told = False
        while not servers.take(lock, fcntl.LOCK_EX):
            state = home.heard()
            if state.get("role") == "up":
                raise AlreadyRunning(state.get("address", ""))
            if not told:
                say("Waiting for a command that uses the servers…")
                told = True
            time.sleep(0.2)
        yield users


class AlreadyRunning(Exception):
    """Its text is the address."""


class Child:
    """One program of ours; its lines go to the terminal and to its log."""

    def __init__(self, name: str, *module, home: Path):
        self.name = name
        self.log = home / "log" / f"{name}.log"
        if self.log.exists():  # one log a run, and the one before it
            self.log.replace(self.log.with_suffix(".old.log"))
        self.running = subprocess.Popen(
            [sys.executable, "-m", *map(str, module)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | ENVIRONMENT,
            start_new_session=True,
            preexec_fn=process.dies_with_us(signal.SIGTERM),
        )
        self.reader = threading.Thread(target=self._pass_on, daemon=True)

    def _pass_on(self):
        with self.log.open("ab") as log:
            for line in self.running.stdout:
                log.write(line)
                log.flush()
                text = line.decode(errors="replace").rstrip()
                if text:
                    print(f"{self.name:>6} | {text}", flush=True)

    def ask_to_stop(self) -> None:
        if self.running.poll() is None:
            self.running.terminate()

    def wait(self, patience: float) -> None:
        """Until it has stopped; after `patience` seconds, or at a second Ctrl-C, end it."""
        try:
            self.running.wait(patience)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            self.running.kill()
            self.running.wait()
        process.end_group(self.running)
        if self.reader.is_alive():
            self.reader.join(1)


def commands(home: Path, number: int) -> dict[str, list]:
    """What `python -m` runs, by the name it has in the terminal."""
    celery = ["celery", "--quiet", "--app", "smarketing"]
    quiet = ["--loglevel", "WARNING"]
    return {
        "web": [
            "gunicorn", "smarketing.wsgi", "--bind", f"{ADDRESS}:{number}",
            "--graceful-timeout", "10",
        ],
        "worker": [
            *celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", *quiet,
        ],
        "beat": [*celery, "beat", "--schedule", home / "celerybeat-schedule", "--pidfile=", *quiet],
    }  # fmt: skip


@contextmanager
def programs(home: Path, number: int):
    """Web, worker and beat run while the block runs; whatever ends it, ends them all."""
    running: list[Child] = []
    try:
        for name, module in commands(home, number).items():
            running.append(Child(name, *module, home=home))
        # Readers last: forking is safe only while no thread runs.
        for child in running:
            child.reader.start()
        yield running
    finally:
        say("Stopping…")
        for child in running:
            child.ask_to_stop()
        for child in running:
            child.wait(patience=35)  # a task takes at most thirty seconds


def wait_until_ready(running: list[Child], number: int, patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        check(running)
        try:
            with urllib.request.urlopen(f"http://{ADDRESS}:{number}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Trouble(f"The web server does not answer on port {number}.")


def watch(running: list) -> None:
    """Until we are told to stop, or one of these children and servers ends."""
    while True:
        check(running)
        time.sleep(0.3)


def check(running: list) -> None:
    for each in running:
        if each.running.poll() is not None:
            time.sleep(0.3)  # its last words are still on their way to the log
            raise Trouble(
                f"{each.name} has ended by itself ({_said(each.running.returncode)}), "
                f"so everything stops; {each.log} ends:\n{process.last_lines(each.log, 8)}"
            )


def _said(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def stop_as_on_interrupt() -> None:
    """A polite request to end, or a closed terminal, ends us in order like Ctrl-C.

    Which itself is set too: a shell starts what it puts into the background deaf to it. `nohup`
    is obeyed.
    """

    def interrupt(*_):
        raise KeyboardInterrupt

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, interrupt)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, interrupt)


def say(text: str) -> None:
    print(text, flush=True)
