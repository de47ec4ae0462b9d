"""Starting and stopping programs that must not outlive us."""

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from .places import Identity

_PR_SET_PDEATHSIG = 1


def dies_with_us(how: int):
    """For `preexec_fn`: the kernel sends `how` when we end, however we end. Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl  # found before the fork, where little is safe

    def arrange():
        prctl(_PR_SET_PDEATHSIG, how)

    return arrange


def clean_environment() -> dict[str, str]:
    """Ours without what would change how the database sorts, speaks or finds its server."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "PG")) and name not in ("LANG", "LANGUAGE")
    }
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def start(command, *, log: Path, cwd: Path, how_to_stop: int, identity: Identity):
    """A server in a session of its own, so that Ctrl-C reaches only us, who stop it in order."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [*identity.prefix, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            env=clean_environment(),
            start_new_session=True,
            preexec_fn=dies_with_us(how_to_stop),
            **identity.popen(),
        )


def stop(process, how: int, *, patience: float) -> None:
    """Ask it to stop; after `patience` seconds end it and all it started."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    end_group(process)


def end_group(process) -> None:
    """End what a process left behind; each leads a group of its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, for the person who must see why a program did not run."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines[-count:]) or "    (empty)"


def keep_log_short(log: Path, limit: int = 5_000_000) -> None:
    """Move a long log aside; one older one is kept."""
    if log.exists() and log.stat().st_size > limit:
        log.replace(log.with_suffix(".old.log"))
