"""Rows of cells into drafts: every cell judged, every problem said with its column."""

from collections import Counter
from dataclasses import replace
from typing import Any

from leads.importing.dates import Order
from leads.importing.fields import Reading
from leads.importing.mapping import Source
from leads.importing.problems import Bad, Problem
from leads.importing.reading import Row
from leads.importing.targets import Target
from leads.importing.values import is_placeholder, many_lines, one_line

# Values repeat down a column (dates, sources, owners): each is read once.
MEMORY = 5_000


class Drafter:
    """Makes drafts of one target from the rows of one file."""

    def __init__(
        self,
        target: Target,
        sources: list[Source],
        reading: Reading,
        orders: dict[str, str],
        whole: dict[str, Any],
    ):
        self.target = target
        self.whole = whole if target.whole_in_rows else {}
        self.columns = [
            [
                (index, name, replace(reading, order=Order(orders.get(name, Order.YMD))), {})
                for index, name in source.columns
            ]
            for source in sources
        ]
        self.fields = [source.field for source in sources]
        # Cells that only say "nothing chosen", by column: they count as empty, and are reported.
        self.placeholders: Counter[str] = Counter()

    def draft(self, row: Row) -> tuple[Any, list[Problem]]:
        """(the draft, what is wrong with the row); a row with a problem does not go in."""
        draft, problems = self.target.draft(), []
        for name, value in self.whole.items():
            self.target.put(draft, name, value)
        for field, columns in zip(self.fields, self.columns, strict=True):
            try:
                value = self._value(field, columns, row.cells)
            except Bad as bad:
                problems.append(Problem(bad.code, bad.data, bad.column))
                continue
            if value is not None:
                self.target.put(draft, field.name, value)
        if not problems and (wrong := self.target.incomplete(draft)):
            problems.append(Problem(wrong[0], {}, self.column_of(wrong[1])))
        return draft, problems

    def values(self, row: Row) -> list[tuple[Any, Any]]:
        """(field, value) of every cell that can be read: for showing a row."""
        found = []
        for field, columns in zip(self.fields, self.columns, strict=True):
            try:
                found.append((field, self._value(field, columns, row.cells)))
            except Bad:
                continue
        return found

    def _value(self, field, columns, cells):
        found = []
        for index, name, reading, memory in columns:
            cell = cells[index]
            if not cell:
                continue
            if cell not in memory:
                if len(memory) >= MEMORY:
                    memory.clear()
                memory[cell] = self._read(field, cell, reading, name)
            value, is_placeholder_ = memory[cell]
            self.placeholders[name] += is_placeholder_
            if isinstance(value, Bad):
                value.column = name
                raise value.with_traceback(None)
            if value is None:
                continue
            if not field.joined:
                return value
            found.append(value)
        return " ".join(found) if found else None

    def _read(self, field, cell: str, reading: Reading, name: str) -> tuple[Any, bool]:
        text = many_lines(cell) if field.lines else one_line(cell)
        if not text:
            return None, False
        if is_placeholder(text):
            return None, True
        try:
            return field.read(text, reading), False
        except Bad as bad:
            return bad, False

    def column_of(self, field_name: str) -> str:
        """What the file calls the column behind a field, where there is one."""
        for field, columns in zip(self.fields, self.columns, strict=True):
            if field.name == field_name:
                return columns[0][1]
        return ""
