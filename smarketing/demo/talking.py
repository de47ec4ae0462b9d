"""How the taker of the demo speaks with a lead: calls, hearings, promises, and waits where they ask for it."""

from contextlib import suppress

from common import now
from common.refusals import Refusal
from handoff.actions import (
    answer_question,
    log_contact,
    pause_clocks,
    read_brief,
    resume_clocks,
)
from handoff.actions.contacts import NextStep
from handoff.models import Handoff
from handoff.states import PauseReason
from leads.actions import comment_on_lead, finish_follow_up
from leads.actions.hearings import Heard
from leads.models import Fact, FollowUp, Lead, Question
from leads.permissions import can
from leads.states import Asked, FactField, TouchKind, TouchResult
from smarketing.demo.handing import finish_what_is_open
from smarketing.demo.people import Person
from smarketing.demo.world import Story, World

HEARD = [one for one in FactField.values if one != FactField.OTHER]
UNANSWERED = (TouchResult.NO_ANSWER, TouchResult.LEFT_MESSAGE, TouchResult.ABSENT)


def reach(world: World, person: Person, handoff: Handoff, rep) -> Story:
    """Call until somebody answers, four times at most. Returns whether they did."""
    team = handoff.taker_team.name
    for attempt in range(4):
        yield world.soon(team, now(), 600 if attempt else 330)
        if attempt == 0 and person.chance(0.6):
            read_brief(handoff, by=rep)
        if person.chance(0.62):
            kind, words = TouchKind.CALL, person.rng.choice(("call_reached", "call_interested"))
            talk(world, person, rep, kind, words, facts=person.rng.randint(1, 3))
            return True
        result = person.rng.choice(UNANSWERED)
        words = person.book.say(f"call_{result}")
        finish_what_is_open(person.lead, by=rep)
        again = NextStep(person.book.say("follow_ups"), a_working_day(world, person, 1, 2))
        log_contact(
            person.lead, by=rep, kind=TouchKind.CALL, result=result, words=words, next_step=again
        )
    return False


def talk(world: World, person: Person, rep, kind: str, words: str, *, facts: int = 1) -> None:
    """A conversation: what was heard is kept, what was asked is owed, the next step is planned."""
    book = person.book
    finish_what_is_open(person.lead, by=rep)
    question, reply = book.question() if person.chance(0.15) else ("", "")
    promised = person.chance(0.25)
    result = TouchResult.INTERESTED if words == "call_interested" else TouchResult.REACHED
    log_contact(
        person.lead,
        by=rep,
        kind=kind,
        result=result if kind == TouchKind.CALL else "",
        words=book.say(words),
        minutes=person.rng.randint(4, 22) if kind == TouchKind.CALL else 30,
        heard=_heard(person, facts),
        question=question,
        next_step=NextStep(
            book.say("promises" if promised else "follow_ups"),
            a_working_day(world, person, 2, 7),
            promised=promised,
        ),
    )
    for planned in FollowUp.objects.open().filter(lead=person.lead, owner=rep):
        if person.chance(0.85):
            at = world.hours.after(planned.due_at, person.rng.randint(1, 200))
            world.plan(at, keep_word, planned, rep)
    if person.chance(0.12):
        comment_on_lead(person.lead, by=rep, text=book.say("comments"))
    if question:
        asked = Question.objects.filter(lead=person.lead).latest("pk")
        at = world.soon(rep.team.name, now(), 170)
        world.plan(at, _answer_if_still_held, asked, rep, reply)


def _heard(person: Person, number: int) -> list[Heard]:
    """New answers, and what became of asking for known ones: now and then nobody had looked."""
    known = {one.field: one for one in Fact.objects.current().filter(lead=person.lead.pk)}
    found = []
    for field in person.rng.sample(HEARD, number):
        value, fact = person.book.say("facts", field), known.get(field)
        if fact is None:
            found.append(Heard(field, value=value))
            continue
        outcome = Asked.AGAIN if person.chance(0.13) else Asked.CHANGED
        if outcome == Asked.CHANGED and (value == fact.value or person.chance(0.6)):
            outcome = Asked.CONFIRMED
        found.append(Heard(field, value=value, outcome=outcome, fact=fact.pk))
    return found


def keep_word(planned: FollowUp, rep) -> None:
    """Do what was planned, unless a later conversation has done it."""
    still = FollowUp.objects.open().filter(pk=planned.pk).first()
    if still and can(rep, "follow_up", still.lead):
        finish_follow_up(still, by=rep)


def _answer_if_still_held(question: Question, rep, reply: str) -> None:
    # An agency that gave the lead back meanwhile no longer sees it: then whoever holds it answers.
    lead = Lead.objects.get(pk=question.lead_id)
    by = rep if can(rep, "answer", lead) else lead.owner
    if by:
        answer_question(question, by=by, answer=reply)


def a_working_day(world: World, person: Person, least: int, most: int):
    """Some hour of a working day, `least` to `most` days ahead."""
    day = world.hours.next_day(world.hours.today(now()), person.rng.randint(least, most))
    return world.hours.on(day, person.rng.choice((10, 11, 13.5, 14, 15, 16.5, 17)))


def waits_for_them(world: World, person: Person, handoff: Handoff, rep) -> Story:
    """The customer asked to be called later: the clocks rest for some days."""
    until = a_working_day(world, person, 2, 6)
    with suppress(Refusal):  # what is late already cannot rest
        pause_clocks(
            handoff,
            by=rep,
            reason=person.rng.choice(PauseReason.values),
            until=until,
            note=person.book.say("pauses"),
        )
        yield until
        handoff.refresh_from_db(fields=["paused_until"])
        if handoff.paused_until:
            resume_clocks(handoff, by=None)
