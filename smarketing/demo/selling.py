"""The story of a lead from the moment it qualified: handed over, called, sold, lost or sent back."""

from contextlib import suppress
from datetime import timedelta

from common import now
from common.refusals import Refusal
from handoff.actions import (
    answer_question,
    disqualify_lead,
    edit_deal,
    log_contact,
    lose_deal,
    nurture_lead,
    open_deal,
    pause_clocks,
    read_brief,
    recycle_lead,
    resume_clocks,
    win_deal,
)
from handoff.actions.contacts import NextStep
from handoff.models import Deal, DealStep, Handoff, Lane, LostReason
from handoff.states import PauseReason
from leads.actions import comment_on_lead, finish_follow_up
from leads.actions.hearings import Heard
from leads.models import Fact, FollowUp, Lead, Question
from leads.permissions import can
from leads.states import Asked, FactField, Stage, TouchKind, TouchResult
from smarketing.demo.handing import (
    AFTER_TALKING,
    acknowledge,
    finish_what_is_open,
    give_back,
    is_held,
    pass_along,
)
from smarketing.demo.people import Person
from smarketing.demo.world import Story, World

# How a story ends: marketing has the lead again, or somebody closed it.
BACK, OVER = "back", "over"

HEARD = [one for one in FactField.values if one != FactField.OTHER]
UNANSWERED = (TouchResult.NO_ANSWER, TouchResult.LEFT_MESSAGE, TouchResult.ABSENT)
LOST = ("price", "competitor", "no_decision", "no_decision", "no_budget", "function", "other")


def qualified(world: World, person: Person) -> Story:
    """Offered, worked, decided. Returns `BACK` when marketing holds the lead again."""
    yield world.soon("marketing", now(), 200, 1.0)
    person.refresh()
    if person.lead.stage != Stage.MQL:
        return BACK
    if person.chance(0.04):
        nurture_lead(person.lead, by=person.lead.marketer)
        return BACK
    lane = choose_lane(world, person)
    handoff = yield from pass_along(world, person, lane, person.lead.marketer, position=0)
    return (yield from carry_on(world, person, handoff))


def carry_on(world: World, person: Person, handoff: Handoff | None) -> Story:
    """What follows an answered handoff, leg by leg, to its end; None: nobody took the lead."""
    while isinstance(handoff, Handoff):
        if is_held(handoff):
            handoff = yield from work(world, person, handoff)
        else:
            handoff = yield from falls_back(world, person, handoff)
    if isinstance(handoff, Deal):
        return (yield from sell(world, person, handoff))
    return handoff or (yield from let_cool(world, person))


def let_cool(world: World, person: Person) -> Story:
    """Nobody took it, or the offer was withdrawn: after some days marketing nurtures it again."""
    yield now() + timedelta(days=person.rng.randint(4, 12))
    person.refresh()
    if person.lead.stage == Stage.MQL and not person.lead.handoffs.open().exists():
        nurture_lead(person.lead, by=person.lead.marketer)
    return BACK


def choose_lane(world: World, person: Person) -> Lane:
    """Those who asked for a demo go straight to sales; the rest is heard by inside sales first."""
    lanes = world.cast.lanes
    if person.home.language == "en":
        return lanes["west"]
    return lanes[person.rng.choices(("direct", "inside", "west", "agency"), (42, 30, 20, 8))[0]]


def work(world: World, person: Person, handoff: Handoff) -> Story:
    """What the taker does: calls, hears, meets; then passes on, opens a deal or returns the lead.

    Returns the handoff as it stands then, the next one, the deal, or how it ended.
    """
    rep = handoff.taker
    reached = yield from reach(world, person, handoff, rep)
    if not reached:
        return give_back(world, person, handoff, rep, "unreachable")
    if person.chance(0.08):
        yield from waits_for_them(world, person, handoff, rep)
    for _meeting in range(person.rng.choice((0, 1, 1, 2))):
        yield world.soon(handoff.taker_team.name, now(), 900)
        talk(world, person, rep, TouchKind.WEB_MEETING, "web_meeting")
    yield world.soon(handoff.taker_team.name, now(), 700)
    last = handoff.lane.legs.count() - 1
    if person.chance(0.2 if handoff.leg == last else 0.14):
        return give_back(world, person, handoff, rep, person.rng.choice(AFTER_TALKING))
    if person.chance(0.03):
        return take_out(world, person, rep)
    finish_what_is_open(person.lead, by=rep)
    if handoff.leg < last:
        taken = yield from pass_along(world, person, handoff.lane, rep, position=handoff.leg + 1)
        return taken or give_back(world, person, handoff, rep, "too_little_known")
    return open_a_deal(world, person, rep)


def waits_for_them(world: World, person: Person, handoff: Handoff, rep) -> Story:
    """The customer asked to be called later: the clocks rest for some days."""
    until = _next(world, person, 2, 6)
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


def take_out(world: World, person: Person, rep) -> str:
    """Nobody will ever buy here; what is returned by that is acknowledged by who gave it."""
    finish_what_is_open(person.lead, by=rep)
    disqualify_lead(person.lead, by=rep, reason=person.book.say("disqualify"))
    for handoff in person.lead.handoffs.to_acknowledge().select_related(
        "giver__team", "giver_team"
    ):
        giver = handoff.giver or person.lead.marketer
        if not giver.is_partner:
            at = world.soon(handoff.giver_team.name, now(), 160)
            world.plan(at, acknowledge, person, handoff, by=giver)
    return OVER


def falls_back(world: World, person: Person, handoff: Handoff) -> Story:
    """After a return the team before decides again: it hears more and offers once more, or returns it too."""
    before = handoff.previous_leg
    if before is None:
        return BACK
    team, rep = before.taker_team.name, before.taker
    yield world.soon(team, now(), 160)
    acknowledge(person, handoff, by=rep)
    yield world.soon(team, now(), 340)
    if handoff.round == 1 and person.chance(0.5):
        talk(world, person, rep, TouchKind.CALL, "call_interested", facts=2)
        yield world.soon(team, now(), 120)
        finish_what_is_open(person.lead, by=rep)
        taken = yield from pass_along(world, person, handoff.lane, rep, position=handoff.leg)
        if taken:
            return taken
    return give_back(world, person, before, rep, person.rng.choice(AFTER_TALKING))


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
        again = NextStep(person.book.say("follow_ups"), _next(world, person, 1, 2))
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
            _next(world, person, 2, 7),
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


def _next(world: World, person: Person, least: int, most: int):
    day = world.hours.next_day(world.hours.today(now()), person.rng.randint(least, most))
    return world.hours.on(day, person.rng.choice((10, 11, 13.5, 14, 15, 16.5, 17)))


# ── Deals ───────────────────────────────────────────────────────────────────────────────────────


def open_a_deal(world: World, person: Person, rep) -> Deal:
    size = person.lead.company.employees or 60
    amount = 1_200_000 + 300_000 * size**0.42 * person.rng.lognormvariate(0, 0.45)
    return open_deal(
        person.lead,
        by=rep,
        amount=round(amount, -5).__trunc__(),
        expected_on=world.hours.today(now()) + timedelta(days=person.rng.randint(35, 100)),
        name=person.book.say("deal_names"),
    )


def sell(world: World, person: Person, deal: Deal) -> Story:
    """Step by step through the pipeline, until it is won or lost. Returns how the lead's story ended."""
    rep, chance = deal.owner, chance_to_win(deal)
    wins = person.chance(chance)
    steps = list(DealStep.objects.all())
    lost_after = person.rng.randint(0, len(steps) - 1)
    for n, step in enumerate(steps):
        yield world.soon(rep.team.name, now(), 3900, 0.7)
        if n:
            deal = edit_deal(deal, by=rep, step=step)
        _meet(world, person, rep)
        if not wins and n == lost_after:
            break
        if person.chance(0.15):
            deal = edit_deal(deal, by=rep, expected_on=_a_month_later(deal))
    yield world.soon(rep.team.name, now(), 3200, 0.7)
    finish_what_is_open(person.lead, by=rep)
    return (yield from (won if wins else lost)(world, person, deal, rep))


def chance_to_win(deal: Deal) -> float:
    """Deals of well prepared first conversations are won more often: that is what the figures should find."""
    handoff = deal.handoff
    chance = 0.2
    chance *= 1.2 if handoff.contact_brief_read else 0.7
    chance *= 1.2 if (handoff.speed_minutes or 999) < 420 else 0.8
    chance *= 1.25 if handoff.fit == "A" else 0.8
    chance *= 1.8 if handoff.round > 1 else 1
    return chance * (1.25 if handoff.engagement >= 75 else 0.9)


def _a_month_later(deal: Deal):
    return (deal.expected_on or now().date()) + timedelta(days=31)


def _meet(world: World, person: Person, rep) -> None:
    kind, words = person.rng.choice(
        (
            (TouchKind.WEB_MEETING, "web_meeting"),
            (TouchKind.VISIT_IN_PERSON, "meetings"),
            (TouchKind.HEARING, "hearing"),
        )
    )
    talk(world, person, rep, kind, words)


def won(world: World, person: Person, deal: Deal, rep) -> Story:
    amount = round(deal.amount * person.rng.choice((1, 1, 0.9, 1.1)), -5).__trunc__()
    win_deal(deal, by=rep, amount=amount)
    if person.chance(0.15):
        yield now() + timedelta(days=person.rng.randint(70, 190))
        return (yield from sell(world, person, open_a_deal(world, person, rep)))
    return OVER


def lost(world: World, person: Person, deal: Deal, rep) -> Story:
    code = person.rng.choice(LOST)
    recycle = code in ("no_decision", "no_budget") and person.chance(0.4)
    reason = LostReason.objects.get(code=code)
    lose_deal(deal, by=rep, reason=reason, note=person.book.say("lost", code), recycle=recycle)
    if recycle:
        return BACK
    if person.chance(0.12):
        yield now() + timedelta(days=person.rng.randint(60, 160))
        lead = Lead.objects.get(pk=person.lead.pk)
        recycle_lead(lead, by=lead.marketer, reason=person.book.say("notes"))
        return BACK
    return OVER
