"""Where the embedded servers keep their files, and as whom they run.

Every answer depends only on the machine and the checkout, so that a second process finds the
servers of the first.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .trouble import Trouble

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SHARED = Path("/var/lib/smarketing")
# A socket's path must stay under 107 bytes; ".s.PGSQL.5432" and a slash come behind it.
LONGEST_SOCKET_DIRECTORY = 107 - 16


@dataclass(frozen=True)
class Identity:
    """Who the servers run as: as ourselves, or, when we are root, as somebody with no rights.

    PostgreSQL refuses to run as root.
    """

    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()

    def popen(self) -> dict:
        """What subprocess needs to start a program as this identity."""
        if self.uid is None or self.prefix:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or directory to this identity."""
        if self.uid is not None and not self.prefix:
            os.chown(path, self.uid, self.gid)

    def may_run(self, *command) -> bool:
        try:
            done = subprocess.run(
                [*self.prefix, *map(str, command)], capture_output=True, cwd="/", **self.popen()
            )
        except OSError:
            return False
        return done.returncode == 0


def identity(data: Path | None = None) -> Identity:
    """As root: the owner of `data`, else `postgres`, else `nobody`; otherwise ourselves."""
    if os.geteuid() != 0:
        return Identity()
    found = _owner(data) or _somebody()
    if found.may_run("/bin/sh", "-c", ":"):
        return found
    # A container that maps no user but root cannot become somebody else, but can seem to be.
    seeming = Identity(0, 0, ("unshare", "--user", "--map-user=65534", "--map-group=65534"))
    if seeming.may_run("/bin/sh", "-c", ":"):
        return seeming
    raise Trouble(
        "PostgreSQL does not run as root, and this machine lets root become nobody else: "
        "run as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


def _owner(data: Path | None) -> Identity | None:
    if data is None or not data.exists():
        return None
    status = data.stat()
    return Identity(status.st_uid, status.st_gid) if status.st_uid else None


def _somebody() -> Identity:
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Identity(user.pw_uid, user.pw_gid)
    return Identity(65534, 65534)


def var() -> Path:
    """SMARKETING_VAR, or var/ in the checkout, or, where that is closed to others, a shared place.

    As root the servers run as somebody else, who must be able to reach their files.
    """
    if named := os.environ.get("SMARKETING_VAR"):
        return Path(named).expanduser().resolve()
    if os.geteuid() == 0 and not _open_to_others(CHECKOUT):
        return SHARED / _mark(CHECKOUT)
    return CHECKOUT / "var"


def _open_to_others(path: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (path, *path.parents))


def _mark(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def socket_directory(home: Path) -> Path:
    """Where the sockets lie: in `home`, or in a short place where its path is too long."""
    wanted = home / "run"
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_DIRECTORY:
        return wanted
    return Path("/tmp") / f"smarketing-{os.geteuid()}-{_mark(home)}"  # noqa: S108 (checked below)


def make_directory(
    path: Path, *, mode: int, owner: Identity | None = None, ours_only: bool = False
) -> None:
    """Make `path` with exactly `mode`, owned by `owner`.

    Refuse what somebody else laid there; root passes, but for places open to all (`ours_only`).
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() or not _may_use(path, owner, ours_only):
            raise PermissionError
        path.chmod(mode)
        if owner:
            owner.own(path)
    except PermissionError:
        raise Trouble(
            f"{path} cannot be used, it belongs to somebody else or its place may not be written: "
            "remove it, run as its owner, or name another place in SMARKETING_VAR."
        ) from None
    except OSError as error:
        raise Trouble(f"{path} cannot be made: {error.strerror}.") from None


def _may_use(path: Path, owner: Identity | None, ours_only: bool) -> bool:
    if os.geteuid() == 0 and not ours_only:
        return True
    return path.stat().st_uid in {os.geteuid(), owner.uid if owner else None}


def copy_for_others(name: str, *sources: Path) -> Path:
    """A directory with copies of `sources` (programs, or trees of them) that every user may run."""
    copy = SHARED / name
    if copy.exists():
        return copy
    make_directory(SHARED, mode=0o755)
    half = SHARED / f"{name}.{os.getpid()}"
    half.mkdir()
    for source in sources:
        duplicate = shutil.copytree if source.is_dir() else shutil.copy2
        duplicate(source, half / source.name)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)
    # In one step, so that nobody finds a half made one.
    half.replace(copy)
    return copy
