"""A lead keeps when it was first offered and first contacted, so that the funnel needs no join."""

from django.db.models import Min

from handoff.actions import log_contact, return_lead
from leads.models import Lead
from leads.states import TouchKind, TouchResult
from tests.factories import a_reason, an_accepted, an_mql, an_offer


def test_the_first_offer_stays_when_the_lead_is_offered_again(noa, sota):
    lead = an_mql()
    first = an_offer(lead, by=noa)
    return_lead(first, by=sota, reason=a_reason())
    lead.refresh_from_db()
    assert lead.offered_at == first.offered_at


def test_a_call_nobody_answered_is_no_first_contact(noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    log_contact(handoff.lead, by=sota, kind=TouchKind.CALL, result=TouchResult.NO_ANSWER)
    assert Lead.objects.get(pk=handoff.lead_id).contacted_at is None


def test_the_lead_says_the_same_as_its_handoffs(noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    for _ in range(2):
        log_contact(handoff.lead, by=sota, kind=TouchKind.CALL, result=TouchResult.REACHED)
    lead = Lead.objects.annotate(
        offered=Min("handoffs__offered_at"), contacted=Min("handoffs__first_contact_at")
    ).get(pk=handoff.lead_id)
    assert lead.contacted_at
    assert (lead.offered_at, lead.contacted_at) == (lead.offered, lead.contacted)
