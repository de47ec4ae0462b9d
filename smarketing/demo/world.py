"""The demo's time: stories that take turns, each telling when it goes on.

A story is a generator: it does something and yields the moment of what it does next. The world
always lets the earliest go on, with `common.now()` set to its moment, so the verbs, and the rules in
them, see the history as it would have happened. What lies after the present never happens.
"""

import heapq
import itertools
import random
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from common import time_at
from smarketing.demo.campaigns import Effort
from smarketing.demo.cast import Cast
from smarketing.demo.hours import Hours

# What it returns tells the story it is part of how it ended.
Story = Generator[datetime, None, str | None]


@dataclass
class World:
    """Everything the stories share."""

    cast: Cast
    efforts: list[Effort]
    hours: Hours
    start: datetime
    end: datetime
    rng: random.Random
    # Whether offers go by rules of our own, yet.
    routed: bool = False
    _turns: list = field(default_factory=list)
    _numbers: itertools.count = field(default_factory=itertools.count)

    def tell(self, story: Story, *, at: datetime) -> None:
        """Let `story` begin at the moment `at`."""
        heapq.heappush(self._turns, (at, next(self._numbers), story))

    def plan(self, at: datetime, deed, *args, **what) -> None:
        """Let one deed happen at the moment `at`, whatever the other stories do."""

        def story() -> Story:
            deed(*args, **what)
            yield self.end

        self.tell(story(), at=at)

    def run(self) -> None:
        """Let all stories take their turns up to the present."""
        while self._turns and self._turns[0][0] < self.end:
            at, _, story = heapq.heappop(self._turns)
            with time_at(at):
                following = next(story, None)
            if following is not None:
                self.tell(story, at=max(following, at + timedelta(seconds=1)))
        self._turns.clear()

    def soon(self, team: str, at: datetime, median: float, spread: float = 0.8) -> datetime:
        """A working moment after `at`, as quick as `team` is in that week."""
        return self.hours.soon(self.rng, at, median * self.hours.pace(team, at), spread)
