"""What the demo leaves behind so that its present looks like any working day."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F

from accounts.models import Notice, User
from handoff.models import Clock
from handoff.tasks import sweep_clocks
from smarketing.demo.world import Story, World

# From here on the real sweep warns and breaches every working hour, with its notices.
SWEPT = timedelta(days=10)
# Working minutes back from now that nobody has found the time to read about.
UNREAD = 300


def clockwork(world: World) -> Story:
    """The sweep: older promises are settled in one go, recent ones as the minutes pass."""
    settle_clocks(world.end - SWEPT)
    at = world.end - SWEPT
    while True:
        sweep_clocks()
        at = world.hours.after(at, 60)
        yield at


def settle_clocks(at: datetime) -> None:
    """Warned at 80 %, broken when due: as the sweep would have recorded it until `at`."""
    clocks = Clock.objects.filter(void=False)
    running_at_warning = clocks.filter(warn_at__lte=at).exclude(stopped_at__lte=F("warn_at"))
    running_at_warning.filter(warned_at=None).update(warned_at=F("warn_at"))
    late = clocks.filter(due_at__lte=at, breached_at=None).exclude(stopped_at__lte=F("due_at"))
    late.update(breached_at=F("due_at"))


def settle_notices(world: World) -> None:
    """People have read what is older than half a day, and get mails from now on."""
    Notice.objects.filter(created_at__lt=world.hours.before(world.end, UNREAD)).update(
        read_at=F("created_at") + timedelta(hours=2)
    )
    User.objects.update(notices_by_mail=True)


def refresh_statistics() -> None:
    """The planner knows nothing of rows written a moment ago."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if not connection.in_atomic_block else "ANALYZE")
