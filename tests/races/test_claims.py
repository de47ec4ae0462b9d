"""A pool offer is accepted by exactly one person, however many press at once."""

from functools import partial

import pytest

from common.refusals import Refusal
from handoff.actions import accept_lead, offer_lead, return_lead
from handoff.actions.locks import what_happened
from handoff.models import Clock, Handoff
from leads.models import LeadEvent
from tests.factories import a_reason, a_user, the_lane
from tests.races.together import NIGHTLY, Crowd, at_once, refusals, winners
from tests.races.world import an_mql, an_offer

RIVALS, LEADS = (50, 200) if NIGHTLY else (12, 12)


@pytest.mark.slow
def test_many_people_claim_one_lead_and_one_of_them_has_it(noa, sota):
    rivals = [sota, *(a_user(team=sota.team) for _ in range(RIVALS - 1))]
    with Crowd(RIVALS) as crowd:
        for _ in range(LEADS):
            offered = an_offer(noa)
            answers = crowd.all_do(*(partial(accept_lead, offered, by=one) for one in rivals))
            (won,) = winners(answers)
            handoff = Handoff.objects.select_related("lead").get(pk=offered.pk)
            assert (handoff.state, handoff.taker) == ("accepted", won.taker)
            assert (handoff.lead.stage, handoff.lead.seller) == ("sal", won.taker)
            assert len(refusals(answers)) == RIVALS - 1
            assert {str(no) for no in refusals(answers)} == {str(_too_late(won))}
            assert LeadEvent.objects.filter(lead=handoff.lead, verb="handoff.accept").count() == 1
            assert Clock.objects.running().filter(handoff=handoff).count() == 2


def _too_late(won: Handoff) -> Refusal:
    """The sentence every other rival reads: who was faster."""
    return Refusal(what_happened(won))


def test_the_winner_may_press_twice_at_once(noa, sota):
    handoff = an_offer(noa)
    press = partial(accept_lead, handoff, by=sota)
    assert [one.taker for one in at_once(press, press, press)] == [sota] * 3
    assert LeadEvent.objects.filter(verb="handoff.accept").count() == 1


def test_two_marketers_offer_one_lead_and_it_waits_once(noa, mio):
    lead = an_mql(noa)
    answers = at_once(
        *(partial(offer_lead, lead, by=by, lane=the_lane()) for by in (noa, mio, noa, mio))
    )
    assert {one.pk for one in winners(answers)} == {Handoff.objects.waiting().get().pk}
    assert LeadEvent.objects.filter(verb="handoff.offer").count() == 1


def test_one_accepts_while_another_returns_the_pool_offer(noa, sota, rin):
    for _ in range(20 if NIGHTLY else 6):
        handoff = an_offer(noa)
        accepted, returned = at_once(
            partial(accept_lead, handoff, by=sota),
            partial(return_lead, handoff, by=rin, reason=a_reason()),
        )
        # A return before acceptance ends the offer; after it, Rin is not the one who holds the lead.
        assert isinstance(accepted, Refusal) != isinstance(returned, Refusal)
        handoff.refresh_from_db()
        assert handoff.state == ("returned" if isinstance(accepted, Refusal) else "accepted")
