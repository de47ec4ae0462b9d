"""Sheets of XLSX workbooks as rows of text, the way a CSV of them would say it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum, WorksheetNotFound

from common.files import open_stored
from common.models import StoredFile
from leads.importing.problems import Unreadable

MOST_CELLS = 5_000_000

_DAMAGED = _("This workbook is damaged and cannot be opened.")


def sheet_names(file: StoredFile) -> list[str]:
    """The visible sheets, in their order."""
    book = _open(file)
    visible = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
    return visible or list(book.sheet_names)


def open_sheet(file: StoredFile, name: str = "") -> Iterator[list[str]]:
    """The rows of the sheet `name`, or of the first visible one that is not empty."""
    book = _open(file)
    try:
        sheet = book.get_sheet_by_name(name) if name else _first_filled(book)
        if sheet.total_height * sheet.width > MOST_CELLS:
            raise Unreadable(_("This sheet has too many cells. Save it as CSV."))
        for row in sheet.iter_rows():
            yield [as_text(cell) for cell in row]
    except WorksheetNotFound as missing:
        raise Unreadable(_("There is no sheet “%(name)s”.") % {"name": name}) from missing
    except CalamineError as damaged:
        raise Unreadable(_DAMAGED) from damaged


def _first_filled(book: CalamineWorkbook):
    sheets = [
        book.get_sheet_by_name(one.name)
        for one in book.sheets_metadata
        if one.visible == SheetVisibleEnum.Visible
    ] or [book.get_sheet_by_index(0)]
    return next((sheet for sheet in sheets if sheet.total_height), sheets[0])


def _open(file: StoredFile) -> CalamineWorkbook:
    try:
        with open_stored(file) as stream:
            return CalamineWorkbook.from_filelike(stream)
    except BaseException as damaged:
        # The reader panics over some damaged files, and its panic is no Exception.
        if isinstance(damaged, KeyboardInterrupt | SystemExit):
            raise
        raise Unreadable(_DAMAGED) from damaged


def as_text(cell) -> str:
    """A cell as a CSV would hold it: 5 not 5.0, dates as ISO, TRUE and FALSE."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)
