"""What the clock does row by row: one that fails does not hold back those after it."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import OperationalError

log = logging.getLogger(__name__)
Row = TypeVar("Row")


def one_by_one(act: Callable[[Row], bool], rows: Iterable[Row]) -> int:
    """Have `act`, a transaction of its own, do each row. How many it did; what failed is logged and
    comes again with the next sweep."""
    done = 0
    for row in rows:
        try:
            done += bool(act(row))
        except OperationalError:
            raise  # A lost connection: the others would fail as well.
        except Exception:
            log.exception("the sweep failed for %r", row)
    return done
