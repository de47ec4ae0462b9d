"""Today, and the lists behind its figures."""

from exchange.views.lists import handed, late, load, promise, unclaimed, week
from exchange.views.now import now
from exchange.views.today import follow_up, today

__all__ = ["follow_up", "handed", "late", "load", "now", "promise", "today", "unclaimed", "week"]
