"""Who held the lead when: the two rails of the timeline, and the seam over the page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from leads.models import Lead, LeadEvent
from leads.states import Stage

MK, BOTH, SL = "mk", "mk sl", "sl"
OFFER, CONTACT = "handoff.offer", "handoff.contact"
TAKEN_BACK = frozenset({"handoff.withdraw", "handoff.lapse"})
BATON_VERBS = (OFFER, CONTACT, "handoff.attempt", *TAKEN_BACK)
# More moves than any lead makes; the latest ones count.
MOST = 200

_BY_STAGE = {
    Stage.NEW: MK,
    Stage.NURTURING: MK,
    Stage.MQL: MK,
    Stage.SAL: BOTH,
    Stage.SQL: SL,
    Stage.WON: SL,
    Stage.LOST: SL,
}
# Places on the seam, in their order.
STEPS = ("new", "nurturing", "mql", "waiting", "sal", "contacted", "sql", "won")


@dataclass(frozen=True)
class Baton:
    """One move of the baton or of the stage."""

    at: datetime
    verb: str
    stage: str
    leg: int = 0

    @property
    def rails(self) -> str | None:
        """Who holds the lead after it; None: as before."""
        if self.verb == OFFER:
            return SL if self.leg else BOTH
        if self.verb in TAKEN_BACK:
            return SL if self.leg else MK
        if self.verb == CONTACT:
            return SL
        return _BY_STAGE.get(self.stage)

    @property
    def place(self) -> str | None:
        """Where on the seam the lead stands after it; None: as before."""
        if self.verb == OFFER:
            return None if self.leg else "waiting"
        if self.verb in TAKEN_BACK:
            return None if self.leg else "mql"
        if self.verb in (CONTACT, "handoff.attempt"):
            return "contacted"
        if self.leg and self.stage == Stage.SAL:
            # Passed on or given back between takers: what they reached together stays reached.
            return None
        return self.stage or None


def batons(events: QuerySet[LeadEvent]) -> QuerySet[LeadEvent]:
    """The events that say who held the lead, the latest first."""
    return events.filter(Q(verb__in=BATON_VERBS) | ~Q(stage_to="")).order_by("-at", "-id")[:MOST]


class Journey:
    """The way of one lead: its moves of baton and stage."""

    def __init__(self, lead: Lead, moves: list[Baton]):
        self.lead = lead
        self.moves = sorted(moves, key=lambda move: move.at)

    def rails_at(self, at: datetime) -> str:
        """Who held the lead just after `at`: mk, sl, or both ("mk sl")."""
        found = MK
        for move in self.moves:
            if move.at > at:
                break
            found = move.rails or found
        return found

    @property
    def place(self) -> str:
        """Where the lead stands now: one of STEPS, or lost or disqualified."""
        found = str(self.lead.stage)
        if found in (Stage.MQL, Stage.SAL):
            for move in self.moves:
                found = move.place or found
        return found if _agrees(found, self.lead.stage) else str(self.lead.stage)

    def reached(self) -> dict[str, datetime]:
        """When the lead came to each place on its present way: the last time it did."""
        found: dict[str, datetime] = {"new": self.lead.captured_at}
        for move in self.moves:
            place = move.place
            if place in STEPS:
                later = STEPS[STEPS.index(place) + 1 :]
                found = {name: at for name, at in found.items() if name not in later}
                found[place] = move.at
        for place, at in self._milestones():
            found.setdefault(place, at)
        return found

    def _milestones(self):
        """Moments from the lead itself, for leads that came in with a past and without its moves."""
        columns = {"waiting": "offered_at", "contacted": "contacted_at"}
        for place in ("mql", "waiting", "sal", "contacted", "sql", "won"):
            if at := getattr(self.lead, columns.get(place, f"{place}_at")):
                yield place, at


def _agrees(place: str, stage: str) -> bool:
    """Whether a place told by the moves can be true at this stage."""
    return place in {Stage.MQL: ("mql", "waiting"), Stage.SAL: ("sal", "contacted")}.get(
        Stage(stage), (stage,)
    )
