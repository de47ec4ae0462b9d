"""The embedded servers as others use them: joined where they run, started where they do not.

One lock, held as long as the servers live, says who runs them; a second, shared by everybody who
uses them, keeps a command that started them from stopping them under another one.
"""

import fcntl
import json
import os
import secrets
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from . import places, postgres, valkey
from .trouble import Trouble

PATIENCE = 120
ALL = (postgres, valkey)


def missing() -> list:
    """The kinds of server that no variable names and that we could run ourselves."""
    return [kind for kind in ALL if not os.environ.get(kind.VARIABLE) and kind.is_installed()]


class Home:
    """A directory with everything the servers of one checkout keep."""

    def __init__(self, path: Path, *, durable: bool = True):
        self.path = path
        self.durable = durable
        self.sockets = places.socket_directory(path)

    def environment(self) -> dict[str, str]:
        """What a process needs to reach the servers, running or not yet."""
        return {kind.VARIABLE: kind.url(self.sockets) for kind in missing()}

    def make(self) -> None:
        # Open, because as root the servers run as somebody else, who must pass through.
        places.make_directory(self.path, mode=0o755)
        places.make_directory(self.path / "log", mode=0o755)
        # Everybody with a socket could speak as the database's owner: so only we may see it.
        owner = places.identity(self.path / "postgres")
        if not owner.may_run("/bin/sh", "-c", 'cd "$0"', self.path):
            raise Trouble(
                f"{self.path} lies under a directory that is closed to others, and as root the "
                "servers run as somebody else: name another place in SMARKETING_VAR."
            )
        places.make_directory(
            self.sockets, mode=0o700, owner=owner, ours_only=self.path not in self.sockets.parents
        )

    def secret_key(self) -> str:
        """A key of this checkout's own, made once."""
        file = self.path / "secret_key"
        if not file.exists():
            new = file.with_suffix(f".{os.getpid()}")
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(secrets.token_urlsafe(48))
            with suppress(FileExistsError):  # another process was quicker: its key counts
                file.hardlink_to(new)
            new.unlink()
        return file.read_text()

    def say(self, **state) -> None:
        """Tell other processes how far we are."""
        new = self._state.with_suffix(".new")
        new.write_text(json.dumps({"pid": os.getpid(), **state}))
        new.replace(self._state)

    def heard(self) -> dict:
        """What the process that holds the lock told last."""
        try:
            return json.loads(self._state.read_text())
        except (OSError, ValueError):
            return {}

    @property
    def _state(self) -> Path:
        return self.path / "servers.json"

    def open_lock(self, name: str):
        return (self.path / name).open("a")

    def servers(self, kinds) -> list:
        made = {postgres: postgres.Postgres, valkey: valkey.Valkey}
        return [made[kind](self.path, self.sockets, durable=self.durable) for kind in kinds]


def take(lock, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def started(home: Home, kinds, *, users, role: str, patience: float, address: str = ""):
    """Run the servers while the block runs; our caller holds the lock.

    Yields them. At the end, others that use them get `patience` seconds to finish.
    """
    home.say(role=role, address=address, ready=False)
    with ExitStack() as stack:
        stack.callback(home._state.unlink, missing_ok=True)
        running = home.servers(kinds)
        for server in running:
            stack.callback(server.stop)
            server.start()
        home.say(role=role, address=address, ready=True)
        try:
            yield running
        finally:
            _wait_for_others(users, patience)
            home.say(role="stopping", ready=False)


def _wait_for_others(users, patience: float) -> None:
    deadline = time.monotonic() + patience
    told = False
    while not take(users, fcntl.LOCK_EX) and time.monotonic() < deadline:
        if not told:
            print("Waiting for another command that uses the servers…", file=sys.stderr)
            told = True
        time.sleep(0.1)


@contextmanager
def joined_or_started(home: Home, kinds):
    """The servers are there while the block runs, whoever started them."""
    home.make()
    with home.open_lock("lock") as lock, home.open_lock("users") as users:
        if _joins(home, lock, users):
            yield
            return
        with started(home, kinds, users=users, role="command", patience=float("inf")):
            yield


def _joins(home: Home, lock, users) -> bool:
    """True when running servers were joined, False when we hold the lock and must start them."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        fcntl.flock(users, fcntl.LOCK_SH)  # before the look, so that what we see stays
        if take(lock, fcntl.LOCK_EX):
            return False
        if home.heard().get("ready"):
            return True
        fcntl.flock(users, fcntl.LOCK_UN)
        time.sleep(0.1)
    raise Trouble(f"The servers of {home.path} are being started or stopped and do not get ready.")
