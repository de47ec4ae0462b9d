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
