"""gunicorn as production runs it, on the bench's database; and a bare Django beside it to compare."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings

from smarketing.embedded.process import dies_with_us, end_group

WORKERS = 2


@contextmanager
def serving(application: str, database: str) -> Iterator[int]:
    """gunicorn with two workers serves `application` ("smarketing.wsgi"); gives its port."""
    port = _free_port()
    with TemporaryFile() as log:
        running = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}",
                "--config", str(Path(settings.BASE_DIR) / "gunicorn.conf.py"),
                "--workers", str(WORKERS), "--log-level", "error", "--max-requests", "0",
            ],
            cwd=settings.BASE_DIR,
            env=os.environ
            | {"DJANGO_SETTINGS_MODULE": "smarketing.settings.bench", "DATABASE_URL": database},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_us(signal.SIGTERM),
        )  # fmt: skip
        try:
            _wait(running, port)
            yield port
        except BaseException as trouble:
            trouble.add_note(f"The web server said:\n{_said(log)}")
            raise
        finally:
            running.terminate()
            try:
                running.wait(10)
            except subprocess.TimeoutExpired:
                running.kill()
            end_group(running)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(running: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and running.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("gunicorn did not start.")


def _said(log) -> str:
    log.seek(0)
    return log.read().decode(errors="replace")[-4000:]
