"""Automatic offers: what became an MQL is offered by the rules once, by a reader of the timeline."""

import threading
import time

import pytest
from django.db import connection

from accounts.states import TeamKind
from handoff.actions import offer_lead, qualify_lead
from handoff.models import Agreement, Handoff, QueuedLead
from handoff.states import RouteTo
from handoff.tasks import offer_qualified_leads
from leads.models import LeadEvent, TimelineReader
from leads.states import Via
from smarketing.schedule import SCHEDULE
from tests import factories as make
from tests.handoff.routes import a_plan, in_turn
from tests.worker import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def noa(transactional_db):
    make.the_defaults()
    return make.a_user("Noa", kind=TeamKind.MARKETING)


@pytest.fixture
def automatic(noa):
    agreed(offered_automatically=True)
    offer_qualified_leads()


def agreed(**clauses):
    """The next version is in force, with these clauses changed."""
    was = Agreement.objects.get(in_force=True)
    Agreement.objects.filter(pk=was.pk).update(in_force=False)
    Agreement.objects.create(
        version=was.version + 1,
        clauses=was.clauses | clauses,
        in_force=True,
        created_at=was.created_at,
    )


def qualified(noa, **fields):
    return qualify_lead(make.a_lead(**fields), by=noa, judgement="They asked for a quote")


def read():
    """Read on until everything written so far has been read."""
    latest = LeadEvent.objects.order_by("-id").values_list("id", flat=True).first()

    def there():
        offer_qualified_leads()
        return TimelineReader.objects.get(pk="offers").event_id >= latest

    wait_for(there, patience=60)


def test_what_became_an_mql_is_offered_by_the_clock(automatic, noa):
    lead = qualified(noa)
    read()
    handoff = Handoff.objects.get(lead=lead)
    assert (handoff.giver, handoff.taker, handoff.route["rule"]) == (None, None, 1)
    assert lead.events.get(verb="handoff.offer").via == Via.CLOCK


def test_once_and_never_again(automatic, noa):
    lead = qualified(noa)
    for _n in range(3):
        read()
    assert Handoff.objects.filter(lead=lead).count() == 1


def test_without_the_clause_nothing_is_offered_nor_made_up_for(noa):
    offer_qualified_leads()
    lead = qualified(noa)
    read()
    agreed(offered_automatically=True)
    read()
    assert not Handoff.objects.filter(lead=lead).exists()


def test_what_was_offered_by_hand_meanwhile_is_left_alone(automatic, noa):
    lead = qualified(noa)
    by_hand = offer_lead(lead, by=noa, lane=make.the_lane("inside"))
    read()
    assert Handoff.objects.get(lead=lead) == by_hand


def test_what_cannot_be_offered_waits_with_the_reason_and_holds_up_nobody(automatic, noa):
    sota = make.a_user(kind=TeamKind.SALES)
    title = [{"about": "title", "operator": "filled"}]
    a_plan({"conditions": title, "to": RouteTo.PERSON, "person": sota})
    stuck, free = qualified(noa), qualified(noa, title="CTO")
    read()
    assert QueuedLead.objects.get().lead == stuck
    assert Handoff.objects.get().lead == free


def test_a_lead_that_breaks_the_rules_themselves_waits_too(automatic, noa, monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("handoff.actions.routing.choose", broken)
    lead = qualified(noa)
    read()
    assert QueuedLead.objects.get(lead=lead).reason == "refused"


def test_two_readers_at_once_offer_each_lead_once(automatic, noa):
    people = [make.a_user(kind=TeamKind.SALES) for _n in range(2)]
    a_plan(in_turn(*people))
    leads = [qualified(noa) for _n in range(10)]
    threads = [threading.Thread(target=_read_in_own_connection) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    read()
    assert Handoff.objects.count() == len(leads)
    assert [Handoff.objects.filter(taker=one).count() for one in people] == [5, 5]


def _read_in_own_connection():
    try:
        for _n in range(5):
            offer_qualified_leads()
            time.sleep(0.02)
    finally:
        connection.close()


def test_the_clock_looks_every_two_seconds():
    entry = SCHEDULE["offer-qualified-leads"]
    assert (entry["task"], entry["schedule"]) == ("handoff.tasks.offer_qualified_leads", 2)
