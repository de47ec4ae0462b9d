"""A measure: one figure as a query. The figure counts the rows of its list, so both are the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import Aggregate, Count, Expression, F, Model, Q, QuerySet, Sum

from kpi.measures.scope import Scope
from kpi.measures.sql import DaysBetween, HoursBetween, Percentiles


class How(Enum):
    """How the rows become one number."""

    COUNT = "count"
    RATIO = "ratio"
    MEDIAN = "median"
    NINETIETH = "ninetieth"
    SUM = "sum"


@dataclass(frozen=True)
class Room:
    """A kind of rows that figures are made of, and how the filters of a page narrow it."""

    name: str
    model: type[Model]
    filters: Mapping[str, Callable[[str], Q]]

    def __hash__(self):
        return hash(self.name)

    def rows(self, scope: Scope) -> QuerySet:
        """All rows the asker may see, within the filters; the period is the measure's own."""
        objects: Any = self.model._default_manager
        rows = objects.all() if scope.user is None else objects.visible_to(scope.user)
        for name, value in scope.filters:
            if name in self.filters:
                rows = rows.filter(self.filters[name](value))
        return rows


@dataclass(frozen=True)
class Measure:
    """The rows in `window` (the period) that are `where`; of a ratio, those that are also `part`.

    `moment` is the column a list is sorted by and months are made of, `month` another column for
    the months. `span` are the two moments whose distance is averaged, `quantity` what else is
    averaged or summed. `person` is the column of the person a row counts for; "" if it must never
    be shown by person.
    """

    room: Room
    window: Q
    where: Q
    moment: str
    how: How = How.COUNT
    part: Q | None = None
    quantity: Expression | F | None = None
    span: tuple[str, str] | None = None
    month: str = ""
    person: str = ""

    def columns(self, zone: str, only: Q | None = None) -> dict[str, Aggregate]:
        """The aggregates that make the number, each over the rows `only`."""
        aggregates: dict[str, Aggregate] = {"n": Count("pk", filter=only)}
        if self.how is How.RATIO:
            part = self.part if only is None else only & self.part
            aggregates["part"] = Count("pk", filter=part)
        if self.how is How.SUM:
            aggregates["total"] = Sum(self.quantity, filter=only)
        if self.span:
            aggregates["middle"] = Percentiles(DaysBetween(*self.span, zone), filter=only)
            aggregates["hours"] = Percentiles(HoursBetween(*self.span), filter=only)
        elif self.how in (How.MEDIAN, How.NINETIETH):
            aggregates["middle"] = Percentiles(self.quantity, filter=only)
        return aggregates
