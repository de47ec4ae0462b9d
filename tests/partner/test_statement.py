"""The monthly statement: what a partner was given and did, counted alike for both sides."""

from datetime import UTC, datetime, timedelta

import pytest

from common import time_at
from handoff.actions import accept_lead, log_contact, offer_lead, return_lead
from handoff.actions.deals import open_deal
from handoff.statements import Month, statement
from leads.models import Lead
from tests.factories import a_reason, an_mql
from tests.partner.world import a_lane_to, an_entrusted

pytestmark = pytest.mark.django_db
# A Tuesday, 11:00 in Tokyo.
MOMENT = datetime(2026, 3, 10, 2, tzinfo=UTC)
MARCH = Month(MOMENT.date().replace(day=1))


@pytest.fixture
def march(noa, paz, sota):
    """One lead waits, one was called in time, one returned, one passed on to a deal; and April's."""
    lane = a_lane_to(paz.team, then=sota.team)
    with time_at(MOMENT):
        waiting = an_entrusted(paz, by=noa, lead=an_mql("Waiting"), accepted=False)
        called = an_entrusted(paz, by=noa, lead=an_mql("Called"))
        back = an_entrusted(paz, by=noa, lead=an_mql("Wentback"))
        further = an_entrusted(paz, by=noa, lead=an_mql("Further"))
    with time_at(MOMENT + timedelta(hours=2)):
        log_contact(called.lead, by=paz, kind="call", direction="out", result="reached")
        return_lead(back, by=paz, reason=a_reason("no_budget"))
        passed = offer_lead(further.lead, by=paz, lane=lane)
        accept_lead(passed, by=sota)
        open_deal(Lead.objects.get(pk=further.lead_id), by=sota, amount=100)
    with time_at(MOMENT + timedelta(days=40)):
        an_entrusted(paz, by=noa, lead=an_mql("April"), accepted=False)
    return {"waiting": waiting, "called": called, "back": back, "further": further}


def counts(found):
    return {figure.code: n for figure, n in found.figures}


def test_what_happened_in_the_month_is_counted(mio, paz, march):
    found = statement(paz.team, MARCH, reader=mio, at=MOMENT + timedelta(days=60))
    assert counts(found) == {
        "entrusted": 4, "accepted": 3, "contacted": 1, "passed_on": 1, "returned": 1, "deals": 1,
    }  # fmt: skip
    assert [(reason.code, n) for reason, n in found.reasons] == [("no_budget", 1)]


def test_promises_count_when_they_fell_due(mio, paz, march):
    found = statement(paz.team, MARCH, reader=mio, at=MOMENT + timedelta(days=60))
    kept = {kind.value: (one.kept, one.due) for kind, one in found.promises}
    assert kept["accept"] == (3, 4)
    assert kept["contact"][0] == 1


def test_the_partner_reads_no_deals(paz, march):
    assert "deals" not in counts(statement(paz.team, MARCH, reader=paz, at=MOMENT))


def test_another_month_has_its_own_figures(mio, paz, march):
    assert counts(statement(paz.team, MARCH.shifted(1), reader=mio, at=MOMENT))["entrusted"] == 1
    assert counts(statement(paz.team, MARCH.shifted(-1), reader=mio, at=MOMENT))["entrusted"] == 0


@pytest.mark.parametrize("who", ["mio", "paz"])
def test_every_figure_opens_as_many_rows_as_it_says(as_user, request, paz, march, who):
    reader = request.getfixturevalue(who)
    client = as_user(reader)
    for figure, n in statement(paz.team, MARCH, reader=reader, at=MOMENT).figures:
        address = f"/handoffs/seats/{paz.team_id}/statements/2026-03/{figure.code}/"
        page = client.get(address).content.decode()
        assert page.count("data-row>") == n, figure.code


def test_the_partner_reads_no_names_of_what_went_back(as_user, mio, paz, march):
    address = f"/handoffs/seats/{paz.team_id}/statements/2026-03/entrusted/"
    theirs = as_user(paz).get(address).content.decode()
    assert "Called" in theirs
    assert "Wentback" not in theirs
    assert "Further" not in theirs
    assert "Further" in as_user(mio).get(address).content.decode()


def test_the_page_is_open_to_the_partner_and_the_file_is_not(as_user, mio, noa, paz, march):
    page = f"/handoffs/seats/{paz.team_id}/statements/2026-03/"
    file = f"/handoffs/seats/{paz.team_id}/statements/2026-03.csv"
    for person, of_page, of_file in ((mio, 200, 200), (paz, 200, 403), (noa, 403, 403)):
        assert as_user(person).get(page).status_code == of_page
        assert as_user(person).get(file).status_code == of_file


def test_the_file_says_the_same(as_user, mio, paz, march):
    address = f"/handoffs/seats/{paz.team_id}/statements/2026-03.csv"
    text = b"".join(as_user(mio).get(address)).decode()
    assert "Agency,2026-03,Entrusted,4" in text


@pytest.mark.parametrize("month", ["2026-13", "1999-01", "9999-01", "x", "2026-3-1"])
def test_there_is_no_such_month(as_user, mio, paz, month):
    address = f"/handoffs/seats/{paz.team_id}/statements/{month}/"
    assert as_user(mio).get(address).status_code == 404


def test_the_page_takes_few_queries(as_user, mio, paz, march, django_assert_max_num_queries):
    client = as_user(mio)
    client.get(f"/handoffs/seats/{paz.team_id}/statements/2026-03/")
    with django_assert_max_num_queries(16):
        client.get(f"/handoffs/seats/{paz.team_id}/statements/2026-03/")
