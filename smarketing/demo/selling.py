"""The story of a lead from the moment it qualified: handed over, called, sold, lost or sent back."""

from datetime import timedelta

from common import now
from handoff.actions import (
    disqualify_lead,
    edit_deal,
    lose_deal,
    nurture_lead,
    open_deal,
    recycle_lead,
    win_deal,
)
from handoff.models import Deal, DealStep, Handoff, Lane, LostReason
from leads.models import Lead
from leads.states import Stage, TouchKind
from smarketing.demo.handing import (
    AFTER_TALKING,
    acknowledge,
    finish_what_is_open,
    give_back,
    is_held,
    pass_along,
)
from smarketing.demo.people import Person
from smarketing.demo.talking import reach, talk, waits_for_them
from smarketing.demo.world import Story, World

# How a story ends: marketing has the lead again, or somebody closed it.
BACK, OVER = "back", "over"

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
