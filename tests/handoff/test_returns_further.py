"""A reason that goes to marketing: from a later leg the lead passes every team before it."""

from datetime import timedelta

import pytest

from accounts.models import Notice
from common.refusals import NotAllowed, Refusal
from handoff.actions import (
    Condition,
    accept_lead,
    acknowledge_return,
    offer_lead,
    qualify_lead,
    reassign_handoff,
    return_lead,
    withdraw_offer,
)
from handoff.actions.offers import lapse_offer
from handoff.models import Clock, Handoff, ReturnCondition, ReturnReason
from handoff.tasks import sweep_conditions
from leads.actions import learn_fact
from tests.factories import a_reason, a_user, the_lane
from tests.promises import broken
from tests.races.world import an_mql

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def lead(noa):
    return an_mql(noa)


@pytest.fixture
def first(lead, noa, iku):
    return accept_lead(offer_lead(lead, by=noa, lane=the_lane("inside")), by=iku)


@pytest.fixture
def onward(first, lead, iku):
    return offer_lead(lead, by=iku, lane=the_lane("inside"))


@pytest.fixture
def further(defaults):
    ReturnReason.objects.filter(code="no_need").update(to_marketing=True)
    return a_reason("no_need")


def fresh(handoff):
    return Handoff.objects.get(pk=handoff.pk)


@pytest.fixture(autouse=True)
def _promises_hold(db):
    yield
    assert broken() == []


@pytest.mark.parametrize("accepted_before", [False, True])
def test_it_goes_to_marketing_and_both_legs_are_returned(
    first, onward, further, lead, noa, iku, sota, accepted_before
):
    if accepted_before:
        accept_lead(onward, by=sota)
    answer = return_lead(onward, by=sota, reason=further, note="They have one.")
    assert answer == onward
    lead.refresh_from_db()
    assert (lead.stage, lead.team, lead.seller) == ("nurturing", noa.team, None)
    for handoff in (fresh(first), fresh(onward)):
        assert (handoff.state, handoff.return_reason, handoff.returned_by) == (
            "returned",
            further,
            sota,
        )
    told = Notice.objects.filter(kind="handoff.returned").values_list("to", flat=True)
    assert set(told) == {noa.pk, iku.pk}
    owed = Clock.objects.running().get()
    assert (owed.kind, owed.handoff_id, owed.owner) == ("acknowledge", first.pk, noa)
    assert not Clock.objects.filter(kind="decide", handoff=first, minutes__lt=100).exists()


def test_marketing_answers_once_for_both(first, onward, further, noa, iku, sota):
    return_lead(onward, by=sota, reason=further)
    with pytest.raises(Refusal, match="Marketing answers"):
        acknowledge_return(onward, by=iku, answer="fixed")
    acknowledge_return(first, by=noa, answer="nurture", note="From April.")
    later = fresh(onward)
    assert (later.acknowledged_by, later.acknowledgement) == (noa, "nurture")
    with pytest.raises(Refusal, match="already acknowledged"):
        acknowledge_return(onward, by=iku, answer="fixed")


def test_a_disagreement_reaches_the_managers_of_all_three(
    first, onward, further, noa, mio, sota, ren
):
    inside = a_user(team=first.taker_team, role="manager")
    return_lead(onward, by=sota, reason=further)
    acknowledge_return(first, by=noa, answer="disagree", note="They asked for it.")
    told = Notice.objects.filter(kind="handoff.acknowledged").values_list("to", flat=True)
    assert set(told) == {sota.pk, mio.pk, ren.pk, inside.pk}


def test_the_next_offer_is_a_second_round_on_both_legs(
    first, onward, further, lead, noa, iku, sota
):
    return_lead(onward, by=sota, reason=further)
    learn_fact(lead, by=noa, field="need", value="Two plants")
    lead = qualify_lead(lead, by=noa, judgement="They asked again.")
    again = accept_lead(offer_lead(lead, by=noa, lane=the_lane("inside")), by=iku)
    assert (again.leg, again.round) == (0, 2)
    difference = again.brief.content["difference"]
    assert (difference["handoff"], difference["reason"]) == (first.pk, "no_need")
    on = offer_lead(lead, by=iku, lane=the_lane("inside"))
    assert (on.leg, on.round) == (1, 2)
    assert on.brief.content["difference"]["handoff"] == onward.pk


def test_its_condition_is_watched_for_the_leg_it_came_back_to(
    first, onward, further, lead, noa, iku, sota
):
    wanted = Condition("fact", field="need")
    return_lead(onward, by=sota, reason=further, condition=wanted)
    assert return_lead(onward, by=sota, reason=further, condition=wanted) == onward
    assert ReturnCondition.objects.get().handoff == first
    learn_fact(lead, by=noa, field="need", value="Two plants")
    assert sweep_conditions() == 1
    again = Handoff.objects.waiting().get()
    assert (again.leg, again.taker) == (0, iku)


def test_from_the_first_leg_the_reason_is_like_any_other(first, further, lead, noa, iku):
    return_lead(first, by=iku, reason=further)
    lead.refresh_from_db()
    assert lead.stage == "nurturing"
    assert Clock.objects.running().get().owner == noa


def test_what_is_withdrawn_lapses_or_is_returned_leaves_inside_sales_deciding(
    first, lead, iku, sota
):
    for close in (
        lambda onward: withdraw_offer(onward, by=iku),
        lambda onward: lapse_offer(onward, at=_long_after(onward)),
        lambda onward: return_lead(onward, by=sota, reason=a_reason()),
    ):
        onward = offer_lead(lead, by=iku, lane=the_lane("inside"), unchanged_because="x")
        close(onward)
        assert fresh(onward).state in ("withdrawn", "lapsed", "returned")
        lead.refresh_from_db()
        assert (lead.stage, lead.seller, fresh(first).state) == ("sal", iku, "accepted")
        assert first.clocks.running().filter(kind="decide").count() == 1


def _long_after(handoff):
    return handoff.offered_at + timedelta(days=60)


def test_a_manager_moves_the_second_leg_within_the_team_alone(onward, iku, sota, rin, ren):
    with pytest.raises(NotAllowed):
        reassign_handoff(onward, by=a_user(team=iku.team, role="manager"), taker=rin)
    assert reassign_handoff(onward, by=ren, taker=rin).taker == rin
    with pytest.raises(NotAllowed):
        accept_lead(onward, by=sota)
    assert accept_lead(onward, by=rin).lead.seller == rin
