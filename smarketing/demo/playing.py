"""How a hand-written scene comes about: from the first contact to where it stands now."""

from datetime import datetime, timedelta

from common import now
from handoff.actions import (
    accept_lead,
    answer_question,
    ask_question,
    edit_deal,
    log_contact,
    offer_lead,
    open_deal,
    qualify_lead,
    read_brief,
    win_deal,
)
from handoff.actions.contacts import NextStep
from handoff.models import DealStep, Handoff
from leads.actions import learn_fact
from leads.actions.follow_ups import plan_follow_up
from leads.states import Stage, TouchKind, TouchResult
from smarketing.demo import marketing
from smarketing.demo.detours import (
    acknowledge,
    give_back,
    introduce,
    lapse,
    meet_condition,
    pause,
    route,
)
from smarketing.demo.people import Person
from smarketing.demo.world import Story, World

# Working minutes between one thing and the next.
BETWEEN = {
    "told": 160,
    "offered": 95,
    "accepted": 300,
    "talked": 700,
    "deal": 2600,
    "returned": 210,
    "acknowledged": 3300,
    "passed": 260,
}
STEPS = {
    "ready": ("told",),
    "offered": ("offered", "told"),
    "accepted": ("accepted", "offered", "told"),
    "talked": ("talked", "accepted", "offered", "told"),
    "deal": ("deal", "talked", "accepted", "offered", "told"),
    "won": ("won", "deal", "talked", "accepted", "offered", "told"),
    "passed": ("won", "deal", "passed", "talked", "accepted", "offered", "told"),
    "returned": ("returned", "accepted", "offered", "told"),
    "watched": ("acknowledged", "returned", "accepted", "offered", "told"),
    "met": ("met", "acknowledged", "returned", "accepted", "offered", "told"),
    "paused": ("paused", "talked", "accepted", "offered", "told"),
    "queued": ("queued", "told"),
    "lapsed": ("lapsed", "offered", "told"),
}


def play(world: World, person: Person, scene: dict) -> Story:
    """One scene; every yield is the moment of its next step."""
    times = _times(world, person, scene)
    person.captured()
    marketing.arrive(person)
    yield world.soon("marketing", now(), 300)
    person.nurtured()
    yield from _grow_warm(world, person, scene, until=times["told"])
    _tell_marketing(world, person, scene)
    taker = world.cast.people.get(scene.get("taker", ""))
    handoff = None
    for step in reversed(STEPS[scene["at"]][:-1]):
        yield times[step]
        handoff = DOES[step](world, person, scene, handoff, taker)


def _times(world: World, person: Person, scene: dict) -> dict[str, datetime]:
    """When each thing happened: backwards from how long the scene has lasted."""
    moment = world.hours.before(world.end, scene["minutes"])
    if "last_month" in scene:
        day = world.hours.today(world.end).replace(day=1) - timedelta(days=1)
        moment = world.hours.on(world.hours.next_day(day.replace(day=scene["last_month"])), 11)
    times = {}
    for n, step in enumerate(STEPS[scene["at"]]):
        if n:
            wait = scene.get("between", BETWEEN).get(step, BETWEEN[step])
            wait *= person.rng.choice((1, 4, 9)) if step == "told" else 1
            moment = world.hours.before(moment, wait)
        times[step] = moment
    return times


def _grow_warm(world: World, person: Person, scene: dict, *, until: datetime) -> Story:
    """Weeks of mails, then a webinar with questions, then the prices."""
    book, facts = person.book, list(scene["facts"].items())

    def mailed(words: str) -> None:
        person.touched(TouchKind.MAIL_SENT, words)
        person.touched(TouchKind.MAIL_OPENED, words)

    for days, deed in (
        (31, lambda: mailed(book.say("mails"))),
        (19, lambda: mailed(book.say("mails"))),
        (12, lambda: person.touched(TouchKind.DOWNLOAD, book.say("downloads"))),
        (9, lambda: person.touched(TouchKind.SEMINAR_ATTENDED, campaign=_webinar(world))),
        (8, lambda: _first_words(world, person, scene, facts[2:])),
        (6, lambda: person.touched(TouchKind.VISIT, book.say("priced_visits"))),
        (5, lambda: person.touched(TouchKind.VISIT, book.say("visits"))),
    ):
        yield until - timedelta(days=days, minutes=person.rng.randint(0, 300))
        deed()
    yield until


def _webinar(world: World):
    return next(
        one.campaign
        for one in reversed(world.efforts)
        if one.kind == "webinar" and one.campaign.starts_on <= now().date()
    )


def _first_words(world: World, person: Person, scene: dict, facts: list) -> None:
    """What the lead said and asked after the webinar; the answers follow the same or the next day."""
    lead = person.go_live()
    for field, value in facts:
        learn_fact(lead, by=lead.marketer, field=field, value=value)
    for text, answer in scene.get("questions", ()):
        if answer:
            question = ask_question(lead, by=lead.marketer, text=text)
            at = world.soon("marketing", now(), 170)
            world.plan(at, answer_question, question, by=lead.marketer, answer=answer)


def _tell_marketing(world: World, person: Person, scene: dict) -> None:
    """The call after which a marketer is sure: what was said, asked and promised."""
    lead = person.go_live()
    by = lead.marketer
    log_contact(
        lead,
        by=by,
        kind=TouchKind.CALL,
        result=TouchResult.INTERESTED,
        words=scene["said"],
        minutes=14,
        facts=dict(list(scene["facts"].items())[:2]),
    )
    for text, answer in scene.get("questions", ()):
        if not answer:
            at = max(world.hours.before(world.end, 320), now() + timedelta(minutes=20))
            world.plan(at, _asks, person, text)
    if promise := scene.get("promise"):
        due = world.hours.on(world.hours.next_day(world.hours.today(world.end), 3), 17)
        plan_follow_up(lead, by=by, what=promise, due_at=due, promised=True)
    person.refresh()
    if lead.stage != Stage.MQL:
        qualify_lead(lead, by=by, judgement=person.book.say("judgement"))


def _asks(person: Person, text: str) -> None:
    person.touched(TouchKind.MAIL_RECEIVED, text)
    ask_question(person.lead, by=person.lead.marketer, text=text)


def _offer(world: World, person: Person, scene: dict, _handoff, taker) -> Handoff:
    handoff = offer_lead(
        person.lead,
        by=person.lead.marketer,
        lane=world.cast.lanes[scene["lane"]],
        taker=taker,
        note=scene["note"],
        why_now=scene["why_now"],
        next_step=scene["next_step"],
    )
    return read_brief(handoff, by=taker) if scene.get("read") and taker else handoff


def _accept(world: World, person: Person, scene: dict, handoff: Handoff, taker) -> Handoff:
    handoff = accept_lead(handoff, by=taker)
    if scene.get("introduced"):
        introduce(person, handoff)
    return handoff


def _talk(world: World, person: Person, scene: dict, handoff: Handoff, taker) -> Handoff:
    what, hour = scene.get("follow_up", ("", 0))
    day = world.hours.next_day(world.hours.today(world.end))
    log_contact(
        person.lead,
        by=taker,
        kind=TouchKind.CALL,
        result=TouchResult.INTERESTED,
        words=scene["said"],
        minutes=18,
        next_step=NextStep(what, world.hours.on(day, hour), promised=True) if what else None,
    )
    return handoff


def _pass_on(world: World, person: Person, scene: dict, handoff: Handoff, taker) -> Handoff:
    """The next team of the lane takes it at once."""
    following = world.cast.people[scene["next_taker"]]
    offered = offer_lead(
        person.lead,
        by=taker,
        lane=handoff.lane,
        taker=following,
        note=person.book.say("pass_on_note"),
        next_step=scene["next_step"],
    )
    read_brief(offered, by=following)
    return accept_lead(offered, by=following)


def _open_deal(world: World, person: Person, scene: dict, handoff: Handoff, taker) -> Handoff:
    deal = open_deal(
        person.lead,
        by=handoff.taker,
        amount=scene["amount"],
        name=scene["deal"],
        expected_on=world.hours.today(world.end) + timedelta(days=40),
    )
    edit_deal(deal, by=handoff.taker, step=DealStep.objects.get(code=scene["step"]))
    return handoff


def _win(world: World, person: Person, scene: dict, handoff: Handoff, taker) -> Handoff:
    win_deal(person.lead.deals.get(), by=handoff.taker)
    return handoff


DOES = {
    "offered": _offer,
    "accepted": _accept,
    "talked": _talk,
    "passed": _pass_on,
    "deal": _open_deal,
    "won": _win,
    "returned": give_back,
    "acknowledged": acknowledge,
    "met": meet_condition,
    "paused": pause,
    "queued": route,
    "lapsed": lapse,
}
