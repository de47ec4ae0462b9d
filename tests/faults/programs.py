"""Programs that tests start, and end as a lost machine would: web server, broker, mail server."""

import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import redis
from django.conf import settings

from smarketing.embedded import valkey
from smarketing.embedded.process import dies_with_us, end_group
from tests.worker import environment_of_the_test, wait_for


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Program:
    """Something that listens on a port of ours."""

    def __init__(self, log: Path, port: int | None = None, **environment):
        self.log, self.port, self.environment = log, port or free_port(), environment
        self.process = None

    def start(self):
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=settings.BASE_DIR,
                env=environment_of_the_test() | self.environment,
                start_new_session=True,
                preexec_fn=dies_with_us(signal.SIGKILL),
            )
        wait_for(lambda: answers(self.port), 60, lambda: self.log.read_text(errors="replace"))
        return self

    def kill(self):
        """kill -9, to it and all it started."""
        end_group(self.process)
        self.process.wait()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process:
            self.kill()


class Web(Program):
    """gunicorn with two workers, as in production."""

    def command(self):
        config = str(Path(settings.BASE_DIR) / "gunicorn.conf.py")
        return [
            sys.executable, "-m", "gunicorn", "smarketing.wsgi", "--config", config,
            "--bind", f"127.0.0.1:{self.port}", "--workers", "2",
        ]  # fmt: skip


class Broker(Program):
    """A Valkey or Redis of this test alone, without anything on the disk."""

    def command(self):
        wheel = valkey._wheel() if valkey.is_installed() else None
        program = str(wheel) if wheel else shutil.which("redis-server")
        return [program, "--port", str(self.port), "--save", "", "--appendonly", "no"]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def waiting(self) -> int:
        """Tasks in the queue."""
        with redis.Redis(port=self.port) as client:
            return client.llen("celery")


class MailServer(socketserver.ThreadingTCPServer):
    """Takes every mail, slowly, and remembers whose it was once it has said yes."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, *, seconds_each: float = 0):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.seconds_each = seconds_each
        self.delivered: list[str] = []

    @property
    def port(self) -> int:
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class _Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as Django speaks."""

    def handle(self):
        self._say(220)
        reader = ""
        while line := self.rfile.readline().decode(errors="replace").strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                reader = line.partition("<")[2].partition(">")[0]
            if verb == "DATA":
                self._say(354)
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                time.sleep(self.server.seconds_each)
                self.server.delivered.append(reader)
            self._say(221 if verb == "QUIT" else 250)
            if verb == "QUIT":
                return

    def _say(self, code: int) -> None:
        with suppress(OSError):
            self.wfile.write(b"%d ok\r\n" % code)
