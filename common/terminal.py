"""A job's progress in a terminal, and the language to speak there."""

import os
import shutil
import sys
import time

from common.models import Job

WIDTH = 30


class ProgressBar:
    """Draws over one line while somebody is watching; silent in a pipe or a log."""

    def __init__(self, stream=None):
        self.stream = stream or sys.stderr
        self.shows = self.stream.isatty()
        self.began = time.monotonic()
        self.drawn = 0.0

    def __call__(self, job: Job) -> None:
        """The job has made a step."""
        if not self.shows or time.monotonic() - self.drawn < 0.1:
            return
        self.drawn = time.monotonic()
        width = shutil.get_terminal_size().columns
        self.stream.write("\r" + self._line(job)[: width - 1].ljust(width - 1))
        self.stream.flush()

    def _line(self, job: Job) -> str:
        pace = job.done / max(time.monotonic() - self.began, 0.001)
        if not job.total:
            return f"{job.done:,}"
        filled = WIDTH * job.done // job.total
        bar = "█" * filled + "·" * (WIDTH - filled)
        return f"{bar} {job.percent:3} %  {job.done:,} / {job.total:,}  {pace:,.0f}/s"

    def end(self) -> None:
        """Leave the line free for what is written next."""
        if self.shows and self.drawn:
            self.stream.write("\r\x1b[K")
            self.stream.flush()


def terminal_language() -> str:
    """Japanese where the terminal's locale says so, else English."""
    spoken = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return "ja" if spoken.lower().startswith("ja") else "en"
