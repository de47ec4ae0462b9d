"""What waits today: hand-written leads whose clocks run while one looks."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

import jaconv

from common.text import normalise_company
from leads.models import Company, Lead
from leads.scoring import fit_of
from smarketing.demo import playing
from smarketing.demo.books import Book, read
from smarketing.demo.campaigns import Effort
from smarketing.demo.companies import Home, desk_phone
from smarketing.demo.people import Person
from smarketing.demo.world import World


def lay_scenes(world: World) -> Iterable[Person]:
    """All scenes, each with its company and its story begun some weeks ago."""
    for number, scene in enumerate(read("scenes")["scene"]):
        person = _person(world, scene, number)
        world.tell(playing.play(world, person, scene), at=person.lead.captured_at)
        yield person


def companies() -> set[str]:
    """The companies of the scenes, by their key."""
    return {
        normalise_company(scene["company"].rsplit(" ", 7)[0]) for scene in read("scenes")["scene"]
    }


def _person(world: World, scene: dict, number: int) -> Person:
    rng = random.Random(f"{world.hours.seed}:scene:{number}")
    captured = world.end - timedelta(days=rng.randint(48, 85), minutes=rng.randint(0, 300))
    captured -= timedelta(minutes=2.4 * scene["minutes"])
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
