"""Marketing → inside sales → sales: each leg with its own offer, acceptance and return."""

import pytest

from common import now
from common.refusals import NotAllowed, Refusal
from handoff.actions import (
    accept_lead,
    disqualify_lead,
    log_contact,
    offer_lead,
    open_deal,
    return_lead,
)
from handoff.models import Clock, Handoff
from leads.measures.cards import read_card
from leads.views.seam import seam_of
from tests.factories import a_reason, an_offer, the_lane

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def with_iku(noa, iku):
    """The first leg, accepted by inside sales."""
    return accept_lead(an_offer(by=noa, lane="inside"), by=iku)


def test_inside_sales_keeps_its_leg_until_sales_accepts(with_iku, iku, sota):
    onward = offer_lead(with_iku.lead, by=iku, lane=the_lane("inside"))
    assert (onward.leg, onward.previous_leg) == (1, with_iku)
    assert Handoff.objects.get(pk=with_iku.pk).state == "accepted"
    accept_lead(onward, by=sota)
    assert Handoff.objects.get(pk=with_iku.pk).state == "converted"
    with_iku.lead.refresh_from_db()
    assert (with_iku.lead.team, with_iku.lead.seller) == (sota.team, sota)


@pytest.mark.parametrize("accepted_before", [False, True])
def test_what_sales_returns_goes_back_to_inside_sales_who_decide_again(
    with_iku, iku, sota, accepted_before
):
    onward = offer_lead(with_iku.lead, by=iku, lane=the_lane("inside"))
    if accepted_before:
        accept_lead(onward, by=sota)
    return_lead(onward, by=sota, reason=a_reason())
    first = Handoff.objects.get(pk=with_iku.pk)
    first.lead.refresh_from_db()
    assert (first.state, first.lead.stage, first.lead.seller) == ("accepted", "sal", iku)
    assert first.clocks.running().filter(kind="decide").count() == 1
    again = offer_lead(first.lead, by=iku, lane=the_lane("inside"), unchanged_because="Budget came")
    assert (again.leg, again.round) == (1, 2)
    return_lead(again, by=sota, reason=a_reason())
    return_lead(first, by=iku, reason=a_reason())
    first.lead.refresh_from_db()
    assert (first.lead.stage, first.lead.team.kind) == ("nurturing", "marketing")


def test_only_who_holds_the_lead_passes_it_on(with_iku, noa, sota):
    for somebody in (noa, sota):
        with pytest.raises(NotAllowed):
            offer_lead(with_iku.lead, by=somebody, lane=the_lane("inside"))


def test_no_deal_while_the_next_team_is_asked(with_iku, iku):
    offer_lead(with_iku.lead, by=iku, lane=the_lane("inside"))
    with pytest.raises(Refusal, match="offered on"):
        open_deal(with_iku.lead, by=iku)


def test_after_the_last_leg_there_is_nobody_to_offer_to(noa, sota):
    handoff = accept_lead(an_offer(by=noa), by=sota)
    with pytest.raises(Refusal, match="open a deal"):
        offer_lead(handoff.lead, by=sota, lane=the_lane())


def test_disqualifying_on_the_second_leg_leaves_nothing_open_behind(with_iku, iku, sota):
    lead = with_iku.lead
    accept_lead(offer_lead(lead, by=iku, lane=the_lane("inside")), by=sota)
    disqualify_lead(lead, by=sota, reason="A student.")
    lead.refresh_from_db()
    assert lead.stage == "disqualified"
    assert not lead.handoffs.open().exists()
    assert not Clock.objects.running().exclude(kind="acknowledge").exists()


def test_what_a_later_leg_returns_stays_contacted(with_iku, iku, sota):
    """The seam does not forget what inside sales reached before they passed the lead on."""
    log_contact(with_iku.lead, by=iku, kind="call", result="reached")
    before = seam_of(read_card(with_iku.lead_id, iku).journey)
    assert (before["now"], before["steps"][5]["sub"] != "") == (5, True)
    onward = offer_lead(with_iku.lead, by=iku, lane=the_lane("inside"))
    accept_lead(onward, by=sota)
    return_lead(onward, by=sota, reason=a_reason())
    assert seam_of(read_card(with_iku.lead_id, iku).journey) == before


def a_promise(lead, owner, **what):
    moment = now()
    what = {"what": "Send the quote", "promised": True, "by": owner} | what
    return lead.follow_ups.create(owner=owner, due_at=moment, created_at=moment, **what)


def test_a_return_passes_on_what_was_promised(with_iku, noa, iku, sota):
    lead = with_iku.lead
    type(lead).objects.filter(pk=lead.pk).update(marketer=noa)
    onward = accept_lead(offer_lead(lead, by=iku, lane=the_lane("inside")), by=sota)
    theirs, ours = a_promise(lead, sota), a_promise(lead, noa)
    done = a_promise(lead, sota, done_at=now())
    return_lead(onward, by=sota, reason=a_reason())
    assert [owner_of(one) for one in (theirs, ours, done)] == [iku, noa, sota]
    return_lead(with_iku, by=iku, reason=a_reason())
    assert [owner_of(one) for one in (theirs, ours, done)] == [noa, noa, sota]


def owner_of(follow_up):
    follow_up.refresh_from_db()
    return follow_up.owner
