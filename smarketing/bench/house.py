"""The organisation of the bench: as many people as would work with so many leads, and their companies."""

import random
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Notice, Team, User
from accounts.states import Role, TeamKind
from common.text import normalise, normalise_company
from handoff.actions.defaults import lay_defaults, sign_agreement
from handoff.models import Lane, Leg
from leads.models import Campaign, Company, Source
from leads.states import CampaignKind
from smarketing.bench.tables import Sink
from smarketing.demo.books import read, split

PASSWORD = "for-the-bench-only"  # noqa: S105
TEAM_OF = 10


@dataclass
class House:
    """Ids of everything a lead refers to."""

    marketing: Team
    marketers: list[User]
    sales: list[tuple[Team, Lane, list[User]]]
    manager: User
    campaigns: list[int]
    sources: list[int]

    @property
    def reps(self) -> list[User]:
        return [person for _team, _lane, people in self.sales for person in people]


def build(leads: int) -> House:
    """Teams of ten, one rep per thousand leads, thirty at least."""
    agreement = lay_defaults()
    marketing = Team.objects.get(kind=TeamKind.MARKETING)
    people = max(30, min(leads // 1000, 400))
    _people("m", marketing, max(5, people // 4))
    for n in range(people // TEAM_OF):
        _sales_team(n)
    heads = {
        "marketing_head": _people("h", marketing, 1, role=Role.MANAGER)[0],
        "sales_head": _people("s", Team.objects.get(name="営業"), 1, role=Role.MANAGER)[0],
    }
    sign_agreement(agreement, **heads)
    Source.objects.bulk_create(Source(name=f"Source {n}") for n in range(10))
    _campaigns(User.objects.filter(team=marketing))
    return find()


def find() -> House:
    """The organisation of a database that was filled before."""
    people = User.objects.select_related("team").order_by("pk")
    marketing = Team.objects.get(kind=TeamKind.MARKETING)
    legs = Leg.objects.filter(giver_kind=TeamKind.MARKETING, taker__kind=TeamKind.SALES)
    return House(
        marketing=marketing,
        marketers=list(people.filter(team=marketing, role=Role.MEMBER)),
        sales=[
            (leg.taker, leg.lane, list(people.filter(team=leg.taker, role=Role.MEMBER)))
            for leg in legs.select_related("taker", "lane").order_by("lane_id")
        ],
        manager=people.filter(role=Role.MANAGER).exclude(team=marketing).get(),
        campaigns=list(Campaign.objects.order_by("pk").values_list("pk", flat=True)),
        sources=list(Source.objects.order_by("pk").values_list("pk", flat=True)),
    )


def _people(letter: str, team: Team, number: int, *, role: str = Role.MEMBER) -> list[User]:
    password = make_password(PASSWORD)
    family = [one[0] for one in split(read("names")["family"])]
    people = User.objects.bulk_create(
        User(
            email=f"{letter}{team.pk}-{n}@example.com",
            password=password,
            family_name=family[n % len(family)],
            given_name="恵",
            team=team,
            role=role,
        )
        for n in range(number)
    )
    moment = timezone.now()
    Notice.objects.bulk_create(
        Notice(
            to=person,
            kind="handoff.offered",
            created_at=moment - timedelta(hours=n),
            path="/",
            read_at=moment if n > 5 else None,
        )
        for person in people
        for n in range(30)
    )
    return people


def _sales_team(n: int) -> None:
    """A team, the lane that leads to it, and its people; the first is the default's."""
    if n == 0:
        team = Team.objects.get(kind=TeamKind.SALES)
    else:
        team = Team.objects.create(name=f"営業 {n + 1}", kind=TeamKind.SALES)
        lane = Lane.objects.create(code=f"direct-{n}", name=f"マーケティング → 営業 {n + 1}")
        Leg.objects.create(lane=lane, position=0, giver_kind=TeamKind.MARKETING, taker=team)
    _people("r", team, TEAM_OF)


def _campaigns(owners) -> None:
    moment = timezone.now()
    Campaign.objects.bulk_create(
        Campaign(
            name=f"Campaign {n}",
            kind=kind,
            starts_on=moment.date() - timedelta(days=720 - n * 17),
            cost=100_000 * (n + 1),
            owner=owners[n % len(owners)],
            created_at=moment,
        )
        for n, kind in enumerate(list(CampaignKind.values) * 5)
    )


def lay_companies(number: int, rng: random.Random) -> list[tuple[str, str, str, str]]:
    """So many companies; of each (name as searched, key, domain, phone), the id is the place + 1."""
    names = read("names")
    prefixes = split(names["prefixes"])
    kinds = [
        (industry, part) for industry, trades in names["trades"].items() for part in split(trades)
    ]
    places = list(names["places"])
    sink = Sink(
        Company, "id", "name", "name_kana", "domain", "industry", "employees", "prefecture",
        "phone", "key", "search", "created_at",
    )  # fmt: skip
    moment, found = str(timezone.now()), []
    for n in range(1, number + 1):
        prefix, (industry, trade) = rng.choice(prefixes), rng.choice(kinds)
        name = f"{prefix[0]}{trade[0]}{n}株式会社"
        kana, domain = prefix[1] + trade[1], f"c{n}.example"
        key = normalise_company(name)
        search = f" {normalise(name)} {key} {kana} {domain} "
        employees = str(int(10 ** rng.uniform(1, 3.6)))
        phone = f"052-000-{n % 10000:04}"
        sink.add(
            str(n), name, kana, domain, industry, employees, rng.choice(places), phone, key,
            search, moment,
        )  # fmt: skip
        found.append((normalise(name), key, domain, phone))
    sink.close()
    return found
