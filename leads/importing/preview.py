"""What a file looks like, and what one row of it would become: shown before anything is written."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from common import now
from common.files import MEGABYTE
from common.models import StoredFile
from leads.importing import mapping
from leads.importing.dates import Order, order_of
from leads.importing.drafts import Drafter
from leads.importing.fields import Field, Reading
from leads.importing.formats import CP932, UTF8, Format
from leads.importing.people import People
from leads.importing.problems import Problem, Unreadable
from leads.importing.reading import Row, Table
from leads.importing.targets import Target
from leads.importing.values import one_line

ROWS = 200
EXACT_TO = 5 * MEGABYTE


@dataclass
class Sample:
    """The heading of a file and its first rows."""

    table: Table
    rows: list[Row]
    count: int
    is_exact: bool

    @property
    def heading(self) -> list[str]:
        return self.table.heading

    def cells(self, index: int, most: int = 3) -> list[str]:
        """The first different values of a column."""
        found: dict[str, None] = {}
        for row in self.rows:
            if not row.problem and (text := row.cells[index].strip()):
                found[text] = None
            if len(found) == most:
                break
        return list(found)


def sample(file: StoredFile, form: Format) -> Sample:
    """Raises `Unreadable` for what has no heading, or too many broken rows."""
    table = Table(file, form)
    rows = list(islice(table.rows(), ROWS))
    if len(rows) < ROWS:
        return Sample(table, rows, len(rows), True)
    if file.size <= EXACT_TO:
        return Sample(table, rows, table.count(), True)
    read = rows[-1].after.offset - table.start.offset
    return Sample(table, rows, round(file.size * ROWS / read) if read > 0 else ROWS, False)


def as_read_by(file: StoredFile, encoding: str) -> list[str]:
    """The first rows as text if the file were read in `encoding`: to see which is right."""
    first = bytes(file.pieces.values_list("data", flat=True).first() or b"")[: 64 * 1024]
    text = first.decode(encoding, errors="replace").lstrip("\ufeff")
    found = [line for line in text.splitlines()[:-1] or text.splitlines() if line.strip()]
    return [line[:90] for line in found[:2]]


def readable_encodings(form: Format) -> list[str]:
    """Between which a person may have to choose."""
    return [form.encoding, *(one for one in (UTF8, CP932) if one != form.encoding)][:2]


@dataclass
class Shown:
    """One row as it would come in."""

    number: int
    line: int
    title: str
    subtitle: str
    values: list[tuple[str, str]]
    problems: list[Problem]


@dataclass
class Preview:
    """The sample under a mapping: one row shown, and what is made even in all of them."""

    shown: Shown | None
    evened: list[tuple[str, int]]
    rejected: int
    unclear_dates: list[str] = field(default_factory=list)


def preview(
    found: Sample, target: Target, columns: dict[str, str], *, number: int = 1, order: str = ""
) -> Preview:
    """How the rows of a sample would come in, and row `number` in full."""
    sources = mapping.sources(target, found.heading, columns)
    organisation = Organisation.current()
    reading = Reading(
        at=now(),
        zone=organisation.zone,
        home=organisation.country or "JP",
        people=People(create=True),
    )
    orders, unclear = _orders(found, sources, order)
    drafter = Drafter(target, sources, reading, orders, {})
    shown, rejected = None, 0
    for at, row in enumerate(found.rows, start=1):
        draft, problems = (None, [row.problem]) if row.problem else drafter.draft(row)
        rejected += bool(problems)
        if at == number:
            shown = _shown(at, row, drafter, draft, problems)
    return Preview(shown, _evened(found, sources), rejected, unclear)


def _orders(found: Sample, sources, order: str) -> tuple[dict[str, str], list[str]]:
    orders, unclear = {}, []
    for source in sources:
        for index, name in source.columns if source.field.is_date else ():
            judged = order_of(row.cells[index] for row in found.rows if not row.problem)
            if judged == Order.UNCLEAR:
                unclear.append(name)
                judged = Order(order) if order else judged
            orders[name] = (judged or Order.YMD).value
    return orders, unclear


def _shown(number: int, row: Row, drafter: Drafter, draft, problems: list[Problem]) -> Shown:
    values = _values(drafter, row) if draft is not None else []
    said = {one.name: text for one, text in values}
    person = " ".join(filter(None, (said.get("family_name"), said.get("given_name"))))
    title = person or next(
        (said[name] for name in ("name", "lead.name", "email", "lead.email", "external_id", "lead.external_id") if said.get(name)), "",
    )  # fmt: skip
    place = ("company.name", "department", "title")
    subtitle = " ".join(filter(None, (said.get(name) for name in place)))
    hidden = {"family_name", "given_name", "name", *place}
    rest = [(str(one.label), text) for one, text in values if one.name not in hidden]
    return Shown(number, row.line, title, subtitle, rest, problems)


def _values(drafter: Drafter, row: Row) -> list[tuple[Field, str]]:
    found = []
    for one, value in drafter.values(row):
        if value is not None:
            found.append((one, _in_words(value)))
    return found


def _in_words(value) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, models.TextChoices):
        return str(value.label)
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return (
            f"{local:%Y-%m-%d %H:%M}"
            if (local.hour, local.minute) != (0, 0)
            else f"{local:%Y-%m-%d}"
        )
    if isinstance(value, date):
        return value.isoformat()
    return getattr(value, "name", None) or str(value)


def _evened(found: Sample, sources) -> list[tuple[str, int]]:
    """What is written otherwise than in the file, by kind, in the rows of the sample."""
    counts: Counter[str] = Counter()
    for source in sources:
        if source.field.lines:
            continue
        for index, _name in source.columns:
            for row in found.rows:
                if row.problem or not (text := row.cells[index]):
                    continue
                if one_line(text) != text:
                    counts["width"] += 1
                if source.field.name in ("phone", "mobile") and "-" not in text:
                    counts["phone"] += 1
    words = {
        "width": _("Full-width letters and digits, half-width kana, blanks"),
        "phone": _("Phone numbers without hyphens, or written otherwise"),
    }
    return [(words[code], n) for code, n in counts.most_common()]


__all__ = [
    "Preview",
    "Sample",
    "Unreadable",
    "as_read_by",
    "preview",
    "readable_encodings",
    "sample",
]
