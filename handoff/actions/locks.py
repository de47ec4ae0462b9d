"""Locking in one order, everywhere: the lead first, then its handoff or deal."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import can as allowed
from common.locking import lock_row
from common.refusals import Malformed, NotAllowed, Refusal
from handoff.models import Deal, Handoff
from handoff.permissions import demand
from handoff.states import DEAL_MOVES, MOVES, State
from leads.actions.stages import lock_lead
from leads.models import Lead


def lock_handoff(handoff: Handoff) -> Handoff:
    """The handoff and its lead, locked and fresh."""
    lead = _lock_lead_of(handoff)
    fresh = lock_row(Handoff, handoff.pk, known=handoff)
    fresh.lead = lead
    return fresh


def lock_deal(deal: Deal) -> Deal:
    """The deal and its lead, locked and fresh."""
    lead = _lock_lead_of(deal)
    fresh = lock_row(Deal, deal.pk, known=deal)
    fresh.lead = lead
    return fresh


def _lock_lead_of(thing: Handoff | Deal) -> Lead:
    # A lead that is loaded with it is taken as it is known; otherwise its key is enough.
    known = thing._meta.get_field("lead").is_cached(thing)
    return lock_lead(thing.lead if known else thing.lead_id)


def open_handoffs(lead: Lead) -> list[Handoff]:
    """The open handoffs of a locked lead, locked too; the waiting one first, then the later legs."""
    rows = list(
        Handoff.objects.select_for_update(of=("self",))
        .select_related("giver__team", "taker__team", "giver_team", "taker_team")
        .open()
        .filter(lead=lead)
    )
    for row in rows:
        row.lead = lead
    return sorted(rows, key=lambda row: (row.state != State.WAITING, -row.leg))


def refuse_unless_open(verb: str, handoff: Handoff, *, by: User | None) -> None:
    """Raises where MOVES does not allow `verb` now: a sentence that says what happened and who did it.

    Who may not make the move at all is told that first, unless somebody of their own team was
    faster: then the news is worth more than the rule.
    """
    move = MOVES[verb]
    if handoff.state in move.frm:
        demand(by, verb, handoff)
        return
    if by is not None and by.team_id not in (handoff.giver_team_id, handoff.taker_team_id):
        raise NotAllowed(_("This move belongs to the other side, or to somebody else."))
    raise Refusal(what_happened(handoff))


def moved_last(by: User | None, lead: Lead, *verbs: str, **subject) -> bool:
    """Whether `by` made the latest move of the handoff or deal (`handoff_id`, `deal_id`), one of `verbs`.

    Then pressing once more is a repetition; after anybody else's move it comes too late.
    """
    latest = lead.events.filter(**subject).order_by("-recorded_at", "-id").first()
    return bool(by and latest and latest.by_id == by.pk and latest.verb in verbs)


def refuse_who_takes_none(taker: User) -> None:
    """Raises `Malformed` for a person whose role takes no leads, such as the administrator."""
    if not allowed(taker, "handoff.accept", taker=taker.team_id, named=taker.pk):
        raise Malformed(
            _("%(name)s takes no leads by their role.") % {"name": taker.name}, field="taker"
        )


def what_happened(handoff: Handoff) -> str:
    """Why a move comes too late, with the name of who was faster."""
    name = handoff.taker.name if handoff.taker else ""
    if handoff.state == State.RETURNED and handoff.returned_by:
        name = handoff.returned_by.name
    return _SENTENCES[State(handoff.state)] % {"name": name}


_SENTENCES = {
    State.WAITING: _("This lead is still waiting for an answer."),
    State.ACCEPTED: _("%(name)s has already accepted this lead."),
    State.CONVERTED: _("This handoff is closed: %(name)s took it further."),
    State.RETURNED: _("%(name)s has already returned this lead."),
    State.WITHDRAWN: _("This offer was withdrawn."),
    State.LAPSED: _("This offer lapsed because nobody answered in time."),
}


def refuse_unless_deal(verb: str, deal: Deal) -> None:
    """Raises where DEAL_MOVES does not allow `verb` for the deal's state."""
    if deal.state not in DEAL_MOVES[verb].frm:
        raise Refusal(_("This deal is already “%(state)s”.") % {"state": deal.get_state_display()})
