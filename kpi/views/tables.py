"""Campaigns, sources and teams: the same figures, one row each."""

from dataclasses import dataclass, field

from kpi.measures import NONE, Reading, Scope
from kpi.states import Unit
from kpi.views.cubes import Cube, Found, asks, empty
from kpi.views.names import Names
from kpi.views.shown import Shown, show
from leads.states import CampaignKind

COUNTS = ("leads", "mql", "sal", "sql", "won")
# What can be told by source, campaign and team alike, and what only by some of them.
ADDED = (*COUNTS, "conversion_mql_won", "won_amount")
ANSWERS = {"campaign": ("return_rate",), "team": ("acceptance_rate", "return_rate")}
KEPT = ("sla_kept",)
CELLS = (*ADDED, "acceptance_rate", "return_rate", *KEPT)
MOST_ROWS = 12


@dataclass
class Row:
    """One campaign, source or team. `cells` are by figure; what it has no rows of is empty."""

    label: str
    tag: str
    cells: dict[str, Shown]
    key: str = ""
    cost: int = 0
    back: Shown | None = None

    @property
    def counts(self) -> list[Shown]:
        return [self.cells[name] for name in COUNTS]

    @property
    def weight(self) -> tuple:
        return tuple(-self.cells[name].reading.n for name in COUNTS)


@dataclass
class Table:
    kind: str
    rows: list[Row] = field(default_factory=list)
    hidden: int = 0


class Tables:
    """All three from the same cubes of leads, answers, deals and promises."""

    groups = ("source", "campaign", "team")
    asks = (
        *asks(ADDED, groups),
        *(ask for group, names in ANSWERS.items() for ask in asks(names, (group,))),
    )

    def __init__(self, found: Found, scope: Scope, names: Names, promises: Cube):
        self.scope, self.names = scope, names
        own = Cube(found, ADDED, self.groups)
        answers = [Cube(found, told, (group,)) for group, told in ANSWERS.items()]
        self.cubes = (own, *answers, promises)
        self.amount = own.total("won_amount")

    def by(self, kind: str) -> Table:
        """The rows of a kind with anything to tell, the largest first; blank and unknown apart."""
        along = [cube.along(kind) for cube in self.cubes if kind in cube.groups]
        values = {key[0] for found in along for key in found}
        rows = [self._row(kind, value, along) for value in values]
        rows.sort(key=lambda row: (row.key == NONE, row.weight, row.label))
        return Table(kind, rows[:MOST_ROWS], max(0, len(rows) - MOST_ROWS))

    def _row(self, kind: str, value, along) -> Row:
        key = NONE if value is None else str(value)
        found: dict[str, Reading] = {}
        for one in along:
            found |= one.get((value,), {})
        cells = {
            name: show(found.get(name) or empty(name), self.scope, ((kind, key),)) for name in CELLS
        }
        known = self.names.kinds[kind].get(key)
        row = Row(self.names.of(kind, value), self._tag(kind, known), cells, key=key)
        if known:
            row.cost = known.cost
            row.back = self._return(cells["won_amount"], known.cost, key)
        return row

    def _return(self, amount: Shown, cost: int, key: str) -> Shown:
        """Unless the page is narrowed by what a cost knows nothing of."""
        narrowed = any(name != "campaign" for name, _ in self.scope.filters)
        value = None if narrowed or not cost else amount.reading.value / cost
        reading = Reading("campaign_return", Unit.TIMES, value, amount.reading.n)
        return show(reading, self.scope, (("campaign", key),))

    @staticmethod
    def _tag(kind: str, known) -> str:
        return str(CampaignKind(known.more).label) if known and kind == "campaign" else ""
