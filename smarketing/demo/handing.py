"""One leg of a handoff, as people live it: offered, answered, and what comes of a return."""

from datetime import date

from common import now
from handoff.actions import (
    Condition,
    accept_lead,
    acknowledge_return,
    disqualify_lead,
    lapse_offer,
    offer_lead,
    read_brief,
    return_lead,
    route_lead,
    withdraw_offer,
)
from handoff.models import Handoff, Lane, QueuedLead, ReturnReason
from handoff.states import Acknowledgement, ConditionKind, ReturnKind, State
from leads.actions.follow_ups import finish_follow_up
from leads.models import FollowUp, Lead
from leads.states import FactField, Stage, TouchKind
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
# What sales waits for, by the reason: a day, an answer, or that they come by themselves.
AWAITED = {
    "too_early": (ConditionKind.DATE, ""),
    "no_budget": (ConditionKind.FACT, FactField.BUDGET),
    "too_little_known": (ConditionKind.FACT, FactField.NEED),
    "not_the_one": (ConditionKind.FACT, FactField.AUTHORITY),
    "unreachable": (ConditionKind.TOUCH, TouchKind.FORM),
}


def offer(world: World, person: Person, lane: Lane, giver, *, taker=None, first: bool) -> Handoff:
    """Offer the lead to the next team of `lane`, with a brief that says why now."""
    return offer_lead(person.lead, by=giver, lane=lane, taker=taker, **_words(person, first=first))


def _words(person: Person, *, first: bool) -> dict[str, str]:
    book = person.book
    return {
        "note": book.say("giver_note" if first else "pass_on_note"),
        "why_now": book.say("why_now") if person.chance(0.9) else "",
        "next_step": book.say("next_step") if person.chance(0.85) else "",
        "unchanged_because": book.say("judgement"),
    }


def by_the_rules(world: World, person: Person, giver) -> Story:
    """Offer to whom the rules say. Where they find nobody, a manager decides after some hours.

    Gives the offer, or None where the lead waited and is to be offered by hand.
    """
    offered = route_lead(person.lead, by=giver, **_words(person, first=True))
    if not isinstance(offered, QueuedLead):
        return offered
    yield world.soon("marketing", now(), 420)
    return None


def pass_along(world: World, person: Person, lane: Lane, giver, *, position: int) -> Story:
    """Offer until somebody answers. Gives the handoff as it was answered, or None if nothing came of it."""
    leg = lane.legs.select_related("taker").get(position=position)
    people = world.cast.members(leg.taker)
    for tries in range(3):
        handoff = None
        if world.routed and position == 0 and tries == 0 and person.chance(0.6):
            handoff = yield from by_the_rules(world, person, giver)
            person.refresh()
            if handoff is None and person.lead.stage != Stage.MQL:
                return None
        if handoff is None:
            rep = person.rng.choice(people) if tries > 0 or person.chance(0.45) else None
            handoff = offer(world, person, lane, giver, taker=rep, first=position == 0)
        if person.chance(0.02):
            yield world.hours.after(now(), 45)
            withdraw_offer(handoff, by=giver, reason=person.book.say("notes"))
            return None
        answered = yield from await_answer(world, person, handoff)
        if answered:
            return answered
        yield world.soon("marketing", now(), 240)
    return None


def await_answer(world: World, person: Person, handoff: Handoff) -> Story:
    """The handoff as the taker answered it, or None: nobody did, and it lapsed."""
    named = handoff.taker is not None
    rep = handoff.taker or person.rng.choice(world.cast.members(handoff.taker_team))
    limit = world.hours.after(handoff.lapses_at, 5)
    at = world.soon(handoff.taker_team.name, now(), 130)
    if at < limit and (named or person.chance(0.97)):
        yield at
        return answer(world, person, handoff, rep)
    yield limit
    lapse_offer(handoff)
    return None


def answer(world: World, person: Person, handoff: Handoff, rep) -> Handoff:
    """Accept, or return at once. Warm leads of companies that fit are rarely sent back."""
    if person.chance(0.74):
        read_brief(handoff, by=rep)
    doubt = 0.145 - 0.05 * (handoff.fit == "A") - 0.05 * (handoff.engagement > 75)
    if handoff.lead.source and handoff.lead.source.name == "展示会":
        doubt += 0.06
    if handoff.round > 1:
        doubt *= 0.4
    if person.chance(doubt):
        return give_back(world, person, handoff, rep, person.rng.choice(AT_ONCE))
    return accept_lead(handoff, by=rep)


def give_back(world: World, person: Person, handoff: Handoff, rep, code: str) -> Handoff:
    """Return the lead with words that fit the reason; the giver will answer in time, or not."""
    reason = ReturnReason.objects.get(code=code)
    later = world.hours.next_day(now().date(), person.rng.choice((60, 90, 150)))
    condition = _condition(person, handoff, code, later) if person.chance(0.45) else None
    finish_what_is_open(person.lead, by=rep)
    handoff = return_lead(
        handoff,
        by=rep,
        reason=reason,
        note=person.book.say("returns", code),
        revisit_on=later if reason.needs_revisit else None,
        condition=condition,
    )
    if handoff.previous_leg_id is None:
        at = world.soon(handoff.giver_team.name, now(), 160)
        world.plan(at, acknowledge, person, handoff, by=handoff.giver or person.lead.marketer)
    return handoff


def _condition(person: Person, handoff: Handoff, code: str, later: date) -> Condition | None:
    """What must be true before sales wants the lead back; from a later leg the team before decides."""
    if code not in AWAITED or handoff.previous_leg_id:
        return None
    kind, what = AWAITED[code]
    return Condition(
        kind,
        field=what if kind == ConditionKind.FACT else "",
        touch_kind=what if kind == ConditionKind.TOUCH else "",
        on=later,
        words=person.book.say("conditions", code),
    )


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
