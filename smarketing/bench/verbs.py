"""What people press: over HTTP with eight clients, and the verb itself by many at once."""

import itertools
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection, connections, transaction
from django.urls import reverse

from accounts.models import Team, User
from common import now
from common.copying import copy_new
from common.refusals import Refusal
from handoff.actions import accept_lead
from handoff.actions.clocks import clock, start_clocks
from handoff.models import Brief, Handoff, Lane, ReturnReason
from handoff.states import ClockKind
from leads.models import Lead
from leads.states import Stage
from smarketing.bench.client import Client, together
from smarketing.bench.figures import RateFigure, percentile
from smarketing.bench.house import PASSWORD, House
from smarketing.bench.pages import CLIENTS

OVER_HTTP, AT_THE_VERB = 80, 300
RIVALS, RACES = 50, 20
PROCESSES = 4


@transaction.atomic
def stock(house: House, number: int) -> list[int]:
    """So many new leads, offered in the pool of the first sales team half an hour ago; the offers' ids."""
    team, lane, _people = house.sales[0]
    moment = now() - timedelta(minutes=30)
    marketer = house.marketers[0]
    leads = copy_new(_lead(house.marketing, marketer, n, moment) for n in range(number))
    offers = copy_new(_offer(lead, lane, team, moment) for lead in leads)
    Brief.objects.bulk_create(Brief(handoff=one, taken_at=moment, content={}) for one in offers)
    start_clocks(
        *(clock(ClockKind.ACCEPT, one, team=team, owner=None, at=moment) for one in offers)
    )
    return [one.pk for one in offers]


def _lead(team: Team, marketer: User, n: int, at) -> Lead:
    return Lead(
        family_name="在庫",
        given_name=str(n),
        email=f"stock{n}@stock.example",
        team=team,
        marketer=marketer,
        stage=Stage.MQL,
        captured_at=at,
        stage_since=at,
        last_touch_at=at,
        created_at=at,
        updated_at=at,
        mql_at=at,
        offered_at=at,
    ).derive()


def _offer(lead: Lead, lane: Lane, team: Team, at) -> Handoff:
    return Handoff(
        lead=lead,
        lane=lane,
        leg=0,
        giver_team_id=lead.team_id,
        giver_id=lead.marketer_id,
        taker_team=team,
        agreement_version=1,
        fit=lead.fit,
        engagement=60,
        offered_at=at,
    )


def over_http(house: House, port: int, *, seconds: float) -> list[RateFigure]:
    """Creating a lead, claiming and returning, with eight people who are signed in."""
    people = house.sales[0][2]
    signed_in = [
        Client(port).sign_in(person.email, PASSWORD)
        for person, _ in zip(itertools.cycle(people), range(CLIENTS), strict=False)
    ]
    stocked = stock(house, int(300 * 2 * seconds))
    half = len(stocked) // 2
    reason = ReturnReason.objects.get(code="no_budget").pk
    numbers = itertools.count(1)

    def create(client: Client) -> float:
        n = next(numbers)
        return _pressed(
            client, reverse("leads:new"), family_name=f"新規{n}", given_name="恵",
            company_name=f"新しい会社{n}", email=f"new{n}@new.example", title="課長",
        )  # fmt: skip

    claim = _pressing(stocked[:half], "handoff:acceptance")
    back = _pressing(stocked[half:], "handoff:return", reason=reason, note="予算がないとのこと。")
    figures = []
    for name, deed in (("Create a lead", create), ("Claim", claim), ("Return", back)):
        n, spent, took = together(signed_in, deed, seconds)
        figures.append(
            RateFigure(f"{name}, POST by eight", n / spent, OVER_HTTP, 1000 * percentile(took, 0.5))
        )
    for client in signed_in:
        client.close()
    return figures


def _pressing(pks: list[int], name: str, **fields) -> Callable[[Client], float | None]:
    waiting = queue.SimpleQueue()
    for pk in pks:
        waiting.put(pk)

    def press(client: Client) -> float | None:
        try:
            pk = waiting.get_nowait()
        except queue.Empty:
            return None
        return _pressed(client, reverse(name, args=[pk]), **fields)

    return press


def _pressed(client: Client, path: str, **fields) -> float:
    answer = client.post(path, **fields)
    if answer.status not in (200, 204, 302):
        raise RuntimeError(f"POST {path} answered {answer.status}: {answer.body[:500]!r}")
    return answer.took


def at_the_verb(house: House, *, seconds: float) -> RateFigure:
    """Claims a second by four processes that do nothing else."""
    stocked = stock(house, int(1000 * seconds))
    shares = [stocked[n::PROCESSES] for n in range(PROCESSES)]
    takers = [house.sales[0][2][n].pk for n in range(PROCESSES)]
    connections.close_all()
    together_ = multiprocessing.get_context("fork")
    barrier, done = together_.Barrier(PROCESSES), together_.Queue()
    running = [
        together_.Process(target=_claim, args=(taker, share, seconds, barrier, done))
        for taker, share in zip(takers, shares, strict=True)
    ]
    for process in running:
        process.start()
    answers = [done.get(timeout=60 + seconds) for _ in running]
    for process in running:
        process.join()
    return RateFigure(
        f"Claims at the verb, {PROCESSES} processes",
        sum(n / spent for n, spent in answers),
        AT_THE_VERB,
    )


def _claim(taker: int, share: list[int], seconds: float, barrier, done) -> None:
    by = User.objects.select_related("team").get(pk=taker)
    offers = list(Handoff.objects.filter(pk__in=share))
    accept_lead(offers.pop(), by=by)  # the first opens connections and reads what is kept
    barrier.wait()
    n, start = 0, time.perf_counter()
    for handoff in offers:
        if time.perf_counter() - start > seconds:
            break
        accept_lead(handoff, by=by)
        n += 1
    done.put((n, time.perf_counter() - start))
    connections.close_all()


def race(house: House) -> RateFigure:
    """Fifty people claim one lead at the same moment, lead after lead: one has it, the rest are told."""
    people = [person for _team, _lane, team in house.sales[:1] for person in team]
    rivals = list(itertools.islice(itertools.cycle(people), RIVALS))
    barrier = threading.Barrier(RIVALS)

    def press(handoff: Handoff, by: User) -> bool | None:
        barrier.wait()
        try:
            return accept_lead(handoff, by=by).taker_id == by.pk
        except Refusal:
            return None

    ok, start = 0, time.perf_counter()
    with ThreadPoolExecutor(RIVALS) as pool:
        for handoff in Handoff.objects.filter(pk__in=stock(house, RACES)):
            answers = list(pool.map(press, [handoff] * RIVALS, rivals))
            won = {by.pk for by, answer in zip(rivals, answers, strict=True) if answer}
            ok += len(won) == 1 and answers.count(None) == sum(by.pk not in won for by in rivals)
        spent = time.perf_counter() - start
        list(pool.map(lambda _: (barrier.wait(), connection.close()), rivals))
    note = f"{ok} of {RACES} leads with exactly one winner"
    figure = RateFigure(f"{RIVALS} rivals for one lead, presses", RIVALS * RACES / spent, note=note)
    if ok != RACES:
        figure.least = float("inf")
    return figure
