"""Starting a task without depending on the broker: the row is the truth, the task only a kick."""

import logging

from django.db import transaction

log = logging.getLogger(__name__)


def kick(task, *args) -> None:
    """Queue `task(*args)` once the present transaction commits; a broker that is down is no error.

    Whatever a kick starts is also found by a sweeper, so a lost kick costs time, not work.
    """

    def publish():
        try:
            task.apply_async(args, retry=False)
        except Exception as gone:  # the broker's client raises many kinds
            log.warning("broker not reached, %s waits for its sweeper: %s", task.name, gone)

    transaction.on_commit(publish)
