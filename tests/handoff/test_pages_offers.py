"""Offering: one lead with words, or many at once."""

from datetime import timedelta

import pytest

from accounts.models import Absence
from common import now
from common.formats import local_day, short_day
from handoff.actions import return_lead
from handoff.models import Handoff
from handoff.states import State
from tests.factories import a_lead, a_reason, an_accepted, an_mql, an_offer, the_lane

NEW = "/handoffs/offers/new/"
HTMX = {"HX-Request": "true"}


def sent(*leads, lane="direct", **fields):
    found = {"offer": "1", "lead": [lead.pk for lead in leads], "lane": the_lane(lane).pk}
    return found | {"to": "pool"} | fields


def test_the_dialog_shows_lanes_people_the_promise_and_the_nine_items(as_user, noa, sota):
    page = as_user(noa).get(NEW, {"lead": an_mql().pk}, headers=HTMX).content.decode()
    for words in ("Marketing → sales", "Sota", "0 waiting", "glueline", "nine items"):
        assert words in page, words
    assert page.count("data-item=") == 9


def test_one_lead_is_offered_with_the_givers_words(as_user, noa, sota):
    lead = an_mql()
    answer = as_user(noa).post(
        NEW,
        sent(
            lead, to="person", taker=sota.pk, why_now="A quote is due", next_step="Call", note="Hi"
        ),
    )
    handoff = Handoff.objects.get(lead=lead)
    assert (answer.status_code, answer.url) == (302, f"/handoffs/{handoff.pk}/")
    assert (handoff.taker, handoff.why_now, handoff.next_step, handoff.note) == (
        sota, "A quote is due", "Call", "Hi",
    )  # fmt: skip


def test_an_offer_to_the_pool_ignores_a_person_left_in_the_field(as_user, noa, sota):
    lead = an_mql()
    as_user(noa).post(NEW, sent(lead, taker=sota.pk))
    assert Handoff.objects.get(lead=lead).taker is None


def test_what_was_typed_survives_a_forgotten_person(as_user, noa, sota):
    lead = an_mql()
    answer = as_user(noa).post(NEW, sent(lead, to="person", taker="", why_now="A quote is due"))
    assert answer.status_code == 422
    assert "A quote is due" in answer.content.decode()
    assert "Choose who receives it." in answer.content.decode()
    assert not Handoff.objects.exists()


def test_somebody_of_another_lane_is_refused_in_the_form(as_user, noa, iku):
    answer = as_user(noa).post(NEW, sent(an_mql(), to="person", taker=iku.pk))
    assert answer.status_code == 422
    assert not Handoff.objects.exists()


def test_many_leads_are_offered_at_once(as_user, noa, sota):
    leads = [an_mql() for _ in range(3)]
    client = as_user(noa)
    page = client.get(NEW, {"lead": [lead.pk for lead in leads]}).content.decode()
    assert "Offer 3 leads" in page
    answer = client.post(NEW, sent(*leads))
    assert (answer.status_code, answer.url) == (302, "/handoffs/")
    assert Handoff.objects.waiting().count() == 3


def test_a_lead_that_cannot_be_offered_does_not_hold_back_the_rest(as_user, noa, mio):
    good, taken = an_mql(), an_mql("Takenlead")
    an_offer(taken, by=mio)
    answer = as_user(noa).post(NEW, sent(good, taken), headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 lead offered." in page
    assert "Takenlead" in page
    assert "already offered" in page
    assert Handoff.objects.filter(lead=good).exists()


def test_a_list_of_leads_may_send_its_choice_as_a_form(as_user, noa):
    leads = [an_mql(), an_mql()]
    answer = as_user(noa).post(NEW, {"lead": [lead.pk for lead in leads]})
    assert answer.status_code == 200
    assert "Offer 2 leads" in answer.content.decode()
    assert not Handoff.objects.exists()


def test_a_lead_that_came_back_unchanged_needs_a_reason(as_user, noa, sota):
    lead = an_mql()
    return_lead(an_offer(lead, by=noa), by=sota, reason=a_reason(), note="No money")
    lead.refresh_from_db()
    lead.stage = "mql"
    lead.save(update_fields=["stage"])
    client = as_user(noa)
    assert "No money" in client.get(NEW, {"lead": lead.pk}).content.decode()
    answer = client.post(NEW, sent(lead, why_now="Now it fits"))
    assert answer.status_code == 409
    assert "Now it fits" in answer.content.decode()
    answer = client.post(NEW, sent(lead, unchanged_because="They called"))
    assert answer.status_code == 302


def test_inside_sales_passes_on_to_the_next_team_of_the_lane(as_user, noa, iku, sota):
    held = an_accepted(by=noa, taker=iku, lane="inside")
    client = as_user(iku)
    page = client.get(NEW, {"lead": held.lead_id}).content.decode()
    assert "Sota" in page
    assert client.post(NEW, sent(held.lead, lane="inside")).status_code == 302
    assert Handoff.objects.waiting().get(lead=held.lead).leg == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [({}, 400), ({"lead": "x"}, 400), ({"lead": "9" * 30}, 400), ({"lead": "4711"}, 404)],
)
def test_nothing_to_offer_is_said_plainly(as_user, noa, query, status):
    assert as_user(noa).get(NEW, query).status_code == status


def test_too_many_at_once_are_refused(as_user, noa):
    answer = as_user(noa).get(NEW, {"lead": list(range(1, 202))})
    assert answer.status_code == 400
    assert "At most 200" in answer.content.decode()


def test_who_may_not_offer_is_refused_before_typing(as_user, noa, sota, ada, paz):
    lead = an_mql()
    assert as_user(sota).get(NEW, {"lead": lead.pk}).status_code == 403
    assert as_user(ada).get(NEW, {"lead": lead.pk}).status_code == 403
    assert as_user(paz).get(NEW, {"lead": lead.pk}).status_code == 404
    assert as_user(noa).get(NEW, {"lead": a_lead(stage="nurturing").pk}).status_code == 409
    an_offer(lead, by=noa)
    assert as_user(noa).get(NEW, {"lead": lead.pk}).status_code == 409


def test_a_repeated_offer_gives_the_same_answer(as_user, noa):
    lead = an_mql()
    client = as_user(noa)
    assert client.post(NEW, sent(lead)).url == client.post(NEW, sent(lead)).url
    assert Handoff.objects.filter(lead=lead, state=State.WAITING).count() == 1


def test_who_is_away_is_offered_with_their_stand_in(as_user, noa, sota, ren, rin):
    today = local_day(now())
    until = today + timedelta(days=3)
    Absence.objects.create(person=sota, first_day=today, last_day=until, stand_in=ren)
    later = {"first_day": today + timedelta(days=60), "last_day": today + timedelta(days=61)}
    Absence.objects.create(person=rin, **later)
    page = as_user(noa).get(NEW, {"lead": an_mql().pk}, headers=HTMX).content.decode()
    assert f"away until {short_day(until)}, stand-in {ren.name}" in page
    assert page.count("· away") == 1
