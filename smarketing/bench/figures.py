"""What was measured, and what it is held to."""

from dataclasses import asdict, dataclass, field
from math import ceil

# The pages' targets at 100,000 leads on two cores; the KPI page has its own.
P50, P95, PER_SECOND, QUERIES, KB = 50.0, 100.0, 30.0, 15, 90.0
KPI_P50 = 150.0
# A hundred cards and more, at 2,000 live leads; and the answer that nothing has moved on it.
BOARD_P50, QUIET_P50 = 100.0, 20.0
# Six lists of twenty cards, in Japanese, before they are compressed.
BOARD_KB = 115.0
# Beyond that size another promise holds: no page takes so many times as long as at the size before.
JUDGED_AT, GROWTH = 100_000, 1.5


def percentile(values: list[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


@dataclass
class PageFigure:
    """One page, with the fragments it loads at once."""

    name: str
    p50: float
    p95: float
    most: float
    per_second: float
    queries: int
    kb: float
    target: float = P50
    most_kb: float = KB
    missed: list[str] = field(default_factory=list)

    def judge(self) -> "PageFigure":
        """Name every target that is missed."""
        held = {
            f"p50 ≤ {self.target:g} ms": self.p50 <= self.target,
            f"p95 ≤ {2 * self.target:g} ms": self.p95 <= 2 * self.target,
            f"{PER_SECOND:g}/s with eight": self.per_second >= PER_SECOND or self.target != P50,
            f"≤ {QUERIES} queries": self.queries <= QUERIES,
            f"≤ {self.most_kb:g} kB": self.kb <= self.most_kb,
        }
        self.missed = [name for name, kept in held.items() if not kept]
        return self


@dataclass
class RateFigure:
    """How often something can be done in a second."""

    name: str
    per_second: float
    least: float | None = None
    p50: float | None = None
    note: str = ""

    @property
    def missed(self) -> list[str]:
        if self.least is None or self.per_second >= self.least:
            return []
        return [f"≥ {self.least:g}/s"]


@dataclass
class Report:
    """All figures of one size, and the machine's limits measured beside them."""

    leads: int
    touches: int
    filled_in: float
    limits: dict[str, float] = field(default_factory=dict)
    pages: list[PageFigure] = field(default_factory=list)
    rates: list[RateFigure] = field(default_factory=list)

    def judge_growth(self, smaller: "Report") -> None:
        """Beyond 100,000 leads hold the pages to what they took at the size before.

        The KPI page counts rows until it has its rollups: it is not held to this.
        """
        before = {page.name: page.p50 for page in smaller.pages}
        for page in self.pages if self.leads > JUDGED_AT else ():
            flat = page.p50 <= GROWTH * before[page.name] or page.target == KPI_P50
            page.missed = [] if flat else [f"≤ {GROWTH:g}× of {smaller.leads:,} leads"]

    def data(self) -> dict:
        found = asdict(self)
        for row, figure in zip(found["rates"], self.rates, strict=True):
            row["missed"] = figure.missed
        return found

    @property
    def missed(self) -> list[str]:
        return [f"{one.name}: {what}" for one in [*self.pages, *self.rates] for what in one.missed]
