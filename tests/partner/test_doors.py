"""Every address there is, asked by a partner: theirs opens, a stranger's does not exist, the rest is shut."""

from datetime import timedelta

import pytest
from django.urls import get_resolver, reverse

from accounts.actions import tell
from accounts.models import Absence, Notice
from accounts.models.seats import today
from accounts.states import TeamKind
from common import now
from handoff.actions import ask_question, log_contact
from handoff.actions.deals import open_deal
from leads.models import Lead, LeadEvent
from tests.factories import a_company, a_team, a_touch, an_accepted, an_mql
from tests.partner.doors import CLOSED, OPEN, OWN_POSTS, THINGS, WORDS
from tests.partner.world import an_entrusted

pytestmark = pytest.mark.django_db


def routes(resolver=None, space=""):
    """(name, names of its parameters) of every address but those of Django's admin."""
    for one in (resolver or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            if one.namespace != "admin":
                yield from routes(one, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield space + one.name, one.pattern.regex.groupindex.keys()


ROUTES = dict(routes())


def a_thing_of_everything(prefix, *, by, taker, handoff):
    """By the words of THINGS: the number of one thing of each kind about the lead of `handoff`."""
    lead, moment = handoff.lead, now()
    lead.comments.create(text=f"{prefix} comment", by=by, at=moment)
    log_contact(lead, by=taker, kind="call", direction="out", words=f"{prefix} words")
    step = lead.follow_ups.create(
        what=f"{prefix} step", due_at=moment, owner=taker, by=taker, created_at=moment
    )
    fact = lead.facts.create(field="need", value=f"{prefix} need", by=by, at=moment)
    tell(taker, "lead.commented", by=by, lead=lead, path=f"/leads/{lead.pk}/")
    absence = Absence.objects.create(
        person=taker, first_day=today(), last_day=today() + timedelta(days=1)
    )
    return {
        "lead": lead.pk,
        "handoff": handoff.pk,
        "company": lead.company_id,
        "question": ask_question(lead, by=taker, text=f"{prefix} question").pk,
        "comment": lead.comments.create(text=f"{prefix} own", by=taker, at=moment).pk,
        "touch": a_touch(lead, "note", by=taker, words=f"{prefix} note").pk,
        "fact": fact.pk,
        "follow_up": step.pk,
        "notice": Notice.objects.filter(to=taker).latest("pk").pk,
        "absence": absence.pk,
        "invitation": 1,
        "offered": lead.pk,
        "seat": taker.team_id,
    }


@pytest.fixture
def theirs(noa, paz):
    lead = an_mql("Entrusted", company=a_company("Entrusted Company"))
    handoff = an_entrusted(paz, by=noa, lead=lead)
    return a_thing_of_everything("Entrusted", by=noa, taker=paz, handoff=handoff)


@pytest.fixture
def strangers(noa, sota):
    """The same of a lead that sales holds, with a deal; and another partner with a lead in hand."""
    lead = an_mql("Stranger", company=a_company("Stranger Company"), email="stranger@example.com")
    handoff = an_accepted(lead, by=noa, taker=sota, note="Stranger note")
    things = a_thing_of_everything("Stranger", by=noa, taker=sota, handoff=handoff)
    other = a_team(TeamKind.SALES, "Stranger Agency", is_partner=True)
    open_deal(Lead.objects.get(pk=lead.pk), by=sota, amount=100, name="Stranger deal")
    return things | {"seat": other.pk}


def address(name, thing=None, **extra):
    """The address of `name` for the thing of this number."""
    if name == "handoff:offer_new":
        return f"{reverse(name)}?lead={thing}"
    wanted = {key: WORDS[key] for key in ROUTES[name] if key in WORDS}
    number = next((key for key in ("pk", "lead_pk", "company_pk") if key in ROUTES[name]), None)
    if thing is not None and number:
        wanted[number] = thing
    return reverse(name, kwargs=wanted)


def test_every_address_is_thought_about():
    known = OPEN | OWN_POSTS | CLOSED | THINGS.keys()
    assert ROUTES.keys() - known == set(), "say in doors.py what a partner finds behind these"
    assert known - ROUTES.keys() == set(), "these do not exist any more"


def refused(asked):
    """What is wrong with each answer, all of them at once: one world is enough for every address."""
    wrong = [f"{name} {path}: {problem}" for name, path, problem in asked if problem]
    assert wrong == []


@pytest.mark.parametrize("query", ["", "?tab=all&scope=all&q=Strange&company_name=Strange"])
def test_an_open_page_shows_nothing_of_a_stranger(as_user, paz, theirs, strangers, query):
    client = as_user(paz)

    def asked():
        for name in sorted(OPEN - {"account_logout"}):
            for headers in ({}, {"HX-Request": "true"}, {"Accept": "application/json"}):
                answer = client.get(address(name) + query, headers=headers)
                page = b"".join(answer) if answer.streaming else answer.content
                wrong = answer.status_code not in (200, 302, 304, 400) and answer.status_code
                yield name, answer.request["PATH_INFO"], wrong or b"Stranger" in page

    refused(asked())


def test_what_is_not_for_partners_is_shut(as_user, paz, theirs, strangers):
    client = as_user(paz)

    def asked():
        for name in sorted(CLOSED):
            for thing in (1, strangers["lead"], strangers["company"], theirs["lead"]):
                path = address(name, thing)
                for answer in (client.get(path), client.post(path)):
                    code = answer.status_code
                    yield name, path, code not in (403, 404, 405) and code

    refused(asked())


def test_a_strangers_thing_does_not_exist(as_user, paz, theirs, strangers):
    client = as_user(paz)
    before = LeadEvent.objects.count()

    def asked():
        for name, thing in sorted(THINGS.items()):
            path = address(name, strangers[thing])
            # Many leads may be named at once, those that do not exist are passed over.
            right = {404, 405, 410} | ({400, 422, 200} if thing == "offered" else set())
            for answer in (client.get(path), client.post(path)):
                code = answer.status_code
                yield name, path, (code not in right and code) or b"Stranger" in answer.content

    refused(asked())
    assert LeadEvent.objects.count() == before


def test_their_own_thing_opens_and_shows_nothing_of_a_stranger(as_user, paz, theirs, strangers):
    client = as_user(paz)
    files = {"handoff:register_file", "handoff:statement_file"}

    def asked():
        for name, thing in sorted(THINGS.items()):
            if name in ("accounts:invitation", "handoff:seat_job"):
                continue
            answer = client.get(address(name, theirs[thing]), follow=True)
            right = {403} if name in files else {200, 403, 405, 409}
            code = answer.status_code
            yield name, "", (code not in right and code) or b"Stranger" in answer.content

    refused(asked())


def test_the_administration_is_shut(as_user, paz):
    client = as_user(paz)
    for path in ("/admin/", "/admin/leads/lead/", "/admin/handoff/handoff/"):
        assert client.get(path).status_code in (302, 403, 404)


def test_no_page_of_theirs_counts_a_stranger(as_user, paz, theirs, strangers):
    """The list has one lead, and says so; so do its tabs and the palette."""
    client = as_user(paz)
    assert client.get("/leads/").context["count"] == (1, True)
    assert len(client.get("/leads/suggest/?q=Company").context["companies"]) == 1
    assert client.get("/leads/companies/").context["count"] == (1, True)
