"""What waits today: hand-written leads whose clocks run while one looks."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

import jaconv

from common import now
from common.text import normalise_company
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
    return_lead,
)
from handoff.actions.contacts import NextStep
from handoff.models import DealStep, Handoff, ReturnReason
from leads.actions.follow_ups import plan_follow_up
from leads.models import Company, Lead
from leads.scoring import fit_of
from leads.states import Stage, TouchKind, TouchResult
from smarketing.demo import marketing
from smarketing.demo.books import Book, read
from smarketing.demo.campaigns import Effort
from smarketing.demo.companies import Home, desk_phone
from smarketing.demo.people import Person
from smarketing.demo.world import Story, World

# Working minutes between one thing and the next, where the scene does not say.
TO_ANSWER, TO_TALK, TO_DEAL = 95, 300, 700


def lay_scenes(world: World) -> Iterable[Person]:
    """All scenes, each with its company and its story begun some weeks ago."""
    for number, scene in enumerate(read("scenes")["scene"]):
        person = _person(world, scene, number)
        world.tell(play(world, person, scene), at=person.lead.captured_at)
        yield person


def companies() -> set[str]:
    """The companies of the scenes, by their key."""
    return {
        normalise_company(scene["company"].rsplit(" ", 7)[0]) for scene in read("scenes")["scene"]
    }


def _person(world: World, scene: dict, number: int) -> Person:
    rng = random.Random(f"{world.hours.seed}:scene:{number}")
    captured = world.end - timedelta(days=rng.randint(45, 80), minutes=rng.randint(0, 300))
    efforts = [
        one
        for one in world.efforts
        if one.campaign.starts_on <= captured.date()
        and (one.campaign.ends_on is None or one.campaign.ends_on >= captured.date())
    ]
    home, effort = _home(rng, scene["company"], captured), rng.choice(efforts)
    lead = _lead(world, scene, home, effort, captured, rng)
    return Person(lead, home, effort, Book(home.language, rng), rng, warmth=1)


def _home(rng: random.Random, line: str, at: datetime) -> Home:
    *name, kana, domain, industry, size, prefecture, town, area = line.split()
    japanese = kana != "-"
    company = Company(
        name=" ".join(name),
        name_kana=kana if japanese else "",
        domain=f"{domain}.example",
        industry=industry,
        employees=int(size),
        prefecture=prefecture if japanese else "",
        address=f"{prefecture}{town}" if japanese else "",
        phone=desk_phone(rng, area) if japanese else "+1 202-555-0142",
        attributes={"plants": rng.choice((1, 2))},
        created_at=at,
    ).derive()
    company.save()
    return Home(company, "ja" if japanese else "en")


def _lead(world: World, scene: dict, home: Home, effort: Effort, at: datetime, rng) -> Lead:
    department, _, title = scene["post"].rpartition(" ")
    lead = Lead(
        **_name(scene["name"]),
        department=department,
        title=title,
        company=home.company,
        source=effort.source,
        campaign=effort.campaign,
        email=f"{rng.choice('acehkmnrsty')}{rng.randint(100, 999)}@{home.company.domain}",
        phone=home.company.phone,
        prefecture=home.company.prefecture,
        captured_at=at,
        stage_since=at,
        last_touch_at=at,
        created_at=at,
        updated_at=at,
        team=world.cast.teams["marketing"],
        marketer=world.cast.people[scene["marketer"]],
        attributes={"machines": rng.choice((60, 150, 180, 220))},
    ).derive()
    lead.fit_points, lead.fit = fit_of(lead)
    return lead


def _name(words: str) -> dict:
    family, given, *kana = words.split()
    if not kana:
        return {"family_name": given, "given_name": family}
    return {
        "family_name": family,
        "given_name": given,
        "family_kana": jaconv.hira2kata(kana[0]),
        "given_kana": jaconv.hira2kata(kana[1]),
    }


def play(world: World, person: Person, scene: dict) -> Story:
    """From the first contact to where the scene stands now."""
    times = _times(world, scene)
    person.captured()
    marketing.arrive(person)
    yield world.soon("marketing", now(), 300)
    person.nurtured()
    for days in (28, 17, 9, 8, 6):
        yield times["told"] - timedelta(days=days, minutes=person.rng.randint(0, 400))
        _interest(person, days)
    yield times["told"]
    _tell_marketing(world, person, scene)
    if scene["at"] == "ready":
        return
    yield times["offered"]
    handoff = _offer(world, person, scene)
    if scene["at"] == "offered":
        return
    yield times["accepted"]
    taker = world.cast.people[scene["taker"]]
    handoff = accept_lead(handoff, by=taker)
    if scene["at"] in ("talked", "deal"):
        yield times["talked"]
        _talk(world, person, scene, taker)
    if scene["at"] == "deal":
        yield times["deal"]
        _open_deal(world, person, scene, taker)
    if scene["at"] == "returned":
        yield times["returned"]
        _give_back(world, handoff, scene, taker)


def _times(world: World, scene: dict) -> dict[str, datetime]:
    """When each thing happened: backwards from how long the scene has lasted."""
    moment, at = world.hours.before(world.end, scene["minutes"]), scene["at"]
    steps = {
        "ready": ("told",),
        "offered": ("offered", "told"),
        "accepted": ("accepted", "offered", "told"),
        "talked": ("talked", "accepted", "offered", "told"),
        "deal": ("deal", "talked", "accepted", "offered", "told"),
        "returned": ("returned", "accepted", "offered", "told"),
    }
    between = {"told": 160, "offered": TO_ANSWER, "accepted": TO_TALK, "talked": TO_DEAL}
    times = {}
    for n, step in enumerate(steps[at]):
        moment = world.hours.before(moment, between[step]) if n else moment
        times[step] = moment
    return times


def _interest(person: Person, days: int) -> None:
    book = person.book
    if days > 10:
        person.touched(TouchKind.MAIL_SENT, book.say("mails"))
        person.touched(TouchKind.MAIL_OPENED, book.say("mails"))
    elif days == 9:
        person.touched(TouchKind.DOWNLOAD, book.say("downloads"))
    else:
        person.touched(TouchKind.VISIT, book.say("priced_visits"))


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
        facts=scene["facts"],
    )
    for text, answer in scene.get("questions", ()):
        question = ask_question(lead, by=by, text=text)
        if answer:
            answer_question(question, by=by, answer=answer)
    if promise := scene.get("promise"):
        due = world.hours.on(world.hours.next_day(world.hours.today(world.end), 3), 17)
        plan_follow_up(lead, by=by, what=promise, due_at=due, promised=True)
    person.refresh()
    if lead.stage != Stage.MQL:
        qualify_lead(lead, by=by, judgement=person.book.say("judgement"))


def _offer(world: World, person: Person, scene: dict) -> Handoff:
    handoff = offer_lead(
        person.lead,
        by=person.lead.marketer,
        lane=world.cast.lanes[scene["lane"]],
        taker=world.cast.people.get(scene["taker"]),
        note=scene["note"],
        why_now=scene["why_now"],
        next_step=scene["next_step"],
    )
    if scene.get("read") and scene["taker"]:
        read_brief(handoff, by=world.cast.people[scene["taker"]])
    return handoff


def _talk(world: World, person: Person, scene: dict, taker) -> None:
    what, hour = scene["follow_up"]
    day = world.hours.next_day(world.hours.today(world.end))
    log_contact(
        person.lead,
        by=taker,
        kind=TouchKind.CALL,
        result=TouchResult.INTERESTED,
        words=scene["said"],
        minutes=18,
        next_step=NextStep(what, world.hours.on(day, hour), promised=True),
    )


def _open_deal(world: World, person: Person, scene: dict, taker) -> None:
    deal = open_deal(
        person.lead,
        by=taker,
        amount=scene["amount"],
        name=scene["deal"],
        expected_on=world.hours.today(world.end) + timedelta(days=40),
    )
    edit_deal(deal, by=taker, step=DealStep.objects.get(code=scene["step"]))


def _give_back(world: World, handoff: Handoff, scene: dict, taker) -> None:
    log_contact(
        handoff.lead,
        by=taker,
        kind=TouchKind.CALL,
        result=TouchResult.REACHED,
        words=scene["words"],
    )
    reason = ReturnReason.objects.get(code=scene["reason"])
    later = world.hours.today(world.end) + timedelta(days=130)
    return_lead(
        handoff,
        by=taker,
        reason=reason,
        note=scene["words"],
        revisit_on=later if reason.needs_revisit else None,
    )
