"""What the people of a scene do beside the straight way: they route, wait, return and come back."""

from datetime import timedelta

from common import now
from handoff.actions import (
    Condition,
    acknowledge_return,
    introduce_taker,
    lapse_offer,
    log_contact,
    pause_clocks,
    return_lead,
    route_lead,
)
from handoff.actions.introductions import draft_introduction, language_of
from handoff.actions.second_rounds import settle_condition
from handoff.models import Handoff, Introduction, ReturnReason
from handoff.states import Acknowledgement, PauseReason
from leads.states import Channel, TouchKind, TouchResult
from smarketing.demo.people import Person
from smarketing.demo.world import World


def introduce(person: Person, handoff: Handoff) -> None:
    """The giver's mail that names the taker: told as sent, and never really on its way."""
    person.allowed(Channel.EMAIL, True, "電話で伺った")
    mail = draft_introduction(handoff, by=handoff.giver, language=language_of(handoff.lead))
    introduce_taker(handoff, by=handoff.giver, subject=mail.subject, text=mail.text)
    Introduction.objects.filter(pk=handoff.pk).update(
        mail_due=False, mailed_at=now() + timedelta(seconds=20)
    )


def pause(world: World, person: Person, scene: dict, handoff: Handoff, taker) -> Handoff:
    wish = scene["pause"]
    day = world.hours.next_day(world.hours.today(world.end), wish["days"])
    return pause_clocks(
        handoff,
        by=taker,
        reason=PauseReason.ASKED_TO_WAIT,
        until=world.hours.on(day, 10),
        note=wish["note"],
    )


def route(world: World, person: Person, scene: dict, _handoff, taker) -> None:
    """By the rules, which find nobody for it."""
    words = {name: scene[name] for name in ("note", "why_now", "next_step")}
    route_lead(person.lead, by=person.lead.marketer, **words)


def lapse(world: World, person: Person, scene: dict, handoff: Handoff, taker) -> Handoff:
    lapse_offer(handoff)
    return handoff


def give_back(world: World, person: Person, scene: dict, handoff: Handoff, taker) -> Handoff:
    log_contact(
        person.lead, by=taker, kind=TouchKind.CALL, result=TouchResult.REACHED, words=scene["words"]
    )
    reason = ReturnReason.objects.get(code=scene["reason"])
    days = scene.get("days", 130)
    later = world.hours.next_day(world.hours.today(world.end), days)
    condition = scene.get("condition")
    return return_lead(
        handoff,
        by=taker,
        reason=reason,
        note=scene["words"],
        revisit_on=later if reason.needs_revisit else None,
        condition=Condition(**condition, on=later) if condition else None,
    )


def acknowledge(world: World, person: Person, scene: dict, handoff: Handoff, taker) -> Handoff:
    return acknowledge_return(
        handoff, by=person.lead.marketer, answer=Acknowledgement.NURTURE, note=scene["answer"]
    )


def meet_condition(world: World, person: Person, scene: dict, handoff: Handoff, taker) -> Handoff:
    """Marketing hears what sales waits for: the second round begins by itself."""
    log_contact(
        person.lead,
        by=person.lead.marketer,
        kind=TouchKind.CALL,
        result=TouchResult.INTERESTED,
        words=scene["heard_words"],
        minutes=11,
        facts=scene["heard"],
    )
    settle_condition(person.lead.pk)
    return handoff
