"""Many people at once: threads, each with a connection of its own, that set off together."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from common.refusals import Refusal

# What takes minutes at full size runs at full size every night.
NIGHTLY = bool(os.environ.get("SMARKETING_NIGHTLY"))


class Crowd:
    """So many people who act at once, round after round, on connections that stay open.

    An answer is what a deed returned, or the `Refusal` it met; anything else fails the test.
    """

    def __init__(self, size: int):
        self.size = size
        self.barrier = threading.Barrier(size)

    def __enter__(self):
        self.pool = ThreadPoolExecutor(self.size)
        return self

    def __exit__(self, *_):
        # Each thread closes its own connection; the barrier makes sure that every thread does.
        list(self.pool.map(lambda _: self._meet_and(connections.close_all), range(self.size)))
        self.pool.shutdown()

    def all_do(self, *deeds) -> list:
        """Each of the `size` deeds in a thread of its own; their answers in the same order."""
        assert len(deeds) == self.size
        return list(self.pool.map(self._try, deeds))

    def _try(self, deed):
        try:
            return self._meet_and(deed)
        except Refusal as refusal:
            return refusal

    def _meet_and(self, deed):
        self.barrier.wait(timeout=60)
        return deed()


def at_once(*deeds) -> list:
    """All deeds at the same time; their answers, or the refusals they met, in the same order."""
    with Crowd(len(deeds)) as crowd:
        return crowd.all_do(*deeds)


def winners(answers: list) -> list:
    return [one for one in answers if not isinstance(one, Refusal)]


def refusals(answers: list) -> list:
    return [one for one in answers if isinstance(one, Refusal)]


def assert_in_words(refusal: Refusal) -> None:
    assert str(refusal)
