"""The register of figures: a name, what it means, and the one function that reads it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpi.measures.measure import Measure
from kpi.measures.scope import Scope
from kpi.states import Unit, View

Words = str | Promise


@dataclass(frozen=True)
class Figure:
    """`means` is the definition people read beside the figure; the formula is its docstring."""

    name: str
    title: Words
    means: Words
    unit: Unit
    measure: Callable[[Scope], Measure]
    # What the rows of the list are split into, for ratios: those that count, and the rest.
    parts: tuple[Words, Words] | None = None
    # Which rows the period chooses in the activity view; in the cohort view it is always the
    # leads captured in it.
    happened: Words = ""
    # Whether the list may say who; reading a brief, for one, is never shown by person.
    shows_people: bool = True
    # What is left to do with its readings, given the scope and the names of the groups.
    finish: Callable | None = None
    # The only groups that can be told by, where that is not for its rows to say.
    only_by: tuple[str, ...] | None = None

    def counted(self, view: str) -> Words:
        """Which rows the period chooses, in words."""
        if view == View.COHORT:
            return _("Of the leads captured in the period, to date.")
        return self.happened


FIGURES: dict[str, Figure] = {}


def figure(name: str = "", **facts) -> Callable:
    """Registers the function below as the measure of a figure of its name."""

    def register(measure: Callable[[Scope], Measure]):
        known = name or measure.__name__
        FIGURES[known] = Figure(name=known, measure=measure, **facts)
        return measure

    return register
