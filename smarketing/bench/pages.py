"""The pages people open most, each with the addresses it is measured at."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client as InProcess
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from common import now
from common.keyset import page_by_key
from handoff.board import version_now
from handoff.models import Handoff, Leg
from leads.models import Lead
from smarketing.bench.client import Client, together
from smarketing.bench.figures import (
    BOARD_KB,
    BOARD_P50,
    KB,
    KPI_P50,
    P50,
    QUIET_P50,
    PageFigure,
    percentile,
)
from smarketing.bench.house import PASSWORD, House
from smarketing.bench.live import LIVE
from smarketing.demo.books import read, split

CLIENTS = 8
DEEP = 50_000
KNOWN_MINUTES = 60


@dataclass(frozen=True)
class Page:
    """A page as a person meets it: what is asked for one after the other, at several places.

    `address` completes what is asked for at the moment of asking; `answers` are those that are right.
    """

    name: str
    reader: User
    visits: list[tuple[str, ...]]
    target: float = P50
    most_kb: float = KB
    address: Callable[[str], str] = str
    answers: tuple[int, ...] = (200,)


def pages(house: House, leads: int) -> Iterator[Page]:
    """The pages measured in a filled database as it is."""
    rng = random.Random(5)
    rep, marketer, head = house.reps[3], house.marketers[1], house.manager
    listed = reverse("leads:list")
    yield Page("Lead list, 25 rows", rep, [(listed,)])
    trades = [part[0] for trades in read("names")["trades"].values() for part in split(trades)]
    prefixes = [part[0] for part in split(read("names")["prefixes"])]
    words = [f"{prefix}{trade}" for prefix in prefixes for trade in trades]
    yield Page(
        "Search by part of a company",
        rep,
        [(f"{listed}?{urlencode({'q': word[1:5]})}",) for word in rng.sample(words, 30)],
    )
    deep = min(DEEP, leads * 2 // 3)
    yield Page(f"List after row {deep:,}", rep, [(f"{listed}?after={_key_after(deep)}",)])
    held = list(Handoff.objects.accepted().values_list("pk", "lead")[:400])
    some = rng.sample(held, 30)
    yield Page("Lead with its history", rep, [_lead_page(lead) for _pk, lead in some])
    yield Page("Brief", rep, [(reverse("handoff:detail", args=[pk]),) for pk, _lead in some])
    for name, reader in (("rep", rep), ("marketer", marketer), ("manager", head)):
        yield Page(f"Today, {name}", reader, [(reverse("exchange:today"),)])
    yield Page("Handoffs", rep, [(reverse("handoff:list"),)])
    full = {"target": BOARD_P50, "most_kb": BOARD_KB}
    yield Page("Board", rep, [(reverse("handoff:board"),)], **full)
    yield Page("Now", rep, [(reverse("exchange:now"),)])
    yield Page("Deals", rep, [(reverse("handoff:deals"),)])
    yield Page("Shared KPI", head, [(reverse("kpi:page"),)], target=KPI_P50)


def live_pages(house: House, leg: Leg) -> Iterator[Page]:
    """The board at the promised size, and what every open board asks every five seconds."""
    head, shown = house.manager, urlencode({"lane": leg.lane.code, "leg": leg.position})
    board, polled = (f"{reverse(f'handoff:{name}')}?{shown}" for name in ("board", "board_now"))
    full = {"target": BOARD_P50, "most_kb": BOARD_KB}
    yield Page(f"Board, {LIVE:,} live leads", head, [(board,)], **full)
    yield Page("  something has moved", head, [(f"{polled}&v=",)], **full)
    # A version lasts until the minute is over; it is known beforehand, since nothing moves.
    moment = now()
    versions = [version_now(at=moment + timedelta(minutes=n)) for n in range(KNOWN_MINUTES)]
    first = int(moment.timestamp()) // 60

    def current(path: str) -> str:
        return f"{path}&v={versions[int(time.time()) // 60 - first]}"

    quiet = {"target": QUIET_P50, "address": current, "answers": (204, 200)}
    yield Page("  nothing has moved", head, [(polled,)], **quiet)


def _lead_page(pk: int) -> tuple[str, ...]:
    return (reverse("leads:detail", args=[pk]), reverse("handoff:of_lead", args=[pk]))


def _key_after(row: int) -> str:
    """The key of the page that begins behind so many rows."""
    order = "-last_touch_at"
    there = Lead.objects.order_by(order, "-pk").values_list("last_touch_at", flat=True)[row]
    behind = Lead.objects.filter(last_touch_at__lte=there)
    return page_by_key(behind, order=order, size=25).next_key


def measure(page: Page, port: int, *, seconds: float) -> PageFigure:
    """One client after the other answer, then eight clients at once; and what it costs inside."""
    alone = Client(port).sign_in(page.reader.email, PASSWORD)
    visit = visiting(page)
    for _ in range(6):
        visit(alone)
    _times, _seconds, took = together([alone], visit, seconds)
    eight = [_copy(alone) for _ in range(CLIENTS)]
    together(eight, visit, 0.4)
    times, spent, _took = together(eight, visit, seconds)
    for client in [alone, *eight]:
        client.close()
    queries, kb = inside(page)
    return PageFigure(
        name=page.name,
        p50=1000 * percentile(took, 0.5),
        p95=1000 * percentile(took, 0.95),
        most=1000 * max(took),
        per_second=times / spent,
        queries=queries,
        kb=kb,
        target=page.target,
        most_kb=page.most_kb,
    ).judge()


def _copy(client: Client) -> Client:
    """The same person at another device: signing in costs 70 ms by design."""
    other = Client(client.port)
    other.cookies = dict(client.cookies)
    return other


def visiting(page: Page) -> Callable[[Client], float]:
    places = iter(page.visits * 100_000)

    def visit(client: Client) -> float:
        asked = [page.address(path) for path in next(places)]
        answers = [client.get(path, htmx=n > 0) for n, path in enumerate(asked)]
        wrong = next((one for one in answers if one.status not in page.answers), None)
        if wrong:
            raise RuntimeError(f"{page.name} answered {wrong.status} {wrong.place}")
        return sum(one.took for one in answers)

    return visit


def inside(page: Page) -> tuple[int, float]:
    """(queries, kB of HTML) of one visit, the most of three; what a process keeps is there by then."""
    client = InProcess(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(page.reader)
    most, kb = 0, 0.0
    for n, visit in enumerate([page.visits[0], *page.visits[:3]]):
        with CaptureQueriesContext(connection) as queries:
            answers = [
                client.get(page.address(path), headers={"HX-Request": "true"} if place else {})
                for place, path in enumerate(visit)
            ]
        if n:
            most = max(most, len(queries))
            kb = max(kb, sum(len(answer.content) for answer in answers) / 1000)
    return most, kb
