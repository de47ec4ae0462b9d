"""Whether anything has moved since a page was drawn."""

from datetime import datetime
from hashlib import blake2b

from django.db.models import Max, Sum

from leads.models import LeadEvent

# Events may commit in another order than that of their ids: one that comes late is among these.
LATEST = 200


def version_now(*, at: datetime) -> str:
    """Another word after every event of the timeline, and every minute, since clocks tell minutes.

    One reading of the end of an index. A hash, so that nobody counts what they may not see.
    """
    latest = LeadEvent.objects.order_by("-pk").values("pk")[:LATEST]
    found = LeadEvent.objects.filter(pk__in=latest).aggregate(last=Max("pk"), sum=Sum("pk"))
    words = f"{found['last']}:{found['sum']}:{int(at.timestamp()) // 60}"
    return blake2b(words.encode(), digest_size=8).hexdigest()
