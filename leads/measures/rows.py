"""What the rows of the list show besides the lead itself: people, place on the seam, eight weeks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models.sight import hidden
from accounts.states import Maskable
from leads.models import Interaction, Lead, LeadEvent
from leads.scoring import engagement_of, heat_added, rules_in_force
from leads.states import Stage, TouchKind
from leads.timeline import People
from leads.timeline.rails import BATON_VERBS, Baton

WEEKS = 8
WEEK = timedelta(days=7)
# The columns a row needs; the rest of a lead is not read.
COLUMNS = (
    "family_name", "given_name", "email", "phone", "mobile", "external_id", "title", "department",
    "stage", "fit", "heat", "last_touch_at", "last_touch", "captured_at", "marketer_id", "seller_id",
    "question_open", "team_id", "entrusted_to_id", "company__name",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One row of the list."""

    lead: Lead
    marketer: object
    seller: object
    place: str
    engagement: int
    weeks: list[float]
    signal: str


def rows_of(leads: Iterable[Lead], *, at: datetime) -> list[Row]:
    """The rows of a page of leads. Three queries, however many leads."""
    leads = list(leads)
    people = People(pk for lead in leads for pk in (lead.marketer_id, lead.seller_id))
    places = _places(leads)
    weeks = weekly_engagement(leads, at=at)
    rules = rules_in_force().set
    return [
        Row(
            lead=lead,
            marketer=people.get(lead.marketer_id),
            seller=people.get(lead.seller_id),
            place=places.get(lead.pk, lead.stage),
            engagement=round(engagement_of(lead.heat, at=at, rule_set=rules)),
            weeks=weeks[lead.pk],
            signal=signal_of(lead.last_touch),
        )
        for lead in leads
    ]


def signal_of(last_touch: str) -> str:
    """The latest touch in words: what it was about, else what kind it was."""
    kind, _colon, words = last_touch.partition(":")
    if words:
        return words
    return str(TouchKind(kind).label) if kind in TouchKind.values else ""


def _places(leads: list[Lead]) -> dict[int, str]:
    """Where the baton is: waiting for an answer, contacted, returned. Read from the timeline."""
    wanted = [lead.pk for lead in leads if lead.stage in (Stage.MQL, Stage.SAL, Stage.NURTURING)]
    if not wanted:
        return {}
    verbs = (*BATON_VERBS, "handoff.return", "handoff.accept", "lead.nurture", "lead.qualify")
    latest = (
        LeadEvent.objects.filter(lead__in=wanted, verb__in=verbs)
        .order_by("lead_id", "-at", "-id")
        .distinct("lead_id")
        .values_list("lead_id", "verb", "stage_to", "data__leg")
    )
    moves = {pk: Baton(None, verb, stage, leg or 0) for pk, verb, stage, leg in latest}
    return {
        lead.pk: place
        for lead in leads
        if (move := moves.get(lead.pk)) and (place := _place(lead.stage, move))
    }


def _place(stage: str, move: Baton) -> str | None:
    if stage == Stage.NURTURING:
        return "returned" if move.verb == "handoff.return" else None
    if stage == Stage.MQL:
        return "waiting" if move.place == "waiting" else None
    return "contacted" if move.place == "contacted" else None


def weekly_engagement(leads: list[Lead], *, at: datetime) -> dict[int, list[float]]:
    """Engagement of each lead at the end of the last eight weeks, the last one being `at`.

    Today's heat less what the touches since then added, as it had decayed at that moment.
    """
    if Maskable.SCORE in hidden():
        return {lead.pk: [0.0] * WEEKS for lead in leads}
    touches = (
        Interaction.objects.filter(lead__in=[lead.pk for lead in leads], at__gt=at - WEEKS * WEEK)
        .exclude(points=0)
        .values_list("lead_id", "at", "points")
    )
    rules = rules_in_force().set
    since: dict[int, list[tuple[datetime, float]]] = defaultdict(list)
    for pk, moment, points in touches:
        since[pk].append((moment, heat_added(points, at=moment, rule_set=rules)))
    ends = [at - week * WEEK for week in reversed(range(WEEKS))]

    def then(lead: Lead, end: datetime) -> float:
        added = sum(heat for moment, heat in since[lead.pk] if moment > end)
        return engagement_of(lead.heat - added, at=end, rule_set=rules)

    return {lead.pk: [then(lead, end) for end in ends] for lead in leads}
