"""Which figures can be told by which group, and in which order."""

from kpi.measures.figure import Figure
from kpi.measures.groups import Group
from kpi.measures.reading import Reading
from kpi.measures.scope import Scope


def can_be_told(figure: Figure, scope: Scope, group: Group | None) -> bool:
    """Whether the figure has a value for each of `group`, and may be shown so."""
    if not figure.shows_people and any(name == "person" for name, _ in scope.filters):
        return False
    if group is None:
        return True
    # A return is over a cost, which knows only its campaign.
    if figure.only_by is not None and group.name not in figure.only_by:
        return False
    return group.fits(figure.measure(scope), scope)


def place(reading: Reading, group: Group | None):
    """For sorting: months in their order, everything else with the most rows first."""
    if group and group.name in ("month", "week", "engagement", "band", "fit"):
        return (reading.group[0] is None, str(group.key_of(reading.group[0])).zfill(10))
    return (-reading.n, str(reading.group))
