"""The web server is killed while people press: what it had acknowledged is there, nothing is half."""

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from handoff.models import Handoff
from leads.models import Lead, LeadEvent
from smarketing.bench.client import Client
from tests.factories import PASSWORD, a_user
from tests.faults.programs import Web
from tests.promises import broken
from tests.races.world import an_offer

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PEOPLE, OFFERS = 6, 90


class Pressing:
    """People who press one thing after the other until their server is gone."""

    def __init__(self, web: Web, people: list):
        self.clients = [Client(web.port, tries=1).sign_in(one.email, PASSWORD) for one in people]
        self.people = people
        self.acknowledged: list[tuple] = []
        self.unsure: list[tuple] = []

    def begin(self, things, press) -> threading.Thread:
        waiting = iter(things)
        lock = threading.Lock()

        def one_person(place: int) -> None:
            while True:
                with lock:
                    thing = next(waiting, None)
                if thing is None:
                    return
                try:
                    answer = press(self.clients[place], thing)
                except (OSError, RuntimeError):
                    self.unsure.append((thing, self.people[place]))
                    return
                assert answer.status == 302, answer.status
                self.acknowledged.append((thing, self.people[place], answer.place))

        def everybody() -> None:
            with ThreadPoolExecutor(len(self.people)) as pool:
                list(pool.map(one_person, range(len(self.people))))

        thread = threading.Thread(target=everybody)
        thread.start()
        return thread

    def kill_in_the_middle(self, web: Web, thread: threading.Thread, after: int) -> None:
        while len(self.acknowledged) < after and thread.is_alive():
            time.sleep(0.002)
        web.kill()
        thread.join()
        for client in self.clients:
            client.close()


def test_claims_that_were_acknowledged_are_there_and_a_retry_gives_the_success(noa, sota, tmp_path):
    people = [sota, *(a_user(team=sota.team) for _ in range(PEOPLE - 1))]
    offers = [an_offer(noa).pk for _ in range(OFFERS)]
    with Web(tmp_path / "web.log") as web:
        pressing = Pressing(web, people)
        thread = pressing.begin(offers, _claim)
        pressing.kill_in_the_middle(web, thread, after=OFFERS // 4)
        assert len(pressing.acknowledged) >= OFFERS // 4
        assert pressing.unsure, "nobody was interrupted"
        for pk, person, _place in pressing.acknowledged:
            assert Handoff.objects.get(pk=pk).taker == person
        for pk, person in pressing.unsure:
            assert Handoff.objects.get(pk=pk).taker in (None, person)
        assert broken() == []

        web.start()
        for pk, person in pressing.unsure:
            with closing(Client(web.port).sign_in(person.email, PASSWORD)) as again:
                assert _claim(again, pk).status == 302
            assert Handoff.objects.get(pk=pk).taker == person
            assert LeadEvent.objects.filter(handoff_id=pk, verb="handoff.accept").count() == 1
    assert broken() == []


def _claim(client: Client, pk: int):
    return client.post(f"/handoffs/{pk}/acceptance/")


def test_leads_that_were_acknowledged_are_there_and_none_is_half_written(noa, tmp_path):
    people = [noa, *(a_user(team=noa.team) for _ in range(PEOPLE - 1))]
    with Web(tmp_path / "web.log") as web:
        pressing = Pressing(web, people)
        thread = pressing.begin(itertools.count(1), _write_down)
        pressing.kill_in_the_middle(web, thread, after=25)
    names = {f"Lead{n}" for n, _person, _place in pressing.acknowledged}
    there = set(Lead.objects.values_list("family_name", flat=True))
    assert names <= there
    assert there <= names | {f"Lead{n}" for n, _person in pressing.unsure}
    for n, _person, place in pressing.acknowledged:
        assert place == f"/leads/{Lead.objects.get(family_name=f'Lead{n}').pk}/"
    assert broken() == []


def _write_down(client: Client, n: int):
    company = f"Company {n % 5}"  # the same few, so that people also race for their names
    return client.post("/leads/new/", family_name=f"Lead{n}", company_name=company)
