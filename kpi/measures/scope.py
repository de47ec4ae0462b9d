"""What is asked: counted which way, over which period, of which part of the business."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from accounts.models import User
from kpi.periods import Period, midnight
from kpi.states import View

# The value of a filter or the key of a group that means: blank, not given.
NONE = "none"


@dataclass(frozen=True)
class Scope:
    """The question every figure answers.

    `filters` narrow all figures of a page (source, campaign, team, lane, person); `cells` narrow
    one figure to one group of it (month, clause, reason …), as the rows of a table do.
    `at` is the moment of asking: a promise counts once its time is over.
    """

    view: View
    period: Period
    at: datetime
    user: User | None = None
    filters: tuple[tuple[str, str], ...] = ()
    cells: tuple[tuple[str, str], ...] = ()
    as_of: datetime | None = None

    @property
    def by_cohort(self) -> bool:
        return self.view == View.COHORT

    def within(self, *cells: tuple[str, str]) -> "Scope":
        """The same question about one group only."""
        return replace(self, cells=self.cells + cells)

    def before(self) -> "Scope | None":
        """The same question about the period before, up to the same day of it.

        Nothing that happened after that day is known to it: else an older cohort, which had more
        time, would always look better.
        """
        earlier = self.period.before()
        if earlier is None:
            return None
        today = self.at.astimezone(self.period.zone).date()
        gone = max(min(today + timedelta(days=1), self.period.end) - self.period.first, timedelta())
        end = min(earlier.first + gone, earlier.end)
        period = replace(earlier, end=end)
        return replace(self, period=period, as_of=midnight(end, period.zone))
