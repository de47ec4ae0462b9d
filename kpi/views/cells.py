"""What a list is made of: its columns, its lines, and values as people and as files read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from common import formats
from kpi.measures import Words


@dataclass(frozen=True)
class Column:
    title: Words
    css: str = ""


@dataclass(frozen=True)
class Cell:
    """`words` on the page, `plain` in the file; `url` makes it a link, `tone` a warning."""

    words: str
    plain: Any = None
    url: str = ""
    tone: str = ""
    css: str = ""


@dataclass(frozen=True)
class Line:
    """One row: the lead, its flag if it has one, and the cells."""

    url: str
    who: str
    company: str
    cells: Sequence[Cell]
    flag: str = ""


def text(value) -> Cell:
    words = formats.NOTHING if value in (None, "") else str(value)
    return Cell(words, value)


def moment(value: datetime | None, zone) -> Cell:
    if value is None:
        return Cell(formats.NOTHING, css="n")
    local = value.astimezone(zone)
    return Cell(formats.day(local.date()), local.strftime("%Y-%m-%d %H:%M:%S"), css="n")


def day(value: date | None) -> Cell:
    return Cell(formats.month(value), value and value.isoformat(), css="n")


def number(value, words: str, tone: str = "") -> Cell:
    return Cell(words if value is not None else formats.NOTHING, value, tone=tone, css="n")


def days_between(began: datetime | None, ended: datetime | None, zone) -> Cell:
    if began is None or ended is None:
        return Cell(formats.NOTHING, css="n")
    days = (ended.astimezone(zone).date() - began.astimezone(zone).date()).days
    return number(days, f"{days:,}", "late" if days < 0 else "")
