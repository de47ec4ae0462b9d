"""Every verb of a handoff, from every state, by every side: from the table itself."""

from datetime import timedelta

import pytest

from common import now
from common.refusals import Malformed, NotAllowed, Refusal
from handoff.actions import (
    accept_lead,
    acknowledge_return,
    lapse_offer,
    log_contact,
    offer_lead,
    open_deal,
    pause_clocks,
    return_lead,
    withdraw_offer,
)
from handoff.models import Handoff
from handoff.states import MOVES, Party, State
from leads.models import LeadEvent
from tests.factories import a_reason, an_mql, an_offer, the_lane

pytestmark = pytest.mark.usefixtures("in_english")

PRESS = {
    "accept": lambda handoff, by: accept_lead(handoff, by=by),
    "return": lambda handoff, by: return_lead(handoff, by=by, reason=a_reason()),
    "withdraw": lambda handoff, by: withdraw_offer(handoff, by=by),
    "acknowledge": lambda handoff, by: acknowledge_return(handoff, by=by, answer="nurture"),
    "open_deal": lambda handoff, by: open_deal(handoff.lead, by=by),
    "pause": lambda handoff, by: pause_clocks(
        handoff, by=by, reason="asked", until=now() + timedelta(days=9)
    ),
}


def a_handoff_at(state: str, *, noa, sota, ren) -> Handoff:
    """A handoff brought to `state` by the verbs, never by writing the column."""
    handoff = an_offer(by=noa)
    if state == State.WITHDRAWN:
        return withdraw_offer(handoff, by=noa)
    if state == State.LAPSED:
        Handoff.objects.filter(pk=handoff.pk).update(lapses_at="2020-01-06T00:00:00Z")
        return lapse_offer(handoff)
    if state in (State.ACCEPTED, State.CONVERTED):
        handoff = accept_lead(handoff, by=sota)
    if state == State.CONVERTED:
        open_deal(handoff.lead, by=sota)
    if state == State.RETURNED:
        return_lead(handoff, by=ren, reason=a_reason())
    return Handoff.objects.get(pk=handoff.pk)


@pytest.mark.parametrize("party", [Party.GIVER, Party.TAKER, "administrator"])
@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("verb", PRESS)
def test_a_verb_works_only_where_the_table_says(verb, state, party, noa, mio, sota, ren, ada):
    handoff = a_handoff_at(state, noa=noa, sota=sota, ren=ren)
    # The managers of both sides, so that the reason is the table's and not whose lead it is.
    by = {Party.GIVER: mio, Party.TAKER: ren, "administrator": ada}[party]
    before = (Handoff.objects.values().get(pk=handoff.pk), LeadEvent.objects.count())
    allowed = state in MOVES[verb].frm and party == MOVES[verb].party

    if allowed:
        PRESS[verb](handoff, by)
        assert Handoff.objects.get(pk=handoff.pk).state == MOVES[verb].to
        assert LeadEvent.objects.count() > before[1]
    elif verb == "return" and state == State.RETURNED and by == ren:
        assert PRESS[verb](handoff, by).state == State.RETURNED  # the same person, repeated
    elif verb == "open_deal" and state == State.CONVERTED and party == Party.TAKER:
        assert PRESS[verb](handoff, by).lead.stage == "sql"  # another deal with the same lead
    else:
        with pytest.raises(Refusal) as refused:
            PRESS[verb](handoff, by)
        assert str(refused.value)
        assert (Handoff.objects.values().get(pk=handoff.pk), LeadEvent.objects.count()) == before


def test_the_press_table_knows_every_move_of_a_person():
    assert set(PRESS) == set(MOVES) - {"lapse", "contact", "pass_on", "resume"}


def test_an_accepted_lead_belongs_to_its_taker_and_the_clocks_start(noa, sota):
    handoff = accept_lead(an_offer(by=noa), by=sota)
    lead = handoff.lead
    lead.refresh_from_db()
    assert (lead.stage, lead.team, lead.seller) == ("sal", sota.team, sota)
    running = set(handoff.clocks.running().values_list("kind", flat=True))
    assert running == {"contact", "decide"}
    assert handoff.clocks.get(kind="accept").stopped_at


def test_the_winner_may_repeat_an_acceptance_and_the_others_hear_who_was_faster(noa, sota, rin):
    handoff = an_offer(by=noa)
    accept_lead(handoff, by=sota)
    events = LeadEvent.objects.count()
    assert accept_lead(handoff, by=sota).taker == sota
    assert LeadEvent.objects.count() == events
    with pytest.raises(Refusal, match="Sota"):
        accept_lead(handoff, by=rin)


def test_an_offer_to_sota_by_name_is_not_for_rin(noa, sota, rin, ren):
    handoff = an_offer(by=noa, taker=sota)
    with pytest.raises(NotAllowed):
        accept_lead(handoff, by=rin)
    assert accept_lead(handoff, by=ren).taker == ren  # a manager acts for their own team


def test_a_lead_returned_before_acceptance_is_with_marketing_again(noa, sota):
    handoff = return_lead(an_offer(by=noa), by=sota, reason=a_reason("competitor"), note="同業です")
    lead = handoff.lead
    lead.refresh_from_db()
    assert (lead.stage, lead.team, lead.seller) == ("nurturing", noa.team, None)
    assert handoff.return_kind == "rejected"
    clock = handoff.clocks.get(kind="acknowledge")
    assert (clock.owner, clock.stopped_at) == (noa, None)


def test_too_early_needs_the_date_to_come_back_to(noa, sota):
    with pytest.raises(Refusal, match="from when"):
        return_lead(an_offer(by=noa), by=sota, reason=a_reason("too_early"))


def test_too_little_known_needs_a_word_on_what_is_missing(noa, sota):
    handoff, reason = an_offer(by=noa), a_reason("too_little_known")
    with pytest.raises(Malformed) as refused:
        return_lead(handoff, by=sota, reason=reason, note="  ")
    assert refused.value.field == "note"
    back = return_lead(handoff, by=sota, reason=reason, note="What troubles them.")
    assert (back.state, back.return_note) == (State.RETURNED, "What troubles them.")


def test_unreachable_is_said_after_the_agreed_number_of_attempts(noa, sota):
    handoff = accept_lead(an_offer(by=noa), by=sota)
    for _attempt in range(2):
        log_contact(handoff.lead, by=sota, kind="call", result="no_answer")
    with pytest.raises(Refusal, match="3 attempts"):
        return_lead(handoff, by=sota, reason=a_reason("unreachable"))
    log_contact(handoff.lead, by=sota, kind="mail_sent")
    assert return_lead(handoff, by=sota, reason=a_reason("unreachable")).state == "returned"


def test_a_disagreement_needs_words_and_reaches_both_managers(noa, mio, sota, ren):
    handoff = return_lead(an_offer(by=noa), by=sota, reason=a_reason())
    with pytest.raises(Refusal, match="why"):
        acknowledge_return(handoff, by=noa, answer="disagree")
    acknowledge_return(handoff, by=noa, answer="disagree", note="予算は確認済みです")
    for person in (sota, mio, ren):
        assert person.notices.filter(kind="handoff.acknowledged").exists()


def test_an_unchanged_lead_is_not_offered_again_without_a_reason(noa, sota):
    lead = an_mql()
    return_lead(an_offer(lead, by=noa), by=sota, reason=a_reason())
    lead.refresh_from_db()
    from handoff.actions import qualify_lead

    qualify_lead(lead, by=noa, judgement="Budget was confirmed")
    with pytest.raises(Refusal, match="Nothing has changed"):
        offer_lead(lead, by=noa, lane=the_lane())
    again = offer_lead(
        lead, by=noa, lane=the_lane(), unchanged_because="The head of sales asked for it"
    )
    assert again.round == 2


def test_a_contact_stops_the_clock_and_knows_whether_the_brief_was_read(noa, sota):
    from handoff.actions import read_brief

    handoff = accept_lead(an_offer(by=noa), by=sota)
    read_brief(handoff, by=noa)  # the giver's reading is nobody's business
    assert Handoff.objects.get(pk=handoff.pk).brief_read_at is None
    read_brief(handoff, by=sota)
    log_contact(handoff.lead, by=sota, kind="call", result="no_answer")
    handoff = Handoff.objects.get(pk=handoff.pk)
    assert handoff.first_attempt_at
    assert handoff.first_contact_at is None
    assert handoff.clocks.get(kind="contact").stopped_at
    log_contact(handoff.lead, by=sota, kind="call", result="reached", facts={"budget": "300万円"})
    handoff = Handoff.objects.get(pk=handoff.pk)
    assert handoff.first_contact_at
    assert handoff.contact_brief_read is True
    assert handoff.lead.facts.get().value == "300万円"
