"""May this lead be offered: on which leg, to whom, and is there anything new about it?"""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.seats import team_is_over
from common.refusals import Malformed, NotAllowed, Refusal
from handoff.actions.locks import refuse_who_takes_none
from handoff.models import Handoff, Lane, Leg
from handoff.rounds import is_changed, last_return
from handoff.states import State
from leads.models import Lead
from leads.states import Stage


def same_offer(
    held: list[Handoff], by: User | None, lane: Lane, taker: User | None, words: tuple[str, ...]
) -> Handoff | None:
    waiting = held[0] if held and held[0].state == State.WAITING else None
    same = (
        waiting
        and by
        and waiting.giver_id == by.pk
        and waiting.lane_id == lane.pk
        and (waiting.taker_id == taker.pk if taker else not waiting.named)
        and (waiting.note, waiting.why_now, waiting.next_step)
        == tuple(word.strip() for word in words)
    )
    return waiting if same else None


def refuse_unless_offerable(
    lead: Lead, held: list[Handoff], lane: Lane, by: User | None
) -> Handoff | None:
    """The accepted handoff that is offered on, or None for the first leg."""
    if held and held[0].state == State.WAITING:
        raise Refusal(_("This lead is already offered and waits for an answer."))
    if lead.stage == Stage.MQL:
        return None
    if lead.stage != Stage.SAL or not held:
        raise Refusal(
            _("Only a qualified lead can be offered; this one is at “%(stage)s”.")
            % {"stage": lead.get_stage_display()}
        )
    previous = held[0]
    if by is not None and by.pk != previous.taker_id and not by.is_manager:
        raise NotAllowed(
            _("%(name)s holds this lead and passes it on.") % {"name": previous.taker.name}
        )
    if previous.lane_id != lane.pk:
        raise Refusal(_("This lead travels another lane."))
    return previous


def next_leg(lane: Lane, previous: Handoff | None) -> Leg:
    position = 0 if previous is None else previous.leg + 1
    leg = lane.legs.select_related("taker", "lane").filter(position=position).first()
    if leg is None:
        raise Refusal(_("There is no next team on this lane: open a deal instead."))
    over = leg.taker.is_partner and team_is_over(leg.taker_id)
    if over or not leg.taker.is_active or not lane.is_active:
        raise Refusal(
            _("The team %(team)s does not take leads any more.") % {"team": leg.taker.name}
        )
    return leg


def refuse_taker(leg: Leg, taker: User | None) -> None:
    if taker is None:
        return
    if taker.team_id != leg.taker_id:
        raise Malformed(
            _("%(name)s is not in the team %(team)s.")
            % {"name": taker.name, "team": leg.taker.name},
            field="taker",
        )
    if not taker.is_active:
        raise Malformed(
            _("%(name)s does not work here any more.") % {"name": taker.name}, field="taker"
        )
    refuse_who_takes_none(taker)


def refuse_unchanged(lead: Lead, leg: Leg, because: str) -> None:
    """Raises where nothing is new since the lead came back on this leg, and nobody says why it is
    offered all the same. What counts as new: see `rounds.is_changed`."""
    returned = last_return(lead, leg.position)
    if returned and not because.strip() and not is_changed(returned):
        raise Refusal(
            _(
                "Nothing has changed since this lead was returned. Say why you offer it again all the same."
            )
        )
