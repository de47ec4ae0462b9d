"""The way from lead to win: the tiles on the two sheets, and the steps with their times."""

from dataclasses import dataclass
from itertools import pairwise

from common import formats
from kpi.measures import FIGURES, Reading, Scope, read_all, read_one
from kpi.states import SIDES, Step
from kpi.views.cubes import Found, asks
from kpi.views.shown import Shown, show

WHOLE = ((Step.LEADS, Step.WON), (Step.MQL, Step.WON))
# The ways past the steps that imported leads never took: their times are read where needed.
PAST = ((Step.MQL, Step.SAL), (Step.SAL, Step.SQL))
PAIRS = (*pairwise(Step), *PAST, *WHOLE)


@dataclass
class Stage:
    """One step: how many, what share of the step before came so far, and how long that took."""

    step: Step
    side: str
    count: Shown
    before: int | None
    share: Shown | None = None
    time: Shown | None = None

    @property
    def label(self):
        return self.step.label

    @property
    def change(self) -> float | None:
        """Against the same day of the period before."""
        if not self.before:
            return None
        return (self.count.reading.n - self.before) / self.before

    @property
    def change_words(self) -> str:
        return formats.percent(abs(self.change or 0))


def _name(kind: str, pair: tuple[Step, Step]) -> str:
    return f"{kind}_{pair[0].value}_{pair[1].value}"


COUNTED = (*Step.values, *(_name("conversion", pair) for pair in PAIRS))
TIMED = tuple(_name("velocity", pair) for pair in PAIRS if pair not in PAST)


class Way:
    asks = asks((*COUNTED, *TIMED))

    def __init__(self, found: Found, scope: Scope):
        self.scope = scope
        self.now = {name: found[name, ()][0] for name, _by in self.asks}
        earlier = scope.before()
        self.then: dict[str, Reading] = {}
        if earlier:
            then = read_all(asks(COUNTED), earlier)
            self.then = {name: readings[0] for (name, _by), readings in then.items()}
        self.stages = self._stages()

    def _stages(self) -> list[Stage]:
        """Each step told against the last one before it that any lead took."""
        found: list[Stage] = []
        last: Step | None = None
        for step in Step:
            before = self.then.get(step.value)
            stage = Stage(step, SIDES[step], self._show(step.value), before.n if before else None)
            if last and (last, step) in PAIRS:
                stage.share = self._show(_name("conversion", (last, step)))
                stage.time = self._time((last, step))
            if self.now[step.value].n:
                last = step
            found.append(stage)
        return found

    def _time(self, pair: tuple[Step, Step]) -> Shown:
        name = _name("velocity", pair)
        if name not in self.now:
            self.now[name] = read_one(FIGURES[name], self.scope)
        return self._show(name)

    def _show(self, name: str) -> Shown:
        return show(self.now[name], self.scope)

    @property
    def whole(self) -> list[tuple]:
        """(from, to, share, median time) of the whole way."""
        return [
            (
                pair[0].label,
                pair[1].label,
                self._show(_name("conversion", pair)),
                self._show(_name("velocity", pair)),
            )
            for pair in WHOLE
            if self.now[pair[0].value].n
        ]

    @property
    def imported(self) -> bool:
        """Nothing was offered here, and yet accepted: deals that came in by an import."""
        return bool(self.now[Step.SAL.value].n and not self.now[Step.OFFERED.value].n)

    def falls(self) -> list[tuple[Reading, Reading | None]]:
        """Each share now and in the period before."""
        shares = [stage.share.reading for stage in self.stages if stage.share]
        return [(share, self.then.get(share.name)) for share in shares]

    def at(self, step: Step) -> Stage:
        return self.stages[list(Step).index(step)]
