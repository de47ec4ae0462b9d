"""The cards of the board: the rows its lists found, with people, promises and next steps."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import Team, User
from handoff.board.lists import COUNTED, LISTS, MOST, Found, Wanted, found_in
from handoff.models import Clock, Deal, Handoff, Pause, ReturnReason
from handoff.permissions import can
from handoff.states import DEAL_OPENS_AT
from leads.models import FollowUp, Lead
from leads.permissions import can as can_lead

# What may be pressed on the cards of a list, the first as its button.
_MOVES = {
    "returned": ("acknowledge",),
    "ready": ("offer",),
    "offered": ("accept", "withdraw", "return"),
    "accepted": ("contact", "return"),
    "contacted": ("pass_on", "contact", "open_deal", "return"),
    "deal": ("contact",),
    "paused": ("contact", "return"),
}


@dataclass
class Card:
    """One lead where it stands: of a handoff, a deal, or neither yet."""

    code: str
    lead: Lead
    handoff: Handoff | None = None
    clock: Clock | None = None
    deal: Deal | None = None
    follow_up: FollowUp | None = None
    pause: Pause | None = None
    giver: User | None = None
    taker: User | None = None
    moves: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What the card is called on the page, the same in every list it moves through."""
        if self.deal:
            return f"d{self.deal.pk}"
        return f"h{self.handoff.pk}" if self.handoff else f"l{self.lead.pk}"

    @property
    def needs_step(self) -> bool:
        """Sales holds it and nobody has said what comes next."""
        return self.code in ("contacted", "deal") and self.follow_up is None


@dataclass(frozen=True)
class Column:
    """One list of the board: its cards, how many there are, Σ amount of deals."""

    code: str
    cards: list[Card]
    n: int
    amount: int = 0

    @property
    def count(self) -> int:
        return min(self.n, COUNTED)

    @property
    def or_more(self) -> bool:
        return self.n > COUNTED

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.cards)

    @property
    def next_size(self) -> int:
        """How many to ask for to see more of it; 0: no more fit on one page."""
        return min(MOST, len(self.cards) + 20) if len(self.cards) < MOST and self.more else 0


def columns_of(wanted: Wanted) -> dict[str, Column]:
    """Every list of the board by its code. Nine queries at most, however many cards."""
    found, amount = found_in(wanted)
    gathered = _Gathered(found, last=not wanted.leg_follows)
    return {
        one.code: Column(
            one.code,
            gathered.cards(one.code, found[one.code], wanted.user),
            found[one.code].n,
            amount if one.code == "deal" else 0,
        )
        for one in LISTS
    }


class _Gathered:
    """What the rows of all lists need, each kind by one narrow query."""

    def __init__(self, found: dict[str, Found], *, last: bool):
        rows = [row for one in found.values() for row in one.rows]
        handoffs, leads, clocks, deals = (_ids(row[place] for row in rows) for place in range(4))
        self.last = last
        self.leads = Lead.objects.select_related("company").in_bulk(leads)
        self.handoffs = Handoff.objects.in_bulk(handoffs)
        self.clocks = Clock.objects.select_related("calendar").in_bulk(clocks)
        self.deals = Deal.objects.select_related("step").in_bulk(deals) if deals else {}
        self.steps = _next_steps(leads)
        self.pauses = _pauses(found["paused"])
        self.teams = Team.objects.in_bulk()
        self.people = self._people()
        self._reasons()
        self.known: dict[tuple, bool] = {}

    def _people(self) -> dict[int, User]:
        wanted = _ids(
            one
            for handoff in self.handoffs.values()
            for one in (handoff.giver_id, handoff.taker_id)
        )
        wanted |= _ids(deal.owner_id for deal in self.deals.values())
        wanted |= _ids(lead.marketer_id for lead in self.leads.values())
        people = User.objects.in_bulk(wanted)
        for person in people.values():
            person.team = self.teams.get(person.team_id)
        return people

    def _reasons(self) -> None:
        wanted = _ids(handoff.return_reason_id for handoff in self.handoffs.values())
        reasons = ReturnReason.objects.in_bulk(wanted) if wanted else {}
        for handoff in self.handoffs.values():
            handoff.return_reason = reasons.get(handoff.return_reason_id)
            if lead := self.leads.get(handoff.lead_id):
                handoff.lead = lead

    def cards(self, code: str, found: Found, user: User) -> list[Card]:
        # Read one after the other: what was deleted in between is simply gone.
        return [self._card(code, row, user) for row in found.rows if row[1] in self.leads]

    def _card(self, code: str, row, user: User) -> Card:
        handoff, lead, clock, deal = row
        card = Card(
            code,
            self.leads[lead],
            None if deal else self.handoffs.get(handoff),
            self.clocks.get(clock),
            self.deals.get(deal),
            self.steps.get(lead),
            self.pauses.get(handoff),
        )
        card.giver, card.taker = self._who(card, self.handoffs.get(handoff))
        card.moves = [verb for verb in _MOVES[code] if self._open(user, verb, card)]
        return card

    def _who(self, card: Card, handoff: Handoff | None) -> tuple[User | None, User | None]:
        if card.deal:
            return None, self.people.get(card.deal.owner_id)
        if handoff is None:
            return self.people.get(card.lead.marketer_id), None
        return self.people.get(handoff.giver_id), self.people.get(handoff.taker_id)

    def _open(self, user: User, verb: str, card: Card) -> bool:
        """Whether the move is offered on the card; judged again, with a lock, by the verb."""
        if verb == "pass_on" and (self.last or card.clock is None):
            return False
        if verb == "open_deal" and (not self.last or card.lead.stage not in DEAL_OPENS_AT):
            return False
        thing = card.handoff
        if thing is None or card.code == "ready":
            kind = "touch" if verb == "contact" else verb
            allowed = can_lead if kind == "touch" else can
            return self._known(allowed, user, kind, card.lead, (card.lead.team_id,))
        teams = (thing.giver_team_id, thing.taker_team_id, thing.taker_id, card.lead.team_id)
        return self._known(can, user, verb, thing, teams)

    def _known(self, allowed, user, verb, thing, teams) -> bool:
        # The table answers alike for all rows between the same teams and people.
        key = (verb, *teams)
        if user.is_partner or key not in self.known:
            self.known[key] = allowed(user, verb, thing)
        return self.known[key]


def _ids(values: Iterable[int | None]) -> set[int]:
    return {value for value in values if value}


def _next_steps(leads: set[int]) -> dict[int, FollowUp]:
    """The earliest thing somebody owes each lead."""
    rows = FollowUp.objects.open().filter(lead__in=leads).order_by("lead", "due_at", "pk")
    return {row.lead_id: row for row in rows.distinct("lead")} if leads else {}


def _pauses(paused: Found) -> dict[int, Pause]:
    wanted = [row[0] for row in paused.rows]
    if not wanted:
        return {}
    rows = Pause.objects.filter(ended_at=None, clock__handoff__in=wanted).select_related("clock")
    return {row.clock.handoff_id: row for row in rows.order_by("-until")}
