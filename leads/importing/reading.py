"""The rows of a file as they stand in it: none is lost, and of those that cannot be read it is said why."""

import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from common.files import open_stored
from common.models import StoredFile
from leads.importing.formats import UTF16, Format
from leads.importing.problems import Problem, Unreadable
from leads.importing.workbooks import open_sheet

MOST_COLUMNS = 500
MOST_CELL = 20_000
MOST_LINE = 1_000_000
# A cell may run over some lines; a quotation mark nobody closes must not swallow the file.
MOST_LINES_OF_A_ROW = 100
# Each of them is read twice: beyond this the file was not written as CSV at all.
MOST_BROKEN = 1_000


class Place(NamedTuple):
    """Where to go on reading: bytes into the file, lines and rows read so far."""

    offset: int = 0
    line: int = 0
    number: int = 0


@dataclass(slots=True)
class Row:
    """One row of data. `line` is where it begins, counted from 1; `after` where the next one does."""

    line: int
    cells: list[str]
    after: Place
    problem: Problem | None = None


class Table:
    """A file read by `form`: its heading, and its rows from any place on."""

    def __init__(self, file: StoredFile, form: Format):
        self.file = file
        self.form = form
        self.heading: list[str] = []
        self.start = Place()
        self._read_heading()

    def rows(self, place: Place | None = None) -> Iterator[Row]:
        """The rows below the heading, or after `place`; blank ones are no rows."""
        place = place or self.start
        number = place.number
        for row in self._raw(place):
            if row.problem is None and not any(cell.strip() for cell in row.cells):
                continue
            number += 1
            row.after = row.after._replace(number=number)
            yield self._judged(row)

    def count(self) -> int:
        """How many rows there are, readable or not."""
        return sum(1 for _row in self.rows())

    def _raw(self, place: Place) -> Iterator[Row]:
        if self.form.is_xlsx:
            return _sheet_rows(self.file, self.form, place)
        return _text_rows(self.file, self.form, place)

    def _judged(self, row: Row) -> Row:
        width = len(self.heading)
        if row.problem:
            return row
        if any(cell.strip() for cell in row.cells[width:]):
            row.problem = Problem("too_many_cells", {"found": len(row.cells), "expected": width})
        elif len(row.cells) < width:
            row.problem = Problem("too_few_cells", {"found": len(row.cells), "expected": width})
        elif max(map(len, row.cells)) > MOST_CELL:
            at = next(i for i, cell in enumerate(row.cells) if len(cell) > MOST_CELL)
            row.problem = Problem("cell_too_long", {"most": MOST_CELL}, self.heading[at])
        else:
            row.cells = row.cells[:width]
        return row

    def _read_heading(self) -> None:
        """The first row with two cells or more (a note may stand above it), else the first row."""
        first = None
        for row in self._raw(Place()):
            filled = sum(1 for cell in row.cells if cell.strip())
            if row.problem or not filled:
                continue
            first = first or row
            if filled > 1:
                first = row
                break
            if row.line > 20:
                break
        if first is None:
            raise Unreadable(_("There is no row with headings in this file."))
        if len(first.cells) > MOST_COLUMNS:
            raise Unreadable(
                _("This file has more than %(most)s columns.") % {"most": MOST_COLUMNS}
            )
        self.heading = _distinct(first.cells)
        self.start = first.after


def _distinct(cells: list[str]) -> list[str]:
    """Names of columns: none blank, none twice. Blank ones at the end are no columns."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.replace("\0", "").split())[:200] or f"#{number}"
        wanted, again = name, 2
        while name in names:
            name, again = f"{wanted} ({again})", again + 1
        names.append(name)
    return names


# --- text ------------------------------------------------------------------------------------


class _Line(NamedTuple):
    number: int
    text: str
    after: int
    problem: Problem | None


class _Stop(Exception):
    """Ends a row that cannot be read further."""

    def __init__(self, problem: Problem):
        super().__init__(problem.code)
        self.problem = problem


class _Feed:
    """Gives lines to csv.reader, and takes back those behind the first of a row that broke."""

    def __init__(self, lines: Iterator[_Line]):
        self.lines = lines
        self.again: deque[_Line] = deque()
        self.taken: list[_Line] = []

    def __iter__(self):
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self.lines)
        self.taken.append(line)
        if line.problem:
            raise _Stop(line.problem)
        if len(self.taken) > MOST_LINES_OF_A_ROW:
            raise _Stop(Problem("quote"))
        return line.text

    def give_back(self) -> _Line:
        """Keep the first line of the broken row; the others are read again, each as its own."""
        first, *others = self.taken
        self.again.extendleft(reversed(others))
        return first


def _text_rows(file: StoredFile, form: Format, place: Place) -> Iterator[Row]:
    feed = _Feed(_lines(file, form, place))
    reader = csv.reader(feed, delimiter=form.delimiter, strict=True)
    broken = 0
    while True:
        feed.taken = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _Stop) as wrong:
            broken += 1
            if broken > MOST_BROKEN:
                raise Unreadable(_TOO_BROKEN) from wrong
            line = feed.give_back()
            problem = wrong.problem if isinstance(wrong, _Stop) else Problem("quote")
            yield Row(line.number, _roughly(line, form), Place(line.after, line.number), problem)
        else:
            last = feed.taken[-1]
            yield Row(feed.taken[0].number, cells, Place(last.after, last.number))


_TOO_BROKEN = _(
    "More than %(most)s rows of this file cannot be read. Check the delimiter and the quotation marks."
) % {"most": MOST_BROKEN}


def _roughly(line: _Line, form: Format) -> list[str]:
    """The cells of a line that is no proper row: for the report, where it can be mended."""
    text = line.text.rstrip("\r\n").replace("\0", "\ufffd")[:MOST_CELL]
    return text.split(form.delimiter)[:MOST_COLUMNS]


def _lines(file: StoredFile, form: Format, place: Place) -> Iterator[_Line]:
    """The physical lines after `place`, each decoded by itself: a bad byte spoils one line only.

    Neither UTF-8 nor CP932 uses a line feed or a carriage return inside a character.
    """
    stream, encoding = _open(file, form)
    number, at = place.line, max(place.offset, form.bom)
    stream.seek(at)
    with stream:
        while raw := stream.readline(MOST_LINE):
            number += 1
            at += len(raw)
            too_long = len(raw) == MOST_LINE and not raw.endswith(b"\n")
            while too_long and (rest := stream.readline(MOST_LINE)):
                at += len(rest)
                if rest.endswith(b"\n"):
                    break
            yield _line(raw, number, at, encoding, too_long)


def _line(raw: bytes, number: int, after: int, encoding: str, too_long: bool) -> _Line:
    problem = None
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode(encoding, errors="replace")
        problem = Problem("undecodable", {"encoding": encoding.upper()})
    if too_long:
        problem = Problem("line_too_long", {"most": MOST_LINE})
    elif "\0" in text:
        problem = problem or Problem("nul")
    return _Line(number, text, after, problem)


def _open(file: StoredFile, form: Format) -> tuple[io.BufferedIOBase, str]:
    stream: io.BufferedIOBase = open_stored(file)
    if form.encoding == UTF16:
        # Lines cannot be cut from UTF-16 by bytes: it is read as UTF-8 instead.
        text = stream.read().decode("utf-16", errors="replace")
        stream = io.BytesIO(text.lstrip("\ufeff").encode("utf-8", errors="replace"))
    if form.newline == "\r":
        stream = io.BytesIO(stream.read().replace(b"\r", b"\n"))
    return stream, "utf-8" if form.encoding == UTF16 else form.encoding


# --- workbooks -------------------------------------------------------------------------------


def _sheet_rows(file: StoredFile, form: Format, place: Place) -> Iterator[Row]:
    for line, cells in enumerate(open_sheet(file, form.sheet), start=1):
        if line > place.line:
            yield Row(line, cells, Place(0, line))
