"""States of handoffs, clocks and deals, and what may follow what: pure data."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leads.states import Stage


class State(TextChoices):
    WAITING = "waiting", pgettext_lazy("handoff", "Waiting")
    ACCEPTED = "accepted", pgettext_lazy("handoff", "Accepted")
    CONVERTED = "converted", pgettext_lazy("handoff", "Converted")
    RETURNED = "returned", pgettext_lazy("handoff", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("handoff", "Withdrawn")
    LAPSED = "lapsed", pgettext_lazy("handoff", "Lapsed")


OPEN = frozenset({State.WAITING, State.ACCEPTED})
ANSWERED = frozenset({State.ACCEPTED, State.CONVERTED, State.RETURNED})


class Party(TextChoices):
    """Who makes a move of a handoff."""

    GIVER = "giver", _("Giving side")
    TAKER = "taker", _("Taking side")
    CLOCK = "clock", _("The clock")


@dataclass(frozen=True)
class Move:
    """From which states, to which state, by whom."""

    frm: frozenset[State]
    to: State
    party: Party


MOVES: dict[str, Move] = {
    "accept": Move(frozenset({State.WAITING}), State.ACCEPTED, Party.TAKER),
    "return": Move(OPEN, State.RETURNED, Party.TAKER),
    "withdraw": Move(frozenset({State.WAITING}), State.WITHDRAWN, Party.GIVER),
    "lapse": Move(frozenset({State.WAITING}), State.LAPSED, Party.CLOCK),
    "contact": Move(frozenset({State.ACCEPTED}), State.ACCEPTED, Party.TAKER),
    "pause": Move(frozenset({State.ACCEPTED}), State.ACCEPTED, Party.TAKER),
    "resume": Move(frozenset({State.ACCEPTED}), State.ACCEPTED, Party.TAKER),
    "pass_on": Move(frozenset({State.ACCEPTED}), State.ACCEPTED, Party.TAKER),
    "open_deal": Move(frozenset({State.ACCEPTED}), State.CONVERTED, Party.TAKER),
    "acknowledge": Move(frozenset({State.RETURNED}), State.RETURNED, Party.GIVER),
}
# Besides, a converted leg is accepted again when the next team returns the lead: no verb of its own.


class ReturnKind(TextChoices):
    """Two lists of reasons, kept apart: never to be sold to now, or only not yet."""

    REJECTED = "rejected", pgettext_lazy("return", "Not a fit")
    RECYCLED = "recycled", pgettext_lazy("return", "Not now")


class Acknowledgement(TextChoices):
    """What the giver will do about a return."""

    FIXED = "fixed", _("Put right: we will offer it again")
    NURTURE = "nurture", _("We nurture it again")
    DISQUALIFY = "disqualify", _("We take it out")
    DISAGREE = "disagree", _("We see it differently")


class ClockKind(TextChoices):
    ACCEPT = "accept", _("Accept")
    CONTACT = "contact", _("First contact")
    DECIDE = "decide", _("Decide")
    ACKNOWLEDGE = "acknowledge", _("Acknowledge a return")
    ANSWER = "answer", _("Answer a question")


class Tier(TextChoices):
    """How warm an offered lead is: a hot one has shorter clocks."""

    HOT = "hot", pgettext_lazy("tier", "Hot")
    MQL = "mql", pgettext_lazy("tier", "MQL")


class PauseReason(TextChoices):
    """Why a clock rests: it is the customer's turn."""

    ASKED_TO_WAIT = "asked", _("The customer asked to wait")
    AWAY = "away", _("The customer is away")
    DECIDING = "deciding", _("The customer decides internally")


class ProposalState(TextChoices):
    OPEN = "open", pgettext_lazy("proposal", "Open")
    IN_FORCE = "in_force", pgettext_lazy("proposal", "In force")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "Withdrawn")


class RouteTo(TextChoices):
    """To whom a routing rule gives a lead."""

    OWNER = "owner", _("Who already looks after the company")
    PERSON = "person", _("A person")
    POOL = "pool", _("The team's pool")
    ROUND_ROBIN = "round_robin", _("In turn")


class BriefItem(TextChoices):
    """The nine items of a brief: an agreement may require any of them at the offer."""

    WHY_NOW = "why_now", _("Why now")
    NEXT_STEP = "next_step", _("Next step")
    WHO = "who", _("Name and company")
    REACH = "reach", _("Phone or e-mail")
    FACTS = "facts", _("Something already heard")
    NEED = "need", _("Their need")
    DID = "did", _("What they did")
    NOTE = "note", _("A note to the taker")
    CONSENT = "consent", _("Consent")


class QueueReason(TextChoices):
    """Why a qualified lead waits for a manager."""

    NO_RULE = "no_rule", _("No rule fits")
    NOBODY = "nobody", _("Nobody of those named can take it now")
    LAPSED = "lapsed", _("Nobody answered the offer")
    REFUSED = "refused", _("It could not be offered")


class ConditionKind(TextChoices):
    FACT = "fact", _("We know something")
    DATE = "date", _("A day has come")
    TOUCH = "touch", _("They do something")


class ConditionState(TextChoices):
    WATCHING = "watching", pgettext_lazy("condition", "Watched")
    MET = "met", pgettext_lazy("condition", "Met")
    EXPIRED = "expired", pgettext_lazy("condition", "Not met in time")
    DROPPED = "dropped", pgettext_lazy("condition", "Dropped")


class DealState(TextChoices):
    OPEN = "open", pgettext_lazy("deal", "Open")
    WON = "won", pgettext_lazy("deal", "Won")
    LOST = "lost", pgettext_lazy("deal", "Lost")


@dataclass(frozen=True)
class DealMove:
    """From which deal state to which, and where the lead's stage goes with it."""

    frm: frozenset[DealState]
    to: DealState
    stage: Stage | None


DEAL_MOVES: dict[str, DealMove] = {
    "edit": DealMove(frozenset({DealState.OPEN}), DealState.OPEN, None),
    "win": DealMove(frozenset({DealState.OPEN}), DealState.WON, Stage.WON),
    "lose": DealMove(frozenset({DealState.OPEN}), DealState.LOST, Stage.LOST),
    "recycle": DealMove(frozenset({DealState.OPEN}), DealState.LOST, Stage.NURTURING),
    "correct": DealMove(frozenset({DealState.WON}), DealState.OPEN, Stage.SQL),
}

# A deal may be opened while the lead stands here.
DEAL_OPENS_AT = frozenset({Stage.SAL, Stage.SQL, Stage.WON})
