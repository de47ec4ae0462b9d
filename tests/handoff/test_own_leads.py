"""Sales' own leads: offered to oneself and accepted at once."""

import pytest

from common.refusals import NotAllowed, Refusal
from handoff.actions import return_lead, take_own_lead
from tests.factories import a_lead, a_reason, an_offer

pytestmark = pytest.mark.usefixtures("in_english")


def test_a_rep_takes_somebody_they_met_themselves(sota):
    lead = a_lead()
    handoff = take_own_lead(lead, by=sota, reason="展示会の懇親会で名刺交換")
    lead.refresh_from_db()
    assert (handoff.state, handoff.giver, handoff.taker) == ("accepted", sota, sota)
    assert (lead.stage, lead.team, lead.seller) == ("sal", sota.team, sota)
    verbs = list(lead.events.order_by("id").values_list("verb", flat=True))
    assert verbs == ["lead.qualify", "handoff.offer", "handoff.accept"]
    assert take_own_lead(lead, by=sota, reason="again") == handoff


def test_what_a_marketer_looks_after_is_asked_for_not_taken(noa, sota):
    with pytest.raises(Refusal, match="Noa"):
        take_own_lead(a_lead(marketer=noa), by=sota, reason="Met")


def test_what_is_offered_already_is_not_taken(noa, sota):
    with pytest.raises(Refusal):
        take_own_lead(an_offer(by=noa).lead, by=sota, reason="Met")


def test_marketing_and_the_administrator_do_not_take_leads(noa, ada):
    for somebody in (noa, ada):
        with pytest.raises(NotAllowed):
            take_own_lead(a_lead(), by=somebody, reason="Met")


def test_an_own_lead_sent_back_is_marketings_to_nurture(noa, sota):
    lead = a_lead()
    return_lead(take_own_lead(lead, by=sota, reason="Met"), by=sota, reason=a_reason())
    lead.refresh_from_db()
    assert (lead.stage, lead.team, lead.seller) == ("nurturing", noa.team, None)
