"""Which rows of a file speak of somebody an earlier row spoke of."""

import array
import hashlib

from common import files
from common.models import Job


class KnownRows:
    """What earlier rows of the file spoke of, kept as eight bytes each beside the job."""

    def __init__(self, job: Job):
        self.seen: set[int] = set()
        self.fresh = array.array("Q")
        self.file = job.files.filter(purpose="keys").first()
        if self.file:
            found = array.array("Q")
            found.frombytes(self.file.content)
            self.seen.update(found)

    def meet(self, known_by: list[str], repeats: list[str]) -> bool:
        """Whether an earlier row spoke of the same; from now on this one is known too."""
        is_known = any(_digest(key) in self.seen for key in repeats)
        for key in known_by:
            number = _digest(key)
            if number not in self.seen:
                self.seen.add(number)
                self.fresh.append(number)
        return is_known

    def save(self, job: Job) -> None:
        """Keep what was met since the last time, in the present transaction."""
        if not self.fresh:
            return
        self.file = self.file or files.new_file(name="keys", purpose="keys", job=job)
        files.append(self.file, self.fresh.tobytes())
        self.file.save(update_fields=["size"])
        self.fresh = array.array("Q")


def _digest(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest())
