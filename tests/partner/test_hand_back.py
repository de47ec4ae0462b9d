"""Handing a seat back moves everything at once: offers, accepted leads, what was offered on, follow-ups."""

from datetime import timedelta

import pytest

from accounts.models import Notice
from accounts.models.seats import today
from common import jobs, now
from common.models import Job
from common.refusals import Malformed, NotAllowed
from common.states import JobState
from handoff.actions import accept_lead, offer_lead, return_lead
from handoff.actions.handing_back import AT_ONCE, hand_back_all, hand_back_step, held_by
from handoff.models import Clock, Handoff
from handoff.states import State
from leads.models import FollowUp, Lead
from leads.states import Stage
from tests.factories import a_reason, an_mql
from tests.partner.world import a_lane_to, an_entrusted, hide
from tests.promises import clocks, entrusted

pytestmark = pytest.mark.django_db
WHY = "The contract is over."


def hand_back(team, *, by):
    return jobs.run_here(hand_back_all(team, by=by, why=WHY, here=True))


def states(*handoffs):
    return [Handoff.objects.get(pk=one.pk).state for one in handoffs]


@pytest.fixture
def everything(noa, paz, sota):
    """An offer that waits, a lead they accepted, one they accepted and offered on to sales."""
    lane = a_lane_to(paz.team, then=sota.team)
    waiting, accepted = an_entrusted(paz, by=noa, accepted=False), an_entrusted(paz, by=noa)
    held = an_entrusted(paz, by=noa)
    return waiting, accepted, held, offer_lead(held.lead, by=paz, lane=lane)


def test_a_manager_takes_everything_back_at_once(mio, paz, everything):
    job = hand_back(paz.team, by=mio)
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    assert states(*everything) == [
        State.WITHDRAWN, State.RETURNED, State.RETURNED, State.WITHDRAWN,
    ]  # fmt: skip
    assert not held_by(paz.team).exists()
    assert [*entrusted(), *clocks()] == []


def test_the_partner_hands_back_what_they_hold(paz, everything):
    hand_back(paz.team, by=paz)
    assert states(*everything) == [
        State.RETURNED, State.RETURNED, State.RETURNED, State.WITHDRAWN,
    ]  # fmt: skip
    assert [*entrusted(), *clocks()] == []


def test_the_leads_go_where_returns_go(mio, noa, paz, everything):
    waiting, accepted, *_rest = everything
    hand_back(paz.team, by=mio)
    assert Lead.objects.get(pk=waiting.lead_id).stage == Stage.MQL
    back = Lead.objects.get(pk=accepted.lead_id)
    assert (back.stage, back.team, back.seller) == (Stage.NURTURING, noa.team, None)
    assert Handoff.objects.get(pk=accepted.pk).return_note == WHY


def test_no_clock_of_theirs_runs_on(paz, mio, everything):
    hand_back(paz.team, by=mio)
    assert not Clock.objects.running().filter(team=paz.team).exists()


def test_a_return_they_owe_an_answer_to_is_answered(mio, noa, paz, sota):
    lane = a_lane_to(paz.team, then=sota.team)
    held = an_entrusted(paz, by=noa)
    passed = accept_lead(offer_lead(held.lead, by=paz, lane=lane), by=sota)
    passed = return_lead(passed, by=sota, reason=a_reason())
    hand_back(paz.team, by=mio)
    assert Handoff.objects.get(pk=passed.pk).acknowledged_by == mio
    assert not Clock.objects.running().filter(team=paz.team).exists()
    assert [*entrusted(), *clocks()] == []


def test_what_sales_accepted_from_them_stays_with_sales(mio, noa, paz, sota):
    lane = a_lane_to(paz.team, then=sota.team)
    held = an_entrusted(paz, by=noa)
    passed = accept_lead(offer_lead(held.lead, by=paz, lane=lane), by=sota)
    hand_back(paz.team, by=mio)
    assert states(held, passed) == [State.CONVERTED, State.ACCEPTED]


def test_what_they_meant_to_do_is_owed_by_who_takes_it_back(mio, paz, everything):
    lead = everything[1].lead
    moment = now()
    step = FollowUp.objects.create(
        lead=lead, what="Call", due_at=moment, owner=paz, by=paz, created_at=moment
    )
    hand_back(paz.team, by=mio)
    step.refresh_from_db()
    assert step.owner == mio


def test_the_partner_sees_nothing_of_it_afterwards(as_user, mio, paz, everything):
    hand_back(paz.team, by=mio)
    client = as_user(paz)
    for handoff in everything:
        assert client.get(f"/leads/{handoff.lead_id}/").status_code == 404
        assert client.get(f"/handoffs/{handoff.pk}/").status_code == 404
        assert handoff.lead.family_name not in client.get("/").content.decode()


def test_managers_are_told_once(mio, ren, paz, everything):
    hand_back(paz.team, by=mio)
    assert Notice.objects.filter(kind="seat.handed_back", to=ren).count() == 1


def test_only_who_may_hands_back(noa, sota, ren, ada, paz, everything):
    for by in (noa, sota, ren):
        with pytest.raises(NotAllowed):
            hand_back_all(paz.team, by=by, why=WHY)
    assert hand_back_all(paz.team, by=ada, why=WHY)


def test_a_reason_is_asked_for(mio, paz, everything):
    with pytest.raises(Malformed):
        hand_back_all(paz.team, by=mio, why="  ")


def test_begun_twice_it_is_one_job(mio, ada, paz, everything):
    first = hand_back_all(paz.team, by=mio, why=WHY)
    assert hand_back_all(paz.team, by=ada, why=WHY).pk == first.pk


def test_many_are_handed_back_step_by_step_and_a_killed_worker_is_followed_by_another(
    mio, noa, paz
):
    for n in range(AT_ONCE + 3):
        an_entrusted(paz, by=noa, lead=an_mql(f"Lead{n}"), accepted=False)
    job = hand_back_all(paz.team, by=mio, why=WHY, here=True)
    assert hand_back_step(job) is False
    assert job.done == AT_ONCE
    # What the step noted was lost with its worker: the next one begins anew and finds what is left.
    job = jobs.run_here(Job.objects.get(pk=job.pk))
    assert job.state == JobState.DONE
    assert not held_by(paz.team).exists()


def test_one_press_with_a_sentence_that_says_how_many(as_user, mio, paz, everything):
    client = as_user(mio)
    address = f"/handoffs/seats/{paz.team_id}/return/"
    assert "3" in client.get(address).content.decode()
    assert client.post(address, {"why": ""}).status_code == 422
    assert client.post(address, {"why": WHY}).url == f"/handoffs/seats/{paz.team_id}/"
    assert not held_by(paz.team).exists()


def test_many_go_to_a_page_with_progress(as_user, mio, noa, paz, monkeypatch):
    monkeypatch.setattr("handoff.views.register.AT_ONCE", 0)
    an_entrusted(paz, by=noa)
    client = as_user(mio)
    answer = client.post(f"/handoffs/seats/{paz.team_id}/return/", {"why": WHY})
    assert client.get(answer.url).status_code == 200
    jobs.run_chunk(Job.objects.get(kind="hand_back").pk)
    assert client.get(answer.url).url == f"/handoffs/seats/{paz.team_id}/"


def test_a_lead_returned_by_sales_does_not_go_to_a_partner_whose_seat_is_over(noa, paz, sota):
    lane = a_lane_to(paz.team, then=sota.team)
    held = an_entrusted(paz, by=noa)
    passed = accept_lead(offer_lead(held.lead, by=paz, lane=lane), by=sota)
    hide(paz.team, ends_on=today() - timedelta(days=1))
    return_lead(passed, by=sota, reason=a_reason())
    lead = Lead.objects.get(pk=held.lead_id)
    assert (lead.stage, lead.entrusted_to, lead.team) == (Stage.NURTURING, None, noa.team)
    assert [*entrusted(), *clocks()] == []
