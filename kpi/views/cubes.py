"""Readings by several groups at once, added up along each of them."""

from collections import defaultdict
from dataclasses import dataclass

from kpi.measures import FIGURES, Ask, Reading
from kpi.states import Unit

Found = dict[Ask, list[Reading]]


@dataclass
class Tally:
    """What can be added: rows, rows that count, amounts."""

    n: int = 0
    part: float = 0
    value: float = 0

    def add(self, reading: Reading) -> None:
        self.n += reading.n
        self.part += reading.numerator or 0
        self.value += reading.value or 0


def asks(names: tuple[str, ...], groups: tuple[str, ...] = ()) -> list[Ask]:
    """What a cube (or, without groups, a single reading) wants to be read."""
    return [(name, groups) for name in names]


class Cube:
    """Counts, ratios and sums (never medians) of some figures, read by all `groups` at once."""

    def __init__(self, found: Found, names: tuple[str, ...], groups: tuple[str, ...]):
        self.groups = groups
        self.readings = {name: found[name, groups] for name in names}
        self._known: dict[tuple[str, ...], dict] = {}

    def along(self, *groups: str) -> dict[tuple, dict[str, Reading]]:
        """{group values: {figure: reading}}, with the other groups added up."""
        if groups not in self._known:
            self._known[groups] = self._added_up(groups)
        return self._known[groups]

    def _added_up(self, groups: tuple[str, ...]) -> dict[tuple, dict[str, Reading]]:
        places = [self.groups.index(group) for group in groups]
        tallies: dict[tuple, dict[str, Tally]] = defaultdict(dict)
        for name, readings in self.readings.items():
            for reading in readings:
                key = tuple(reading.group[place] for place in places)
                tallies[key].setdefault(name, Tally()).add(reading)
        return {
            key: {name: _reading(name, tally, key) for name, tally in found.items()}
            for key, found in tallies.items()
        }

    def total(self, name: str) -> Reading:
        return self.along().get((), {}).get(name) or empty(name)


def empty(name: str, group: tuple = ()) -> Reading:
    """The reading of no rows at all."""
    return _reading(name, Tally(), group)


def _reading(name: str, tally: Tally, group: tuple) -> Reading:
    figure = FIGURES[name]
    if figure.unit == Unit.RATIO:
        share = tally.part / tally.n if tally.n else None
        return Reading(name, figure.unit, share, tally.n, tally.part, tally.n, group)
    value = tally.n if figure.unit == Unit.COUNT else tally.value
    return Reading(name, figure.unit, value, tally.n, group=group)
