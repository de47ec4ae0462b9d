"""Who may make which move of a handoff, a deal or a lead's stage, and which moves are open now."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Team
from accounts.permissions import can as allowed
from accounts.states import Side
from common.refusals import NotAllowed
from handoff.models import Deal, Entrustment, Handoff
from handoff.states import DEAL_MOVES, DEAL_OPENS_AT, MOVES, State
from leads.models import Lead
from leads.permissions import can as can_lead
from leads.states import VERBS, Stage

# Verbs of a handoff whose permission has another name than the move.
_PERMISSION = {"pass_on": "accept", "read_brief": "read"}


def can(user, verb: str, thing) -> bool:
    """Whether `user` may do `verb` with a handoff, deal or lead, by the table and what they see."""
    if isinstance(thing, Handoff):
        return _can_handoff(user, verb, thing)
    if isinstance(thing, Deal):
        return not user.is_partner and allowed(
            user, f"deal.{verb}", accountable=thing.team_id, own=thing.owner_id == user.pk
        )
    if verb == "offer":
        return _can_offer(user, thing)
    if verb == "open_deal":
        return can_lead(user, "view", thing) and allowed(
            user, "deal.open", accountable=thing.team_id
        )
    if verb == "take_own":
        return allowed(user, "handoff.take_own")
    return can_lead(user, verb, thing)


def _can_handoff(user, verb: str, handoff: Handoff) -> bool:
    if user.is_partner and handoff.lead.entrusted_to_id != user.team_id:
        return False
    # A pool offer is for everybody of the team; once taken, its taker or their manager moves it.
    named = handoff.taker_id
    return allowed(
        user,
        f"handoff.{_PERMISSION.get(verb, verb)}",
        giver=handoff.giver_team_id,
        taker=handoff.taker_team_id,
        named=named,
        accountable=handoff.lead.team_id,
    )


def _can_offer(user, lead: Lead) -> bool:
    if user.is_partner and lead.entrusted_to_id != user.team_id:
        return False
    return allowed(user, "handoff.offer", giver=lead.team_id, accountable=lead.team_id)


def may_hand_back(user, team) -> bool:
    """Whether `user` may take everything out of the hands of the partner `team`: its own people,
    managers of a side that entrusted it with something, the administrator."""
    giving = Entrustment.objects.filter(team=team).values("handoff__giver_team")
    sides = {one.side for one in Team.objects.filter(pk__in=giving)}
    given = user.team_id and not user.is_partner and user.team.side in sides
    giver = user.team_id if given else None
    return allowed(user, "seat.hand_back", giver=giver, own=user.team_id == team.pk)


def may_see_seat(user, team) -> bool:
    """Whether `user` may read the register and the statements of the partner `team`."""
    return allowed(user, "seat.view", own=user.team_id == team.pk)


def can_take_own(lead: Lead) -> bool:
    """Whether the lead stands where sales may take it as their own: nobody in marketing holds it."""
    return lead.stage in (Stage.NEW, Stage.NURTURING, Stage.MQL) and lead.marketer_id is None


def demand(user, verb: str, thing) -> None:
    """Raises `NotAllowed` unless `user` may. `user` None is the system itself (clock, import)."""
    if user is not None and not can(user, verb, thing):
        raise NotAllowed(_("This move belongs to the other side, or to somebody else."))


def moves_open_to(user, handoff: Handoff) -> list[str]:
    """The verbs of MOVES that `user` may press now, in the order of the table."""
    return [
        verb
        for verb, move in MOVES.items()
        if verb != "lapse"
        and handoff.state in move.frm
        and not (verb == "acknowledge" and handoff.acknowledged_at)
        and not (verb == "pause" and handoff.paused_until)
        and not (verb == "resume" and handoff.paused_until is None)
        and not (verb == "open_deal" and handoff.lead.stage not in DEAL_OPENS_AT)
        and can(user, verb, handoff)
    ]


def lead_moves_open_to(user, lead: Lead, *, open_handoffs=()) -> list[str]:
    """What `user` may do with the lead itself now: stage verbs, offer, open a deal."""
    waiting = any(handoff.state == State.WAITING for handoff in open_handoffs)
    found = [
        verb
        for verb, move in VERBS.items()
        if lead.stage in move.frm
        and can_lead(user, verb, lead)
        and not (verb == "nurture" and waiting)
    ]
    if not waiting and _can_offer(user, lead) and _goes_on(lead, open_handoffs):
        found.insert(0, "offer")
    if can_take_own(lead) and not waiting and can(user, "take_own", lead):
        found.append("take_own")
    if lead.stage in DEAL_OPENS_AT and can(user, "open_deal", lead):
        found.append("open_deal")
    return found


def _goes_on(lead: Lead, open_handoffs) -> bool:
    """Whether a team follows: after the last of a lane a deal is opened, not passed on."""
    if lead.stage == Stage.SAL:
        return any(one.has_next for one in open_handoffs if one.state == State.ACCEPTED)
    return lead.stage == Stage.MQL


def deal_moves_open_to(user, deal: Deal) -> list[str]:
    """The verbs of DEAL_MOVES that `user` may press now."""
    names = {"recycle": "lose"}
    return [
        verb
        for verb, move in DEAL_MOVES.items()
        if deal.state in move.frm and can(user, names.get(verb, verb), deal)
    ]


def sides_signed_by(user, organisation: Organisation | None = None) -> list[Side]:
    """For which sides `user` signs: as its named head, and while they manage a team of it.

    Asks the database unless `organisation` is given: who was named a moment ago may sign.
    """
    own = organisation or Organisation.objects.filter(pk=1).first()
    if own is None or user.team_id is None or not (user.is_active and user.is_manager):
        return []
    return [
        side
        for side in Side
        if getattr(own, f"{side}_head_id") == user.pk and user.team.side == side
    ]
