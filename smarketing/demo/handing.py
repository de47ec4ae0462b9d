"""One leg of a handoff, as people live it: offered, answered, and what comes of a return."""

from common import now
from handoff.actions import (
    accept_lead,
    acknowledge_return,
    disqualify_lead,
    lapse_offer,
    offer_lead,
    read_brief,
    return_lead,
    withdraw_offer,
)
from handoff.models import Handoff, Lane, ReturnReason
from handoff.states import Acknowledgement, ReturnKind, State
from leads.actions.follow_ups import finish_follow_up
from leads.models import FollowUp, Lead
from leads.states import Stage
from smarketing.demo.people import Person
from smarketing.demo.world import Story, World

# Why leads come back before anybody spoke with them, and after.
AT_ONCE = ("not_a_company", "customer_already", "competitor", "too_little_known", "wrong_data")
AFTER_TALKING = (
    "too_early",
    "too_early",
    "too_early",
    "no_budget",
    "no_need",
    "not_the_one",
    "too_little_known",
)


def offer(world: World, person: Person, lane: Lane, giver, *, taker=None, first: bool) -> Handoff:
    """Offer the lead to the next team of `lane`, with a brief that says why now."""
    book = person.book
    return offer_lead(
        person.lead,
        by=giver,
        lane=lane,
        taker=taker,
        note=book.say("giver_note" if first else "pass_on_note"),
        why_now=book.say("why_now") if person.chance(0.9) else "",
        next_step=book.say("next_step") if person.chance(0.85) else "",
        unchanged_because=book.say("judgement"),
    )


def pass_along(world: World, person: Person, lane: Lane, giver, *, position: int) -> Story:
    """Offer until somebody answers. Gives the handoff as it was answered, or None if nothing came of it."""
    leg = lane.legs.select_related("taker").get(position=position)
    people = world.cast.members(leg.taker)
    for tries in range(3):
        rep = person.rng.choice(people)
        named = tries > 0 or person.chance(0.45)
        handoff = offer(
            world, person, lane, giver, taker=rep if named else None, first=position == 0
        )
        if person.chance(0.02):
            yield world.hours.after(now(), 45)
            withdraw_offer(handoff, by=giver, reason=person.book.say("notes"))
            return None
        limit = world.hours.after(handoff.lapses_at, 5)
        at = world.soon(leg.taker.name, now(), 130)
        if at < limit and (named or person.chance(0.97)):
            yield at
            return answer(world, person, handoff, rep)
        yield limit
        lapse_offer(handoff)
        yield world.soon("marketing", now(), 240)
    return None


def answer(world: World, person: Person, handoff: Handoff, rep) -> Handoff:
    """Accept, or return at once. Warm leads of companies that fit are rarely sent back."""
    if person.chance(0.74):
        read_brief(handoff, by=rep)
    doubt = 0.145 - 0.05 * (handoff.fit == "A") - 0.05 * (handoff.engagement > 75)
    if handoff.lead.source and handoff.lead.source.name == "展示会":
        doubt += 0.06
    if person.chance(doubt):
        return give_back(world, person, handoff, rep, person.rng.choice(AT_ONCE))
    return accept_lead(handoff, by=rep)


def give_back(world: World, person: Person, handoff: Handoff, rep, code: str) -> Handoff:
    """Return the lead with words that fit the reason; the giver will answer in time, or not."""
    reason = ReturnReason.objects.get(code=code)
    later = world.hours.next_day(now().date(), person.rng.choice((60, 90, 150)))
    finish_what_is_open(person.lead, by=rep)
    handoff = return_lead(
        handoff,
        by=rep,
        reason=reason,
        note=person.book.say("returns", code),
        revisit_on=later if reason.needs_revisit else None,
    )
    if handoff.previous_leg_id is None:
        at = world.soon(handoff.giver_team.name, now(), 160)
        world.plan(at, acknowledge, person, handoff, by=handoff.giver)
    return handoff


def acknowledge(person: Person, handoff: Handoff, *, by) -> None:
    """The giver's answer to a return, and what was announced by it."""
    rejected = handoff.return_kind == ReturnKind.REJECTED
    choices = (
        (Acknowledgement.DISQUALIFY, Acknowledgement.DISQUALIFY, Acknowledgement.DISAGREE)
        if rejected
        else (Acknowledgement.NURTURE,) * 4 + (Acknowledgement.FIXED, Acknowledgement.DISAGREE)
    )
    said = person.rng.choice(choices)
    acknowledge_return(handoff, by=by, answer=said, note=person.book.say("acknowledgements", said))
    lead = Lead.objects.get(pk=handoff.lead_id)
    theirs = lead.team_id == by.team_id and lead.stage == Stage.NURTURING
    if said == Acknowledgement.DISQUALIFY and theirs:
        disqualify_lead(lead, by=by, reason=person.book.say("returns", handoff.return_reason.code))


def is_held(handoff: Handoff | None) -> bool:
    return handoff is not None and handoff.state == State.ACCEPTED


def finish_what_is_open(lead: Lead, *, by) -> None:
    """What `by` had planned with this lead is done, or has no object any more."""
    for follow_up in FollowUp.objects.open().filter(lead=lead, owner=by):
        finish_follow_up(follow_up, by=by)
