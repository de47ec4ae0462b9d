"""The register says of every lead when it was with a partner, why, and until when."""

import pytest
from django.db import IntegrityError, transaction

from accounts.states import TeamKind
from handoff.actions import (
    accept_lead,
    disqualify_lead,
    offer_lead,
    return_lead,
    withdraw_offer,
)
from handoff.models import Entrustment
from leads.models import Lead
from tests.factories import a_reason, a_team, an_mql, the_team
from tests.partner.world import a_lane_to, an_entrusted, lane_to
from tests.promises import entrusted

pytestmark = pytest.mark.django_db


def entries(lead):
    return list(Entrustment.objects.filter(lead=lead).order_by("begun_at", "pk"))


def test_an_offer_to_a_partner_is_entered_with_its_note(noa, paz):
    handoff = an_entrusted(paz, by=noa, accepted=False, note="They know the trade.")
    (entry,) = entries(handoff.lead)
    assert (entry.team, entry.handoff, entry.begun_by) == (paz.team, handoff, noa)
    assert (entry.why, entry.ended_at) == ("They know the trade.", None)


def test_accepting_goes_on_with_the_same_entry(noa, paz):
    handoff = an_entrusted(paz, by=noa)
    (entry,) = entries(handoff.lead)
    assert entry.ended_at is None
    assert list(entrusted()) == []


def test_a_withdrawn_offer_ends_the_entry(noa, paz):
    handoff = an_entrusted(paz, by=noa, accepted=False)
    withdraw_offer(handoff, by=noa)
    (entry,) = entries(handoff.lead)
    assert entry.ended_by == noa
    assert Lead.objects.get(pk=handoff.lead_id).entrusted_to is None


def test_a_return_ends_the_entry_and_a_second_round_begins_another(noa, paz):
    handoff = an_entrusted(paz, by=noa)
    return_lead(handoff, by=paz, reason=a_reason("no_budget"))
    lead = Lead.objects.get(pk=handoff.lead_id)
    assert entries(lead)[0].ended_by == paz
    Lead.objects.filter(pk=lead.pk).update(stage="mql")
    lead.refresh_from_db()
    offer_lead(lead, by=noa, lane=lane_to(paz.team), unchanged_because="They asked for it.")
    assert [bool(entry.ended_at) for entry in entries(lead)] == [True, False]


def test_a_lead_passed_on_leaves_the_partner_and_comes_back_with_a_return(noa, paz, sota):
    a_lane_to(paz.team, then=sota.team)
    handoff = an_entrusted(paz, by=noa)
    lead = handoff.lead
    passed = offer_lead(lead, by=paz, lane=handoff.lane)
    assert Lead.objects.get(pk=lead.pk).entrusted_to == paz.team
    passed = accept_lead(passed, by=sota)
    assert Lead.objects.get(pk=lead.pk).entrusted_to is None
    return_lead(passed, by=sota, reason=a_reason("no_budget"))
    assert Lead.objects.get(pk=lead.pk).entrusted_to == paz.team
    assert [bool(entry.ended_at) for entry in entries(lead)] == [True, False]
    assert list(entrusted()) == []


def test_an_offer_to_a_second_partner_that_is_withdrawn_gives_the_lead_back_to_the_first(noa, paz):
    other = a_team(TeamKind.SALES, "Second agency", is_partner=True)
    a_lane_to(paz.team, then=other)
    handoff = an_entrusted(paz, by=noa)
    passed = offer_lead(handoff.lead, by=paz, lane=handoff.lane)
    assert Lead.objects.get(pk=handoff.lead_id).entrusted_to == other
    withdraw_offer(passed, by=None)
    assert Lead.objects.get(pk=handoff.lead_id).entrusted_to == paz.team
    assert [entry.team for entry in entries(handoff.lead)] == [paz.team, other, paz.team]


def test_a_lead_taken_out_is_with_nobody(noa, paz):
    handoff = an_entrusted(paz, by=noa)
    disqualify_lead(handoff.lead, by=paz, reason="Gone out of business")
    assert entries(handoff.lead)[0].ended_by == paz
    assert list(entrusted()) == []


def test_nothing_is_entered_for_our_own_teams(noa, sota):
    offer_lead(an_mql(), by=noa, lane=a_lane_to(the_team(TeamKind.SALES)))
    assert not Entrustment.objects.exists()


def test_two_entries_never_run_for_one_lead(noa, paz):
    lead = an_entrusted(paz, by=noa).lead
    with pytest.raises(IntegrityError, match="entrustment_one_runs"), transaction.atomic():
        Entrustment.objects.create(lead=lead, team=paz.team, begun_at=lead.created_at)


def test_managers_read_the_register_and_the_partner_does_not(as_user, noa, mio, paz):
    an_entrusted(paz, by=noa, lead=an_mql("Kobayashi"), note="They know the trade.")
    page = as_user(mio).get(f"/handoffs/seats/{paz.team_id}/").content.decode()
    assert "Kobayashi" in page
    assert "They know the trade." in page
    assert (
        "They know the trade."
        not in as_user(paz).get(f"/handoffs/seats/{paz.team_id}/").content.decode()
    )


def test_the_page_of_the_lead_says_with_whom_it_is_and_since_when(as_user, noa, mio, paz):
    handoff = an_entrusted(paz, by=noa, note="They know the trade.")
    for person, link in ((noa, False), (mio, True)):
        page = as_user(person).get(f"/handoffs/leads/{handoff.lead_id}/").content.decode()
        assert "With Agency" in page
        assert (f"/handoffs/seats/{paz.team_id}/" in page) is link
    assert (
        "With Agency"
        not in as_user(paz).get(f"/handoffs/leads/{handoff.lead_id}/").content.decode()
    )


def test_the_register_is_a_file_for_managers_only(as_user, noa, mio, sota, paz):
    an_entrusted(paz, by=noa, lead=an_mql("Kobayashi"))
    address = f"/handoffs/seats/{paz.team_id}/register.csv"
    assert "Kobayashi" in b"".join(as_user(mio).get(address)).decode()
    assert as_user(paz).get(address).status_code == 403
    assert as_user(sota).get(address).status_code == 403


def test_a_hundred_entries_take_no_more_queries_than_one(
    as_user, noa, mio, paz, django_assert_max_num_queries
):
    for n in range(12):
        an_entrusted(paz, by=noa, lead=an_mql(f"Lead{n}"), accepted=False)
    client = as_user(mio)
    client.get(f"/handoffs/seats/{paz.team_id}/")
    with django_assert_max_num_queries(9):
        client.get(f"/handoffs/seats/{paz.team_id}/")
