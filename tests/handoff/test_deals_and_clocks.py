"""Deals, questions and the clocks both sides owe."""

from datetime import timedelta

import pytest

from common import now, time_at
from common.refusals import Malformed, NotAllowed, Refusal
from handoff.actions import (
    answer_question,
    ask_question,
    correct_win,
    disqualify_lead,
    edit_deal,
    lose_deal,
    offer_leads,
    open_deal,
    qualify_lead,
    reassign_handoff,
    win_deal,
)
from handoff.models import Clock, Handoff
from handoff.tasks import sweep_clocks
from leads.models import Lead
from tests.factories import (
    a_lead,
    a_lost_reason,
    a_user,
    an_accepted,
    an_agreement,
    an_mql,
    an_offer,
    the_lane,
)

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def deal(noa, sota):
    return open_deal(an_accepted(by=noa, taker=sota).lead, by=sota, amount=2_000_000)


def test_opening_a_deal_converts_the_handoff(deal, sota):
    deal.handoff.refresh_from_db()
    assert deal.handoff.state == "converted"
    assert (deal.owner, deal.lead.stage, deal.probability) == (sota, "sql", 20)
    assert not deal.handoff.clocks.running().exists()


def test_a_new_step_brings_its_probability_unless_one_is_given(deal, sota):
    from handoff.models import DealStep

    quote = DealStep.objects.get(code="quote")
    assert edit_deal(deal, by=sota, step=quote).probability == 60
    assert edit_deal(deal, by=sota, probability=75).probability == 75


def test_a_mistaken_win_is_corrected_by_an_event_and_only_by_a_manager(deal, sota, ren):
    win_deal(deal, by=sota)
    with pytest.raises(NotAllowed):
        correct_win(deal, by=sota, why="Wrong row")
    correct_win(deal, by=ren, why="Wrong row")
    deal.refresh_from_db()
    lead = deal.lead
    lead.refresh_from_db()
    assert (deal.state, lead.stage, lead.won_at) == ("open", "sql", None)
    verbs = list(lead.events.order_by("id").values_list("verb", flat=True))
    assert verbs[-2:] == ["deal.win", "deal.correct"]


def test_losing_one_of_two_deals_leaves_the_lead_in_the_other(deal, sota):
    second = open_deal(deal.lead, by=sota)
    lose_deal(deal, by=sota, reason=a_lost_reason())
    assert Lead.objects.get(pk=deal.lead_id).stage == "sql"
    lose_deal(second, by=sota, reason=a_lost_reason(), recycle=True)
    assert Lead.objects.get(pk=deal.lead_id).stage == "nurturing"


@pytest.mark.parametrize("amount", [-1, 10**15 + 1])
def test_an_amount_is_whole_yen_within_reason(deal, sota, amount):
    with pytest.raises(Malformed):
        edit_deal(deal, by=sota, amount=amount)


def test_marketing_does_not_open_deals(noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    with pytest.raises(NotAllowed):
        open_deal(handoff.lead, by=noa)


def test_a_question_is_owed_by_the_accountable_side_until_it_is_answered(noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    question = ask_question(handoff.lead, by=noa, text="電波の届かない建屋でも使えますか。")
    clock = Clock.objects.get(question=question)
    assert (clock.owner, clock.side) == (sota, "sales")
    assert Lead.objects.get(pk=handoff.lead_id).question_open
    answer_question(question, by=sota, answer="はい、使えます。")
    clock.refresh_from_db()
    assert clock.stopped_at
    assert not Lead.objects.get(pk=handoff.lead_id).question_open
    with pytest.raises(Refusal, match="Sota"):
        answer_question(question, by=noa, answer="いいえ")


def test_the_sweep_warns_at_80_percent_and_records_a_breach_once(noa, sota, ren):
    handoff = an_offer(by=noa, taker=sota)
    clock = handoff.clocks.get()
    with time_at(clock.warn_at + timedelta(minutes=1)):
        assert sweep_clocks()["warned"] == 1
        assert sweep_clocks()["warned"] == 0
    assert sota.notices.filter(kind="clock.warning").count() == 1
    with time_at(clock.due_at + timedelta(minutes=1)):
        assert sweep_clocks()["breached"] == 1
        assert sweep_clocks()["breached"] == 0
    assert ren.notices.filter(kind="clock.breach").count() == 1


def test_an_offer_is_seen_late_before_it_lapses_and_stays_with_marketing(noa, mio):
    handoff = an_offer(by=noa)
    with time_at(now() + timedelta(days=20)):
        swept = sweep_clocks()
    assert (swept["breached"], swept["lapsed"]) == (1, 1)
    handoff.refresh_from_db()
    lead = Lead.objects.get(pk=handoff.lead_id)
    assert (handoff.state, lead.stage, lead.team) == ("lapsed", "mql", noa.team)
    clock = handoff.clocks.get()
    assert (clock.void, bool(clock.breached_at)) == (False, True)
    assert mio.notices.filter(kind="handoff.lapsed").exists()


def test_a_withdrawn_offer_is_neither_a_promise_kept_nor_missed(noa):
    from handoff.actions import withdraw_offer

    handoff = withdraw_offer(an_offer(by=noa), by=noa)
    assert handoff.clocks.get().void


def test_many_are_offered_and_a_refused_one_does_not_hold_back_the_rest(noa):
    good, cold = an_mql(), a_lead()
    answers = dict(offer_leads([good, cold], by=noa, lane=the_lane()))
    assert isinstance(answers[good], Handoff)
    assert isinstance(answers[cold], Refusal)


def test_a_manager_puts_a_lead_to_somebody_else_and_the_clock_runs_on(noa, sota, rin, ren):
    handoff = an_accepted(by=noa, taker=sota)
    due = handoff.clocks.get(kind="contact").due_at
    with pytest.raises(NotAllowed):
        reassign_handoff(handoff, by=sota, taker=rin)
    reassign_handoff(handoff, by=ren, taker=rin)
    clock = handoff.clocks.get(kind="contact")
    assert (clock.owner, clock.due_at) == (rin, due)
    assert Lead.objects.get(pk=handoff.lead_id).seller == rin


def test_an_order_of_an_earlier_day_taken_back_gives_the_stages_their_days_again(noa, sota, ren):
    lead = a_lead()
    qualify_lead(lead, by=noa, judgement="Met at the fair")
    deal = open_deal(an_accepted(lead, by=noa, taker=sota).lead, by=sota)
    names = ("mql_at", "sal_at", "sql_at", "won_at")
    before = Lead.objects.values(*names).get(pk=lead.pk)
    day = now() - timedelta(days=30)
    win_deal(deal, by=sota, at=day)
    assert set(Lead.objects.values(*names).get(pk=lead.pk).values()) == {day}
    correct_win(deal, by=ren, why="Wrong row")
    assert Lead.objects.values(*names).get(pk=lead.pk) == before


def test_the_first_of_several_wins_is_the_milestone(deal, sota, ren):
    second = open_deal(deal.lead, by=sota, name="Second")
    win_deal(deal, by=sota)
    earlier = now() - timedelta(days=3)
    win_deal(second, by=sota, at=earlier)
    assert Lead.objects.get(pk=deal.lead_id).won_at == earlier
    correct_win(second, by=ren, why="Not signed yet")
    deal.refresh_from_db()
    assert Lead.objects.get(pk=deal.lead_id).won_at == deal.won_at


def test_an_order_lies_neither_in_the_future_nor_in_another_age(deal, sota):
    for at in (now() + timedelta(days=1), now().replace(year=1)):
        with pytest.raises(Malformed):
            win_deal(deal, by=sota, at=at)


def test_a_probability_taken_away_is_the_usual_one_of_the_step(deal, sota):
    edit_deal(deal, by=sota, probability=75)
    assert edit_deal(deal, by=sota, probability=None).probability == 20


def test_who_takes_over_the_deal_holds_the_lead(deal, ren, rin):
    edit_deal(deal, by=ren, owner=rin)
    assert Lead.objects.get(pk=deal.lead_id).seller == rin


def test_deals_lost_by_taking_the_lead_out_stand_in_the_timeline(deal, sota):
    disqualify_lead(deal.lead, by=sota, reason="Bankrupt")
    assert deal.lead.events.filter(verb="deal.lose", deal_id=deal.pk).count() == 1


@pytest.mark.parametrize("closing", ["disqualify", "win", "lose"])
def test_of_a_closed_lead_nobody_owes_an_answer_in_time(deal, sota, closing):
    ask_question(deal.lead, by=sota, text="Does it work offline?")
    if closing == "disqualify":
        disqualify_lead(deal.lead, by=sota, reason="Bankrupt")
    elif closing == "win":
        win_deal(deal, by=sota)
    else:
        lose_deal(deal, by=sota, reason=a_lost_reason())
    assert Clock.objects.get(kind="answer").void
    assert Lead.objects.get(pk=deal.lead_id).question_open


def test_an_offer_that_cannot_be_made_again_lapses_all_the_same(noa, sota):
    an_agreement(lapsed_is_offered_again=True)
    stuck, other = an_offer(by=noa, lane="inside"), an_offer(by=noa)
    stuck.taker_team.is_active = False
    stuck.taker_team.save()
    with time_at(now() + timedelta(days=20)):
        assert sweep_clocks()["lapsed"] == 2
    assert not stuck.lead.handoffs.open().exists()
    assert other.lead.handoffs.waiting().count() == 1


def test_an_administrator_is_given_no_leads(noa, sota, ren):
    ada = a_user("Ada", role="administrator", team=sota.team)
    with pytest.raises(Malformed, match="Ada"):
        an_offer(by=noa, taker=ada)
    with pytest.raises(Malformed, match="Ada"):
        reassign_handoff(an_accepted(by=noa, taker=sota), by=ren, taker=ada)
