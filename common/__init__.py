"""What every app stands on: refusals, time, jobs, keyset paging, text normalisation, web glue.

Knows none of the other apps.
"""

from common.clock import now, time_at

__all__ = ["now", "time_at"]
