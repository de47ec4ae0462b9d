"""What a marketer can hand over, and what became of what they did hand over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from common.keyset import count_up_to
from exchange.measures.work import MOST, Section
from handoff.brief import completeness_of
from handoff.models import Deal, Handoff
from handoff.states import DealState, State
from leads.models import Lead
from leads.scoring import engagement_of

SINCE = timedelta(days=90)

# How far a handed-over lead has come: code → what its handoff must be. Deals are those the lead got since.
_DEALS = Deal.objects.filter(lead=OuterRef("lead"), opened_at__gte=OuterRef("offered_at"))
STEPS: dict[str, Q] = {
    "offered": Q(),
    "accepted": Q(accepted_at__isnull=False),
    "contacted": Q(first_contact_at__isnull=False),
    "deal": Q(Exists(_DEALS)),
    "won": Q(Exists(_DEALS.filter(state=DealState.WON))),
    "returned": Q(state=State.RETURNED),
}


@dataclass(frozen=True)
class Ready:
    """A lead that can be offered, with what its brief can say already."""

    lead: Lead
    engagement: float
    filled: int
    of: int
    missing: list[str]


def ready(user: User) -> QuerySet[Lead]:
    """Leads this marketer can offer: their own, and those of the team nobody looks after; warmest first."""
    rows = Lead.objects.visible_to(user).ready_to_offer().filter(team=user.team_id)
    rows = rows.filter(Q(marketer=user) | Q(marketer=None))
    return rows.select_related("company").order_by("-heat", "-pk")


def ready_section(user: User, *, size: int = 8) -> Section:
    """The warmest of them, and how many there are."""
    rows = list(ready(user)[: size + 1])
    n = len(rows) if len(rows) <= size else count_up_to(ready(user), MOST)[0]
    return Section(rows[:size], n)


def with_briefs(leads: list[Lead], *, at: datetime) -> list[Ready]:
    """The same leads with score and brief: what can be filled before anything is typed. One query."""
    if not leads:
        return []
    items = completeness_of(leads)
    typed = {"why_now", "next_step", "note"}
    found = []
    for lead in leads:
        known = {name: ok for name, ok in items[lead.pk].items() if name not in typed}
        missing = [name for name, ok in known.items() if not ok]
        engagement = engagement_of(lead.heat, at=at)
        found.append(Ready(lead, engagement, len(known) - len(missing), len(known), missing))
    return found


@dataclass(frozen=True)
class Step:
    """How many of the leads handed over have come so far."""

    code: str
    n: int
    percent: float


def handed_over(user: User, *, at: datetime, step: str = "offered") -> QuerySet[Handoff]:
    """The handoffs this person gave in the last 90 days that have come to `step`, newest first."""
    rows = Handoff.objects.visible_to(user).filter(giver=user, offered_at__gte=at - SINCE)
    return rows.filter(STEPS[step]).order_by("-offered_at", "-pk")


def became_of_handed_over(user: User, *, at: datetime) -> list[Step]:
    """One reading of `handed_over` for every step."""
    counts = {code: Count("pk", filter=wanted) for code, wanted in STEPS.items() if wanted}
    found = handed_over(user, at=at).order_by().aggregate(offered=Count("pk"), **counts)
    whole = found["offered"]
    return [Step(code, found[code], found[code] / whole * 100 if whole else 0) for code in STEPS]
