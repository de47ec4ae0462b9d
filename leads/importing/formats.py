"""How the bytes of a file are to be read: told by the file itself where possible, else asked."""

import codecs
import csv
import zipfile
from dataclasses import asdict, dataclass, replace

from django.utils.translation import gettext_lazy as _

from common.files import MEGABYTE, open_stored
from common.models import StoredFile
from leads.importing.problems import Unreadable

UTF8, CP932, UTF16, XLSX = "utf-8", "cp932", "utf-16", "xlsx"
ENCODINGS = {
    UTF8: _("UTF-8"),
    CP932: _("CP932 (Shift_JIS, Excel in Japanese)"),
    UTF16: _("UTF-16 (“Unicode text” of Excel)"),
}
DELIMITERS = {",": _("comma"), "\t": _("tab"), ";": _("semicolon")}

# What a workbook may unfold to: it is read into memory as a whole.
MOST_XLSX = 20 * MEGABYTE
MOST_XLSX_UNFOLDED = 300 * MEGABYTE
MOST_UTF16 = 20 * MEGABYTE
SAMPLE = 256 * 1024

_BOMS = ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF16_LE, UTF16), (codecs.BOM_UTF16_BE, UTF16))
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Format:
    """One way to read one file."""

    encoding: str
    delimiter: str = ","
    bom: int = 0
    newline: str = "\n"
    sheet: str = ""

    @property
    def is_xlsx(self) -> bool:
        return self.encoding == XLSX

    def as_data(self) -> dict:
        return asdict(self)

    @classmethod
    def of(cls, data: dict) -> "Format":
        return cls(**data)


def guess_format(file: StoredFile, *, encoding="", delimiter="", sheet="") -> Format:
    """How `file` is to be read; what is given is taken as said.

    The order is byte order mark, strict UTF-8, strict CP932: half of all Japanese words in UTF-8
    are also valid CP932, so UTF-8 must be asked first. Raises `Unreadable` for what is no table.
    """
    with open_stored(file) as stream:
        head = stream.read(SAMPLE)
    if not head.strip():
        raise Unreadable(_("This file is empty."))
    if head.startswith(_ZIP):
        return _workbook(file, sheet)
    if head.startswith(_OLD_OFFICE):
        raise Unreadable(_("This is a workbook of the old kind (.xls). Save it as .xlsx or CSV."))
    found = _by_mark(head, encoding) or _by_trying(file, encoding)
    if found.encoding == UTF16 and file.size > MOST_UTF16:
        raise Unreadable(_("This UTF-16 file is too large. Save it as UTF-8."))
    return _with_delimiter(found, head, delimiter)


def _by_mark(head: bytes, encoding: str) -> Format | None:
    for mark, name in _BOMS:
        if head.startswith(mark) and encoding in ("", name):
            return Format(name, bom=len(mark) if name == UTF8 else 0)
    return None


def _by_trying(file: StoredFile, encoding: str) -> Format:
    if encoding:
        if encoding not in ENCODINGS:
            raise Unreadable(
                _("“%(name)s” is not an encoding we read. Choose utf-8, cp932 or utf-16.")
                % {"name": encoding}
            )
        return Format(encoding)
    for name in (UTF8, CP932):
        if _decodes(file, name):
            return Format(name)
    raise Unreadable(
        _(
            "This file is neither UTF-8 nor CP932 throughout. Choose the encoding; "
            "lines that cannot be read are then reported one by one."
        )
    )


def _decodes(file: StoredFile, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with open_stored(file) as stream:
            while piece := stream.read(MEGABYTE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _with_delimiter(form: Format, head: bytes, delimiter: str) -> Format:
    text = head.decode(form.encoding, errors="replace").lstrip("\ufeff")
    newline = "\n" if "\n" in text or "\r" not in text else "\r"
    lines = [line for line in text.replace(newline, "\n").split("\n") if line.strip()][:20]
    return replace(form, newline=newline, delimiter=delimiter or guess_delimiter(lines))


def guess_delimiter(lines: list[str]) -> str:
    """The character that parts the first lines most evenly into most cells; a comma if none does."""
    return max(DELIMITERS, key=lambda one: _evenness(lines, one))


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    """(lines with as many cells as the fullest kind of line, cells of such a line)."""
    try:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return (0, 0)
    parted = [count for count in counts if count > 1]
    if not parted:
        return (0, 0)
    usual = max(set(parted), key=lambda count: (parted.count(count), count))
    return (parted.count(usual), usual)


def _workbook(file: StoredFile, sheet: str) -> Format:
    if file.size > MOST_XLSX:
        raise Unreadable(
            _("This workbook is larger than %(most)s MB. Save the sheet as CSV.")
            % {"most": MOST_XLSX // MEGABYTE}
        )
    try:
        with open_stored(file) as stream, zipfile.ZipFile(stream) as parts:
            unfolded = sum(part.file_size for part in parts.infolist())
            names = set(parts.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as broken:
        raise Unreadable(_("This workbook is damaged and cannot be opened.")) from broken
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Unreadable(_("This is no workbook and no CSV file."))
    if unfolded > MOST_XLSX_UNFOLDED:
        raise Unreadable(_("This workbook unfolds to too much. Save the sheet as CSV."))
    return Format(XLSX, sheet=sheet)
