"""Starting a task without depending on the broker: the row is the truth, the task only a kick."""

import logging

from django.core.cache import cache
from django.db import transaction

# For so long a kick that was lost keeps others from being sent.
HELD_SECONDS = 10

log = logging.getLogger(__name__)


def kick(task, *args) -> None:
    """Queue `task(*args)` once the present transaction commits; a broker that is down is no error.

    Whatever a kick starts is also found by a sweeper, so a lost kick costs time, not work.
    """

    transaction.on_commit(lambda: _publish(task, args))


def kick_once(task) -> None:
    """Queue `task()` once the present transaction commits, unless one is queued that has not begun.

    For tasks that do whatever is due: they call `begun` first, so that what is committed later
    is kicked anew.
    """

    def publish():
        if cache.add(_key(task), 1, HELD_SECONDS):
            _publish(task, ())

    transaction.on_commit(publish)


def begun(task) -> None:
    """Say that a task which is queued by `kick_once` begins to look for what is due."""
    cache.delete(_key(task))


def _publish(task, args: tuple) -> None:
    try:
        task.apply_async(args, retry=False)
    except Exception as gone:  # the broker's client raises many kinds
        log.warning("broker not reached, %s waits for its sweeper: %s", task.name, gone)


def _key(task) -> str:
    return f"kick:{task.name}"
