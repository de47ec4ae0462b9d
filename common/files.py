"""Files kept in the database in pieces: every web and worker machine reads the same one."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.db import transaction
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from common import now
from common.models import FilePiece, Job, StoredFile
from common.refusals import Malformed

PIECE = 1024 * 1024
MEGABYTE = 1024 * 1024
# Of one uploaded file. The form around it may add a little.
MOST_BYTES = 50 * MEGABYTE
KEPT_FOR = timedelta(days=14)

TOO_LARGE = _(
    "This file is larger than %(most)s MB. Split it, or leave out columns you do not need."
)


@transaction.atomic
def store(
    chunks: Iterable[bytes],
    *,
    name: str,
    by=None,
    purpose: str = "",
    content_type: str = "",
    most: int = MOST_BYTES,
) -> StoredFile:
    """Keep what `chunks` bring (an upload's `.chunks()`, an open file), never more of it in memory
    than two pieces. Raises `Malformed` beyond `most` bytes."""
    file = new_file(name=name, by=by, purpose=purpose, content_type=content_type)
    digest = hashlib.sha256()
    for piece in _in_pieces(chunks):
        digest.update(piece)
        append(file, piece)
        if file.size > most:
            raise Malformed(TOO_LARGE % {"most": most // MEGABYTE}, field="file")
    file.sha256 = digest.hexdigest()
    file.save(update_fields=["size", "sha256"])
    return file


def new_file(
    *, name: str, by=None, purpose="", content_type="", job: Job | None = None
) -> StoredFile:
    """An empty stored file, to be filled by `append`."""
    return StoredFile.objects.create(
        name=name[-255:],
        by=by,
        job=job,
        purpose=purpose,
        content_type=content_type[:100],
        created_at=now(),
    )


def append(file: StoredFile, piece: bytes) -> None:
    """Add a piece at the end of `file`; the caller saves its `size`."""
    number = file.pieces.order_by("-number").values_list("number", flat=True).first()
    FilePiece.objects.create(file=file, number=0 if number is None else number + 1, data=piece)
    file.size += len(piece)


def _in_pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)


def pieces_of(file: StoredFile) -> Iterator[bytes]:
    """The file piece by piece, for streaming: one in memory at a time."""
    for number in list(file.pieces.values_list("number", flat=True)):
        yield bytes(file.pieces.values_list("data", flat=True).get(number=number))


class _Pieces(io.RawIOBase):
    """A stored file that can be read from anywhere in it; fetches a piece when it is needed."""

    def __init__(self, file: StoredFile):
        self.file = file
        self.at = 0
        # Where each piece starts: an export's pieces are not all of one size.
        self.starts: list[tuple[int, int, int]] = []
        self.held: tuple[int, bytes] = (-1, b"")
        self._measure()

    def _measure(self):
        start = 0
        lengths = self.file.pieces.values_list("number", Length("data"))
        for number, length in lengths:
            self.starts.append((start, length, number))
            start += length
        self.size = start

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=io.SEEK_SET):
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        self.at = max(0, base + offset)
        return self.at

    def tell(self):
        return self.at

    def readinto(self, buffer):
        for start, length, number in self.starts:
            if start <= self.at < start + length:
                piece = self._piece(number)
                part = piece[self.at - start : self.at - start + len(buffer)]
                buffer[: len(part)] = part
                self.at += len(part)
                return len(part)
        return 0

    def _piece(self, number: int) -> bytes:
        if self.held[0] != number:
            data = self.file.pieces.values_list("data", flat=True).get(number=number)
            self.held = (number, bytes(data))
        return self.held[1]


def open_stored(file: StoredFile) -> io.BufferedReader:
    """The file as a binary stream that reads, seeks and tells, a piece at a time."""
    return io.BufferedReader(_Pieces(file), buffer_size=64 * 1024)


def forget_old_files(*, at: datetime) -> int:
    """Delete the files of jobs that ended, and uploads nobody used, after two weeks."""
    old = StoredFile.objects.filter(created_at__lt=at - KEPT_FOR)
    return old.exclude(job__in=Job.objects.open()).delete()[1].get("common.StoredFile", 0)


class SizeLimitUploadHandler(FileUploadHandler):
    """Stands first among the upload handlers: a body that is too long is refused before it is read."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803
        if content_length > MOST_BYTES + MEGABYTE:
            raise RequestDataTooBig
        return

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
