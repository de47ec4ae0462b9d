"""Signs that a file was hurt on its way here, mostly by a spreadsheet: told, never mended in silence."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from leads.importing.values import shown

ROWS_LOOKED_AT = 20_000
EXAMPLES = 3

_MONTH = r"(?:jan|feb|febr|mar|márc|apr|ápr|may|máj|maj|mai|jun|jún|jul|júl|aug|sep|szept|oct|okt|nov|dec|dez|déc|fév)"
# 20.máj, 05.jan, 5-May, Jan-05, 1月5日: what a spreadsheet makes of 5-20, 1-5.
_SIGNS = re.compile(
    rf"(?P<fragment>\d{{1,2}}[.\-/ ]\s?{_MONTH}\.?|{_MONTH}[.\-/ ]\s?\d{{1,2}}|\d{{1,2}}月\d{{1,2}}日)"
    r"|(?P<range>\d+\s?[-–~〜]\s?\d+|\d+\+)"
    r"|(?P<scientific>\d(?:[.,]\d+)?E\+\d{2})"
    r"|(?P<spreadsheet_error>#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!))"
    r"|(?P<too_narrow>#{4,})"
    r"|(?P<number>[1-9]\d{8,9})",
    re.IGNORECASE,
)
# UTF-8 read as CP932 or as Latin-1, and bytes nobody could read.
_GARBLED = re.compile("\ufffd|縺[\u0080-\uffff]|繧[\u0080-\uffff]|Ã[\x80-\xbf]|â€")

NOTES = {
    "ranges_became_dates": _(
        "“%(column)s”: cells such as %(examples)s look as if a spreadsheet had turned ranges into dates. "
        "Take this column from the original file."
    ),
    "dates_among_words": _(
        "“%(column)s”: cells such as %(examples)s are parts of a date among other words. A spreadsheet may "
        "have changed them."
    ),
    "scientific": _(
        "“%(column)s”: cells such as %(examples)s are shortened numbers; their last digits are lost."
    ),
    "spreadsheet_error": _(
        "“%(column)s”: cells such as %(examples)s are errors of a spreadsheet, not values."
    ),
    "too_narrow": _(
        "“%(column)s”: cells such as %(examples)s hold only #. The column was too narrow when it was saved."
    ),
    "garbled": _(
        "“%(column)s”: cells such as %(examples)s hold broken characters. Choose another encoding, or take "
        "the original file."
    ),
    "placeholder": _(
        "“%(column)s”: cells that only say that nothing was chosen count as empty (%(count)s)."
    ),
    "zero_lost": _(
        "“%(column)s”: numbers such as %(examples)s had lost their leading zero. It was put back."
    ),
    "date_order": _("“%(column)s” is read as %(order)s."),
    "date_order_unclear": _(
        "“%(column)s” can be read with day or month first. Say which; rows that depend on it are rejected."
    ),
    "repeats": _(
        "Rows that speak of somebody an earlier row spoke of only added what was missing (%(count)s)."
    ),
    "won_before_captured": _(
        "Deals won before the first contact with their lead are kept and flagged (%(count)s)."
    ),
    "people_made": _(
        "Unknown people were added as inactive members, named as the file calls them (%(count)s)."
    ),
    "people_to_make": _(
        "Unknown people will be added as inactive members, named as the file calls them (%(count)s)."
    ),
    "several_columns": _(
        "“%(field)s” comes from several columns, the first filled one of: %(columns)s."
    ),
}


@dataclass
class _Column:
    filled: int = 0
    ranges: int = 0
    signs: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))


class Damage:
    """Looks at cells as they pass; `notes()` says what was found."""

    def __init__(self, heading: list[str], *, dates: set[str], phones: set[str]):
        self.heading = heading
        self.dates = dates
        self.phones = phones
        self.columns = [_Column() for _name in heading]
        self.rows = 0

    def look(self, cells: list[str]) -> None:
        """Note what this row shows; beyond many rows nothing new is to be expected."""
        self.rows += 1
        if self.rows > ROWS_LOOKED_AT:
            return
        for name, column, cell in zip(self.heading, self.columns, cells, strict=False):
            if not cell:
                continue
            column.filled += 1
            if sign := self._sign(name, column, cell):
                column.signs[sign][shown(cell)] += 1

    def _sign(self, name: str, column: _Column, cell: str) -> str:
        # Long words hold no such sign but broken characters.
        found = _SIGNS.fullmatch(cell.strip()) if len(cell) <= 40 else None
        sign = found.lastgroup if found else ""
        if sign == "range":
            column.ranges += 1
        if sign == "number":
            return "zero_lost" if name in self.phones else ""
        if sign and sign != "range" and not (sign == "fragment" and name in self.dates):
            return sign
        return "garbled" if not cell.isascii() and _GARBLED.search(cell) else ""

    def notes(self) -> list[dict]:
        """[{code, column, data}], for `note_sentence`."""
        found = []
        for name, column in zip(self.heading, self.columns, strict=True):
            for sign, examples in column.signs.items():
                code = self._code(sign, column)
                shown_ = ", ".join(f"{text} ({n}×)" for text, n in examples.most_common(EXAMPLES))
                data = {"column": name, "count": examples.total(), "examples": shown_}
                found.append({"code": code, "data": data})
        return found

    def _code(self, sign: str, column: _Column) -> str:
        if sign != "fragment":
            return sign
        return "ranges_became_dates" if column.ranges else "dates_among_words"


def note(code: str, **data) -> dict:
    return {"code": code, "data": data}


def note_sentence(found: dict) -> str:
    """A note as a sentence in the reader's language."""
    template = NOTES.get(found["code"])
    return str(template) % found["data"] if template else found["code"]
