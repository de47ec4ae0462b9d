"""Where it is stuck: the promise furthest below its target, or the step that fell most."""

from collections.abc import Iterable
from dataclasses import dataclass

from kpi.measures.reading import Reading

# Fewer rows say nothing: one late answer of two is no bottleneck.
FEWEST_PROMISES = 5
FEWEST_LEADS = 20
# A step that lost less than this is noise.
LEAST_FALL = 0.01


@dataclass(frozen=True)
class Stuck:
    """`share` is how it is, `should` the target or what it was before; `clause` of a promise."""

    reading: Reading
    should: float
    clause: str = ""

    @property
    def gap(self) -> float:
        return self.should - (self.reading.value or 0)


def where_stuck(
    promises: dict[str, Reading],
    target: float,
    steps: Iterable[tuple[Reading, Reading | None]],
) -> Stuck | None:
    """The largest gap in percentage points; None where nothing is below.

    `promises` are the kept shares by clause, `steps` each conversion now and in the period before.
    """
    found = [
        Stuck(reading, target, clause)
        for clause, reading in promises.items()
        if reading.n >= FEWEST_PROMISES and (reading.value or 0) < target
    ]
    found += [
        Stuck(reading, before.value)
        for reading, before in steps
        if before is not None
        and before.value is not None
        and min(reading.n, before.n) >= FEWEST_LEADS
        and before.value - (reading.value or 0) >= LEAST_FALL
    ]
    return max(found, key=lambda stuck: stuck.gap, default=None)
