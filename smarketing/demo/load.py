"""Loads the demo: two years of an invented company, up to this very minute."""

import random
from datetime import timedelta

from django.db import transaction

from accounts.models import User, WorkingCalendar
from common import now, time_at
from leads.history import through
from leads.models import Lead
from leads.states import Via
from smarketing.demo import agreed, ending, marketing, office, people, scenes
from smarketing.demo.campaigns import lay_campaigns
from smarketing.demo.cast import lay_cast
from smarketing.demo.companies import lay_companies
from smarketing.demo.hours import Hours
from smarketing.demo.world import World

YEARS = timedelta(days=730)
LEADS, SEED = 1500, 7
LEADS_PER_COMPANY = 2.3


class NotEmpty(Exception):
    """There are people or leads already: the demo never mixes with real data."""


def load(*, leads: int = LEADS, seed: int = SEED) -> World:
    """Fill the empty database, everything or nothing. The same seed at the same minute tells the same.

    Raises `NotEmpty`.
    """
    if User.objects.exists() or Lead.objects.exists():
        raise NotEmpty
    with transaction.atomic(), through(Via.PAGE):
        world = _world(seed)
        with time_at(world.start):
            everybody = _people(world, leads)
        world.run()
        captured = [one for one in everybody if one.events and not one.is_live]
        people.write(captured)
        ending.settle_notices(world)
        office.settle_seat(world)
    ending.refresh_statistics()
    return world


def _world(seed: int) -> World:
    end = now()
    start = (end - YEARS).replace(hour=0, minute=0, second=0, microsecond=0)
    with time_at(start):
        cast = lay_cast()
        office.lay_calendars(cast, first_year=start.year - 1, last_year=end.year + 1)
        efforts = lay_campaigns(cast, start=start, end=end)
    hours = Hours(WorkingCalendar.default(), seed)
    rng = random.Random(seed)
    return World(cast=cast, efforts=efforts, hours=hours, start=start, end=end, rng=rng)


def _people(world: World, number: int) -> list[people.Person]:
    found = list(scenes.lay_scenes(world))
    office.tell_office(world)
    agreed.tell_agreements(world)
    homes = lay_companies(
        world.rng,
        max(10, round(number / LEADS_PER_COMPANY)),
        at=world.start,
        besides=scenes.companies(),
    )
    weights = [effort.volume for effort in world.efforts]
    for n in range(number - len(found)):
        effort = world.rng.choices(world.efforts, weights)[0]
        home = world.rng.choice(homes)
        person = marketing.make_person(world, home, effort, n)
        world.tell(marketing.life(world, person), at=person.lead.captured_at)
        found.append(person)
    world.tell(ending.clockwork(world), at=world.end - ending.SWEPT)
    return found
