"""The life of a lead: every move the table allows, and no other."""

from datetime import datetime, time, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.utils import timezone

from accounts.models import Organisation
from common import now, time_at
from common.refusals import Malformed, NotAllowed, Refusal
from handoff.actions import (
    disqualify_lead,
    lose_deal,
    nurture_lead,
    open_deal,
    qualify_lead,
    recycle_lead,
    reinstate_lead,
    return_lead,
    win_deal,
)
from leads.actions import log_touch
from leads.actions.stages import lock_lead, move_lead
from leads.models import Lead, LeadEvent
from leads.states import MOVES, VERBS, Stage
from tests.factories import a_lead, a_lost_reason, a_reason, an_accepted, an_mql, an_offer

PRESS = {
    "nurture": lambda lead, by: nurture_lead(lead, by=by),
    "qualify": lambda lead, by: qualify_lead(lead, by=by, judgement="Met at the fair"),
    "disqualify": lambda lead, by: disqualify_lead(lead, by=by, reason="A student"),
    "reinstate": lambda lead, by: reinstate_lead(lead, by=by),
    "recycle": lambda lead, by: recycle_lead(lead, by=by),
}


@pytest.mark.parametrize("to", Stage.values)
@pytest.mark.parametrize("frm", Stage.values)
def test_a_lead_moves_only_where_the_table_says(frm, to, defaults):
    lead = a_lead(stage=frm)
    with transaction.atomic():
        locked = lock_lead(lead)
        if to in MOVES[Stage(frm)]:
            event = move_lead(locked, "test.move", to, by=None, at=now())
            assert (event.stage_from, event.stage_to) == (frm, to)
            assert Lead.objects.get(pk=lead.pk).stage == to
        else:
            with pytest.raises(Refusal):
                move_lead(locked, "test.move", to, by=None, at=now())
            assert not LeadEvent.objects.exists()
            assert Lead.objects.get(pk=lead.pk).stage == frm


@pytest.mark.parametrize("stage", Stage.values)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_of_the_lead_works_only_where_the_table_says(verb, stage, noa):
    lead = a_lead(stage=stage)
    if stage in VERBS[verb].frm:
        PRESS[verb](lead, noa)
        assert Lead.objects.get(pk=lead.pk).stage == VERBS[verb].to
    else:
        with pytest.raises(Refusal):
            PRESS[verb](lead, noa)
        assert Lead.objects.get(pk=lead.pk).stage == stage
        assert not LeadEvent.objects.exists()


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"reinstate", "recycle"}))
def test_sales_does_not_move_what_marketing_is_accountable_for(verb, sota):
    lead = a_lead(stage=next(iter(VERBS[verb].frm)))
    with pytest.raises(NotAllowed):
        PRESS[verb](lead, sota)


def test_a_judgement_is_words_and_kept_apart_from_the_ledger(noa):
    lead = a_lead()
    with pytest.raises(Malformed):
        qualify_lead(lead, by=noa, judgement="  ")
    qualify_lead(lead, by=noa, judgement="佐伯様は予算を持っています")
    event = lead.events.get(verb="lead.qualify")
    assert event.data["judgement"] is True
    assert "佐伯" not in str(event.data)
    assert lead.comments.get().text == "佐伯様は予算を持っています"


def test_pressing_qualify_twice_is_one_move(noa):
    lead = a_lead()
    qualify_lead(lead, by=noa, judgement="Met at the fair")
    qualify_lead(lead, by=noa, judgement="Met at the fair")
    assert lead.events.filter(verb="lead.qualify").count() == 1


def test_disqualifying_withdraws_a_waiting_offer_and_tells_who_was_asked(noa, sota):
    handoff = an_offer(by=noa, taker=sota)
    disqualify_lead(handoff.lead, by=noa, reason="A competitor")
    handoff.refresh_from_db()
    assert handoff.state == "withdrawn"
    assert sota.notices.filter(kind="handoff.withdrawn").exists()
    assert not handoff.clocks.running().exists()
    assert Lead.objects.get(pk=handoff.lead_id).stage == "disqualified"


def test_disqualifying_returns_an_accepted_lead_and_loses_its_deals(noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    deal = open_deal(handoff.lead, by=sota, amount=1_000_000)
    disqualify_lead(handoff.lead, by=sota, reason="Bankrupt")
    deal.refresh_from_db()
    assert deal.state == "lost"
    other = an_accepted(an_mql(), by=noa, taker=sota)
    disqualify_lead(other.lead, by=sota, reason="A student")
    other.refresh_from_db()
    assert (other.state, other.return_kind) == ("returned", "rejected")


def test_reaching_a_later_stage_counts_as_having_reached_those_before(defaults):
    lead = a_lead(stage="new")
    with transaction.atomic():
        move_lead(lock_lead(lead), "test", Stage.MQL, by=None, at=now())
        move_lead(lock_lead(lead), "test", Stage.SAL, by=None, at=now())
    lead.refresh_from_db()
    assert lead.mql_at < lead.sal_at
    assert lead.sql_at is None


def test_the_whole_way_writes_one_event_a_move(noa, sota):
    lead = a_lead()
    qualify_lead(lead, by=noa, judgement="Asked for a price")
    handoff = an_accepted(lead, by=noa, taker=sota)
    deal = win_deal(open_deal(handoff.lead, by=sota, amount=3_000_000), by=sota)
    verbs = list(lead.events.order_by("id").values_list("verb", flat=True))
    assert verbs == ["lead.qualify", "handoff.offer", "handoff.accept", "deal.open", "deal.win"]
    lead.refresh_from_db()
    assert lead.stage == "won"
    another = open_deal(lead, by=sota)
    lose_deal(another, by=sota, reason=a_lost_reason())
    lead.refresh_from_db()
    assert (lead.stage, deal.amount) == ("lost", 3_000_000)
    recycle_lead(lead, by=noa)
    lead.refresh_from_db()
    assert (lead.stage, lead.team) == ("nurturing", noa.team)


def test_the_ledger_refuses_to_be_edited_by_anybody(noa):
    qualify_lead(a_lead(), by=noa, judgement="Met")
    for change in ("UPDATE leads_leadevent SET verb = 'x'", "DELETE FROM leads_leadevent"):
        with (
            pytest.raises((InternalError, ProgrammingError, IntegrityError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)


def test_an_open_lead_without_an_accountable_team_cannot_be_stored(defaults):
    with pytest.raises(IntegrityError, match="accountable"), transaction.atomic():
        a_lead(team=None)


def test_until_the_day_sales_named_not_even_a_trigger_qualifies_a_lead(noa, sota):
    day = timezone.localdate() + timedelta(days=90)
    handoff = return_lead(an_offer(by=noa), by=sota, reason=a_reason("too_early"), revisit_on=day)
    ask = partial(log_touch, handoff.lead, by=None, kind="form", result="demo", machine=True)
    ask()
    assert Lead.objects.get(pk=handoff.lead_id).stage == "nurturing"
    # The day begins where the organisation is: at 15:00 UTC of the day before.
    with time_at(datetime.combine(day, time(0, 5), Organisation.current().zone)):
        ask()
    assert Lead.objects.get(pk=handoff.lead_id).stage == "mql"
