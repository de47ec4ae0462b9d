"""A reading together with the door to its list."""

from collections.abc import Iterable
from dataclasses import dataclass

from kpi.filters import list_url
from kpi.measures import Reading, Scope
from kpi.templatetags.figures import words_of


@dataclass(frozen=True)
class Shown:
    """What a page shows of a figure."""

    reading: Reading
    url: str

    @property
    def text(self) -> str:
        return words_of(self.reading)

    @property
    def percent(self) -> float:
        """A ratio as 0 to 100, for the length of a bar."""
        return (self.reading.value or 0) * 100


def show(
    reading: Reading,
    scope: Scope,
    cells: Iterable[tuple[str, str]] = (),
    part: bool | None = None,
) -> Shown:
    return Shown(reading, list_url(reading.name, scope, cells, part))
