"""Invented companies and the people who work there."""

import random
from dataclasses import dataclass, field
from datetime import datetime

import jaconv

from leads.identity import clean_phone
from leads.models import Company
from smarketing.demo.books import read, split

FORMS = ("{}株式会社", "{}株式会社", "{}株式会社", "株式会社{}", "株式会社{}", "{}", "有限会社{}")
# Departments of a plant, with the share of those who decide there.
DEPARTMENTS = (
    "生産技術部",
    "保全課",
    "製造本部 設備管理",
    "生産管理部",
    "工務課",
    "購買部",
    "情報システム部",
    "経営企画室",
)
TITLES = ("部長", "課長", "課長", "課長代理", "係長", "主任", "主任") + ("",) * 6
ENGLISH_DEPARTMENTS = ("Maintenance", "Production engineering", "Operations", "Purchasing")
ENGLISH_TITLES = ("Director", "Manager", "Manager", "Engineer", "Team lead", "")
SIZES = ((8, 29, 30), (30, 99, 32), (100, 320, 22), (321, 999, 11), (1000, 4200, 5))


@dataclass(frozen=True)
class Home:
    """A company, the language one speaks there, and whom we know of it."""

    company: Company
    language: str
    people: list = field(default_factory=list)


def lay_companies(
    rng: random.Random, number: int, *, at: datetime, besides: set[str]
) -> list[Home]:
    """`number` invented companies at most, each name once and none of `besides`; one in twelve speaks English."""
    english = [home for home in _english(rng, at) if home.company.key not in besides]
    english = english[: max(2, number // 12)]
    japanese = [home for home in _japanese(rng, number, at) if home.company.key not in besides]
    homes = english + japanese[: number - len(english)]
    Company.objects.bulk_create([home.company for home in homes], batch_size=500)
    rng.shuffle(homes)
    return homes


def _japanese(rng: random.Random, number: int, at: datetime) -> list[Home]:
    names = read("names")
    prefixes = split(names["prefixes"])
    kinds = [
        (industry, trade) for industry, trades in names["trades"].items() for trade in split(trades)
    ]
    pairs = [(prefix, *kind) for prefix in prefixes for kind in kinds]
    rng.shuffle(pairs)
    return [_one(rng, *pair, at=at) for pair in pairs[:number]]


def _one(rng, prefix, industry, trade, *, at) -> Home:
    name, kana = prefix[0] + trade[0], prefix[1] + trade[1]
    prefecture, (*towns, area) = _place(rng)
    company = Company(
        name=rng.choice(FORMS).format(name),
        name_kana=kana,
        domain=f"{prefix[2]}-{trade[2]}.example",
        industry=industry if rng.random() < 0.9 else "",
        employees=employees(rng) if rng.random() < 0.88 else None,
        prefecture=prefecture,
        address=f"{prefecture}{rng.choice(towns)}",
        phone=desk_phone(rng, area),
        attributes={"plants": rng.choice((1, 1, 1, 2, 2, 3, 5))},
        created_at=at,
    )
    return Home(company.derive(), "ja")


def _english(rng: random.Random, at: datetime) -> list[Home]:
    names = read("names")
    prefixes, trades, forms = (
        names[key].split("|") for key in ("english_prefixes", "english_trades", "english_forms")
    )
    homes = []
    for prefix in prefixes:
        for trade in rng.sample(trades, 3):
            company = Company(
                name=f"{prefix} {trade} {rng.choice(forms)}",
                domain=f"{prefix}-{trade}.example".lower(),
                industry=names["english_industries"][trade],
                employees=employees(rng),
                phone=f"+1 202-555-01{rng.randint(10, 99)}",
                attributes={"plants": rng.choice((1, 2, 4))},
                created_at=at,
            )
            homes.append(Home(company.derive(), "en"))
    rng.shuffle(homes)
    return homes


def employees(rng: random.Random) -> int:
    low, high, _ = rng.choices(SIZES, [size[2] for size in SIZES])[0]
    number = rng.randint(low, high)
    return number if number < 100 else number // 10 * 10


def _place(rng: random.Random) -> tuple[str, list[str]]:
    prefecture, words = rng.choice(list(read("names")["places"].items()))
    return prefecture, words.split()


def desk_phone(rng: random.Random, area: str) -> str:
    """A number nobody has: in Japan no exchange begins with a nought."""
    exchange = "0" * (6 - len(area))
    return clean_phone(f"{area}-{exchange}-{rng.randint(1000, 9999)}")


def person_at(rng: random.Random, home: Home) -> dict:
    """Columns of somebody who works at `home`: name, kana, post, how to reach them."""
    fields = _english_person(rng) if home.language == "en" else _japanese_person(rng)
    local = fields.pop("local")
    domain = home.company.domain
    fields["email"] = f"{local}{rng.choice(('', '', rng.randint(2, 99)))}@{domain}"
    if rng.random() < 0.55:
        fields["phone"] = home.company.phone[:-4] + str(rng.randint(1000, 9999))
        if home.language == "en":
            fields["phone"] = f"+1 202-555-01{rng.randint(10, 99)}"
    if home.language == "ja" and rng.random() < 0.3:
        fields["mobile"] = f"090-0000-{rng.randint(1000, 9999)}"
    if rng.random() < 0.05:
        fields["email"] = ""
        fields.setdefault("phone", home.company.phone)
    return fields


def _japanese_person(rng: random.Random) -> dict:
    names = read("names")
    family, given = rng.choice(split(names["family"])), rng.choice(split(names["given"]))
    return {
        "family_name": family[0],
        "given_name": given[0],
        "family_kana": jaconv.hira2kata(family[1]),
        "given_kana": jaconv.hira2kata(given[1]),
        "department": rng.choice(DEPARTMENTS),
        "title": rng.choice(TITLES),
        "local": f"{jaconv.kana2alphabet(given[1])[0]}.{jaconv.kana2alphabet(family[1])}",
    }


def _english_person(rng: random.Random) -> dict:
    names = read("names")
    family = rng.choice(names["english_family"].split("|"))
    given = rng.choice(names["english_given"].split("|"))
    return {
        "family_name": family,
        "given_name": given,
        "department": rng.choice(ENGLISH_DEPARTMENTS),
        "title": rng.choice(ENGLISH_TITLES),
        "local": f"{given[0]}.{family}".lower(),
    }
