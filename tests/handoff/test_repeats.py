"""Repeating a verb: the same person with the same words gets the same answer, anything else is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.refusals import NotAllowed, Refusal
from handoff.actions import (
    acknowledge_return,
    ask_question,
    disqualify_lead,
    lose_deal,
    nurture_lead,
    offer_lead,
    open_deal,
    reassign_handoff,
    reinstate_lead,
    return_lead,
    win_deal,
    withdraw_offer,
)
from handoff.models import Deal, Handoff
from leads.models import Comment, FollowUp, Interaction, LeadEvent, Question
from tests.factories import a_lead, a_lost_reason, a_reason, an_accepted, an_mql, an_offer, the_lane

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def deal(noa, sota):
    return open_deal(an_accepted(by=noa, taker=sota).lead, by=sota, name="Pilot", amount=2_000_000)


def test_a_return_repeated_with_another_reason_is_not_taken_for_the_first(noa, sota):
    handoff = return_lead(an_offer(by=noa), by=sota, reason=a_reason("no_budget"), note="Next year")
    events = LeadEvent.objects.count()
    again = return_lead(handoff, by=sota, reason=a_reason("no_budget"), note="Next year ")
    assert again == handoff
    for reason, note in (("competitor", "Next year"), ("no_budget", "Never")):
        with pytest.raises(Refusal, match="Sota"):
            return_lead(handoff, by=sota, reason=a_reason(reason), note=note)
    assert LeadEvent.objects.count() == events


def test_an_acknowledgement_with_other_words_is_not_taken_for_the_first(noa, sota):
    handoff = return_lead(an_offer(by=noa), by=sota, reason=a_reason())
    acknowledge_return(handoff, by=noa, answer="disagree", note="Budget was confirmed.")
    acknowledge_return(handoff, by=noa, answer="disagree", note="Budget was confirmed.")
    with pytest.raises(Refusal, match="Noa"):
        acknowledge_return(handoff, by=noa, answer="disagree", note="It was signed.")


def test_who_withdrew_an_offer_may_repeat_it_and_nobody_else(noa, mio):
    handoff = withdraw_offer(an_offer(by=noa), by=mio)
    assert withdraw_offer(handoff, by=mio).state == "withdrawn"
    with pytest.raises(Refusal, match="withdrawn"):
        withdraw_offer(handoff, by=noa)


def test_an_offer_with_another_note_is_not_taken_for_the_first(noa):
    handoff = an_offer(by=noa, note="Call after one")
    assert offer_lead(handoff.lead, by=noa, lane=the_lane(), note="Call after one") == handoff
    with pytest.raises(Refusal, match="already offered"):
        offer_lead(handoff.lead, by=noa, lane=the_lane(), note="Do not call")


def test_the_same_deal_opened_twice_in_a_row_is_one_deal(deal, sota):
    assert open_deal(deal.lead, by=sota, name="Pilot", amount=2_000_000) == deal
    assert open_deal(deal.lead, by=sota, name="Second site", amount=2_000_000) != deal
    # Something has happened since, so this is meant.
    assert open_deal(deal.lead, by=sota, name="Pilot", amount=2_000_000) != deal
    assert Deal.objects.count() == 3


def test_a_win_repeated_with_another_amount_is_not_taken_for_the_first(deal, noa, sota, rin):
    win_deal(deal, by=sota, amount=5)
    assert win_deal(deal, by=sota, amount=5).amount == 5
    with pytest.raises(Refusal, match="already"):
        win_deal(deal, by=sota, amount=6)
    with pytest.raises(Refusal, match="already"):
        win_deal(deal, by=rin, amount=5)
    with pytest.raises(NotAllowed):
        win_deal(deal, by=noa, amount=5)


def test_a_loss_is_repeated_by_who_entered_it_only(deal, noa, sota):
    lose_deal(deal, by=sota, reason=a_lost_reason())
    assert lose_deal(deal, by=sota, reason=a_lost_reason()).state == "lost"
    with pytest.raises(NotAllowed):
        lose_deal(deal, by=noa, reason=a_lost_reason())


def test_taking_out_and_bringing_back_are_repeated_by_who_did_it_only(noa, mio):
    lead = a_lead()
    disqualify_lead(lead, by=noa, reason="A student")
    disqualify_lead(lead, by=noa, reason="A student")
    with pytest.raises(Refusal):
        disqualify_lead(lead, by=mio, reason="A competitor")
    reinstate_lead(lead, by=mio)
    reinstate_lead(lead, by=mio)
    with pytest.raises(Refusal):
        reinstate_lead(lead, by=noa)
    assert lead.events.count() == 2


def test_giving_a_lead_to_whom_has_it_is_the_managers_too(noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    with pytest.raises(NotAllowed):
        reassign_handoff(handoff, by=noa, taker=sota)


def test_a_question_noted_twice_is_owed_once(noa):
    lead = a_lead()
    first = ask_question(lead, by=noa, text="Does it work offline?")
    assert ask_question(lead, by=noa, text="Does it work offline? ") == first
    assert Question.objects.count() == 1


def test_a_form_of_a_touch_sent_twice_is_one_touch(as_user, noa, sota):
    lead = an_accepted(by=noa, taker=sota).lead
    client = as_user(sota)
    page = f"/handoffs/leads/{lead.pk}/touches/new/?kind=call"
    said = {
        "kind": "call", "result": "no_answer", "question": "Is it safe?", "next_on": str(timezone.localdate() + timedelta(days=3)),
        "once": client.get(page).context["form"]["once"].value(),
    }  # fmt: skip
    client.post(page, said)
    client.post(page, said)
    assert Interaction.objects.filter(lead=lead).count() == 1
    assert FollowUp.objects.count() == 1
    client.post(page, said | {"once": client.get(page).context["form"]["once"].value()})
    assert Interaction.objects.filter(lead=lead).count() == 2


def test_words_said_with_a_move_are_kept_as_a_comment_and_not_in_the_timeline(noa):
    handoff = an_offer(an_mql(), by=noa)
    withdraw_offer(handoff, by=noa, reason="Tanaka is on leave")
    nurture_lead(handoff.lead, by=noa, reason="Tanaka has left")
    words = list(Comment.objects.order_by("id").values_list("text", flat=True))
    assert words == ["Tanaka is on leave", "Tanaka has left"]
    assert "Tanaka" not in str(list(LeadEvent.objects.values_list("data", flat=True)))
    assert Handoff.objects.get().state == "withdrawn"
