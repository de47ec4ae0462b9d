"""One reading function per figure, with its formula in the docstring, and the list behind it."""

from kpi.measures import funnel, handoffs, hearings, money, promises, returns, rounds  # noqa: F401 - each registers its figures
from kpi.measures.figure import FIGURES, Figure, Words
from kpi.measures.groups import GROUPS, Group, group_named
from kpi.measures.reading import Ask, Reading, list_of, read, read_all, read_one, wilson
from kpi.measures.scope import NONE, Scope
from kpi.measures.telling import can_be_told, place

__all__ = [
    "FIGURES",
    "GROUPS",
    "NONE",
    "Ask",
    "Figure",
    "Group",
    "Reading",
    "Scope",
    "Words",
    "can_be_told",
    "group_named",
    "list_of",
    "place",
    "read",
    "read_all",
    "read_one",
    "wilson",
]
