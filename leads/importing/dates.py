"""Days and moments as files write them. Which comes first, day or month, is judged by a whole column."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from leads.importing.problems import Bad
from leads.importing.values import one_line, shown

EARLIEST = date(1990, 1, 1)
# Clocks of other machines may be a little ahead of ours.
FUTURE_ALLOWED = timedelta(minutes=10)


class Order(StrEnum):
    """In which order a column writes its days."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"
    UNCLEAR = "unclear"


ORDER_NAMES = {
    Order.YMD: _("year, month, day"),
    Order.DMY: _("day, month, year"),
    Order.MDY: _("month, day, year"),
    Order.UNCLEAR: _("day or month first: unclear"),
}

_TIME = r"(?:[T\s]*(?P<h>\d{1,2})[:時](?P<mi>\d{2})(?:[:分](?P<s>\d{2})(?:[.,]\d{1,9})?)?[分秒]?\s*(?P<ap>[AaPp]\.?[Mm]\.?)?)?"
_ZONE = r"\s*(?P<z>Z|UTC|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日.]?(?:\s*\(.\))?"
    + _TIME
    + _ZONE
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})" + _TIME + _ZONE)
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4})" + _TIME + _ZONE)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAY_WORD = re.compile(
    r"(?P<d>\d{1,2})[-\s](?P<w>[A-Za-z]{3,9})[-\s,]+(?P<y>\d{4})" + _TIME + _ZONE
)
_WORD_DAY = re.compile(r"(?P<w>[A-Za-z]{3,9})\s(?P<d>\d{1,2}),?\s(?P<y>\d{4})" + _TIME + _ZONE)


def order_of(cells: Iterable[str]) -> Order | None:
    """The order of a column's days; None if no cell is a date at all."""
    found = None
    first_large = second_large = False
    for cell in cells:
        text = one_line(cell)
        if match := _YEAR_LAST.fullmatch(text):
            found = Order.UNCLEAR
            first_large |= int(match["a"]) > 12
            second_large |= int(match["b"]) > 12
        elif found is None and (_YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)):
            found = Order.YMD
    if found == Order.UNCLEAR and first_large != second_large:
        return Order.DMY if first_large else Order.MDY
    return found


@lru_cache(maxsize=20_000)
def moment(text: str, zone: ZoneInfo, order: Order) -> datetime:
    """The moment a cell names; without a time of day the beginning of the day in `zone`."""
    day, clock, offset = _parts(text, order)
    try:
        found = datetime.combine(day, clock)
    except ValueError as wrong:
        raise Bad("date_impossible", value=shown(text)) from wrong
    if day < EARLIEST:
        raise Bad("date_too_old", value=shown(text))
    if offset:
        offset = "+0000" if offset in ("Z", "UTC") else offset.replace(":", "")
        return datetime.strptime(f"{found:%Y-%m-%dT%H:%M:%S}{offset}", "%Y-%m-%dT%H:%M:%S%z")
    return found.replace(tzinfo=zone)


def past(text: str, zone: ZoneInfo, order: Order, at: datetime) -> datetime:
    """A moment that lies behind `at`: something that happened."""
    found = moment(text, zone, order)
    if found > at + FUTURE_ALLOWED:
        raise Bad("date_in_future", value=shown(text))
    return found


def day(text: str, order: Order) -> date:
    """The calendar day a cell names; a month alone is its first day."""
    if match := re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})月?", text):
        text = f"{match[1]}-{match[2]}-1"
    return _parts(text, order)[0]


def _parts(text: str, order: Order) -> tuple[date, time, str]:
    match = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        year, month, number = match["y"], match["m"], match["d"]
    elif match := _YEAR_LAST.fullmatch(text):
        year, month, number = match["y"], *_sorted(match, order, text)
    elif match := (_DAY_WORD.fullmatch(text) or _WORD_DAY.fullmatch(text)):
        year, month, number = match["y"], _month(match["w"], text), match["d"]
    else:
        raise Bad("not_a_date", value=shown(text))
    try:
        return date(int(year), int(month), int(number)), _clock(match), match["z"] or ""
    except ValueError as wrong:
        raise Bad("date_impossible", value=shown(text)) from wrong


def _sorted(match: re.Match, order: Order, text: str) -> tuple[str, str]:
    """(month, day) of a date that ends with its year."""
    first, second = match["a"], match["b"]
    if first == second or order == Order.MDY:
        return first, second
    if order == Order.DMY:
        return second, first
    raise Bad("date_unclear", value=shown(text))


def _month(word: str, text: str) -> int:
    try:
        return _MONTHS.index(word[:3].lower()) + 1
    except ValueError as wrong:
        raise Bad("not_a_date", value=shown(text)) from wrong


def _clock(match: re.Match) -> time:
    if not match["h"]:
        return time()
    hour = int(match["h"])
    if half := match["ap"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    return time(hour, int(match["mi"]), int(match["s"] or 0))
