"""Offering by the rules: who gets what, why, and what waits for a manager."""

from datetime import timedelta

import pytest

from accounts.models import Absence
from accounts.states import Role, TeamKind
from common import now
from common.refusals import NotAllowed, Refusal
from handoff.actions import (
    disqualify_lead,
    lapse_offer,
    nurture_lead,
    offer_lead,
    route_lead,
    route_leads,
)
from handoff.models import Handoff, QueuedLead, RoutingShare
from handoff.states import RouteTo
from leads.models import LeadEvent
from tests.factories import a_company, a_user, an_accepted, an_mql, an_offer, the_lane
from tests.handoff.routes import a_plan, in_turn


def absent(person, stand_in=None):
    day = now().date()
    week = timedelta(days=7)
    return Absence.objects.create(
        person=person, first_day=day - week, last_day=day + week, stand_in=stand_in
    )


class TestTargets:
    def test_the_plan_that_is_laid_sends_everything_to_the_pool(self, noa):
        handoff = route_lead(an_mql(), by=noa)
        assert (handoff.taker, handoff.lane.code) == (None, "direct")
        assert handoff.route["plan"] == 1
        assert handoff.route["to"] == "pool"

    def test_a_named_person_gets_it(self, noa, sota):
        a_plan({"to": RouteTo.PERSON, "person": sota})
        handoff = route_lead(an_mql(), by=noa)
        assert (handoff.taker, handoff.named) == (sota, True)

    def test_who_holds_a_lead_of_the_company_gets_the_next(self, noa, sota, rin):
        a_plan({"to": RouteTo.OWNER}, {"to": RouteTo.PERSON, "person": rin})
        company = a_company()
        an_accepted(an_mql(company=company), by=noa, taker=sota)
        assert route_lead(an_mql(company=company), by=noa).taker == sota
        assert route_lead(an_mql(company=a_company()), by=noa).taker == rin

    def test_the_owner_of_a_company_counts_only_in_the_taking_team(self, noa, mio, rin):
        a_plan({"to": RouteTo.OWNER}, {"to": RouteTo.PERSON, "person": rin})
        company = a_company(owner=mio)
        assert route_lead(an_mql(company=company), by=noa).taker == rin

    def test_two_of_one_company_at_once_go_to_the_same_person(self, noa, sota, rin):
        a_plan({"to": RouteTo.OWNER}, in_turn(sota, rin))
        company = a_company()
        takers = [route_lead(an_mql(company=company), by=noa).taker for _n in range(3)]
        assert len(set(takers)) == 1

    def test_a_lane_may_begin_with_inside_sales(self, noa, iku):
        a_plan({"lane": the_lane("inside"), "to": RouteTo.PERSON, "person": iku})
        handoff = route_lead(an_mql(), by=noa)
        assert (handoff.taker, handoff.lane.code) == (iku, "inside")


class TestTurns:
    def test_a_batch_spreads_by_weight(self, noa, sota, rin, ren):
        a_plan(in_turn((sota, 2), (rin, 1), (ren, 1)))
        answers = route_leads([an_mql() for _n in range(8)], by=noa)
        takers = [handoff.taker for _lead, handoff in answers]
        assert [takers.count(one) for one in (sota, rin, ren)] == [4, 2, 2]

    def test_who_holds_as_many_as_agreed_is_passed_over(self, noa, sota, rin):
        a_plan(in_turn((sota, 1, 2), rin))
        for _n in range(2):
            an_accepted(by=noa, taker=sota)
        handoff = route_lead(an_mql(), by=noa)
        assert handoff.taker == rin
        assert handoff.route["passed"] == [[sota.pk, "full"]]

    def test_the_absent_the_inactive_the_moved_and_the_administrator_are_passed_over(
        self, noa, sota, rin, ren, iku
    ):
        gone = a_user("Gone", kind=TeamKind.SALES)
        chief = a_user("Chief", kind=TeamKind.SALES)
        a_plan(in_turn(sota, gone, ren, chief, rin))
        absent(sota)
        gone.is_active = False
        gone.save()
        chief.role = Role.ADMINISTRATOR
        chief.save()
        ren.team = iku.team
        ren.save()
        handoff = route_lead(an_mql(), by=noa)
        assert handoff.taker == rin
        assert handoff.route["passed"] == [
            [sota.pk, "absent"], [gone.pk, "inactive"], [ren.pk, "moved"], [chief.pk, "takes_none"],
        ]  # fmt: skip

    def test_a_turn_that_was_passed_over_is_not_made_up_for(self, noa, sota, rin):
        a_plan(in_turn(sota, rin))
        away = absent(sota)
        route_leads([an_mql() for _n in range(6)], by=noa)
        away.delete()
        takers = [route_lead(an_mql(), by=noa).taker for _n in range(4)]
        assert takers.count(sota) == takers.count(rin) == 2

    def test_nobody_to_take_turns_waits_for_a_manager(self, noa, mio, sota):
        a_plan(in_turn(sota))
        absent(sota)
        lead = an_mql()
        queued = route_lead(lead, by=noa)
        assert isinstance(queued, QueuedLead)
        assert (queued.reason, queued.data["passed"]) == ("nobody", [[sota.pk, "absent"]])
        assert not Handoff.objects.filter(lead=lead).exists()
        assert mio.notices.get().kind == "lead.queued"


class TestStandIns:
    def test_a_stand_in_takes_what_is_for_the_absent(self, noa, sota, rin):
        a_plan({"to": RouteTo.PERSON, "person": sota})
        absent(sota, stand_in=rin)
        handoff = route_lead(an_mql(), by=noa)
        assert (handoff.taker, handoff.route["for"]) == (rin, sota.pk)

    def test_a_stand_in_who_is_away_too_takes_nothing(self, noa, sota, rin):
        a_plan({"to": RouteTo.PERSON, "person": sota})
        absent(sota, stand_in=rin)
        absent(rin)
        assert route_lead(an_mql(), by=noa).reason == "nobody"

    def test_an_absent_owner_without_a_stand_in_lets_the_next_rule_decide(self, noa, sota, rin):
        a_plan({"to": RouteTo.OWNER, "name": "Known"}, {"to": RouteTo.PERSON, "person": rin})
        absent(sota)
        handoff = route_lead(an_mql(company=a_company(owner=sota)), by=noa)
        assert handoff.taker == rin
        assert handoff.route["before"] == [
            {"rule": 1, "name": "Known", "passed": [[sota.pk, "absent"]]}
        ]


class TestQueue:
    def test_what_no_rule_takes_waits_and_keeps_its_place(self, noa):
        a_plan({"conditions": [{"about": "title", "operator": "filled"}]})
        lead = an_mql()
        first = route_lead(lead, by=noa)
        again = route_lead(lead, by=noa)
        assert (first.reason, first.since) == ("no_rule", again.since)
        assert LeadEvent.objects.filter(lead=lead, verb="lead.queue").count() == 1

    def test_an_offer_by_hand_takes_it_out(self, noa):
        lead = self.queued(noa)
        an_offer(lead, by=noa)
        assert not QueuedLead.objects.exists()

    @pytest.mark.parametrize("verb", [nurture_lead, disqualify_lead])
    def test_a_lead_that_is_no_mql_any_more_leaves(self, noa, verb):
        verb(self.queued(noa), by=noa, reason="Not now")
        assert not QueuedLead.objects.exists()

    def test_a_lapsed_offer_comes_in(self, noa, sota):
        handoff = an_offer(by=noa)
        lapse_offer(handoff, at=now() + timedelta(days=30))
        queued = QueuedLead.objects.get(lead=handoff.lead)
        assert (queued.reason, queued.data["handoff"]) == ("lapsed", handoff.pk)

    def test_a_lapsed_second_leg_goes_back_to_its_holder_instead(self, noa, iku, sota):
        held = an_accepted(by=noa, taker=iku, lane="inside")
        passed = offer_lead(held.lead, by=iku, lane=the_lane("inside"))
        lapse_offer(passed, at=now() + timedelta(days=30))
        assert not QueuedLead.objects.exists()

    @staticmethod
    def queued(noa):
        a_plan({"conditions": [{"about": "title", "operator": "filled"}]})
        lead = an_mql()
        route_lead(lead, by=noa)
        return lead


class TestRefusals:
    def test_only_the_giving_side_routes(self, sota, noa):
        with pytest.raises(NotAllowed):
            route_lead(an_mql(), by=sota)
        assert not QueuedLead.objects.exists()

    def test_once_more_by_the_same_person_is_the_same_offer(self, noa, sota):
        a_plan(in_turn(sota))
        lead = an_mql()
        assert route_lead(lead, by=noa) == route_lead(lead, by=noa)
        assert RoutingShare.objects.get().given == 1

    def test_what_waits_already_is_refused_to_anybody_else(self, noa, mio):
        lead = an_mql()
        route_lead(lead, by=noa)
        with pytest.raises(Refusal):
            route_lead(lead, by=mio)

    def test_a_refused_offer_counts_for_nobody(self, noa, sota):
        a_plan(in_turn(sota))
        held = an_accepted(by=noa, taker=sota)
        with pytest.raises(Refusal):
            route_lead(held.lead, by=noa)
        assert RoutingShare.objects.get().given == 0

    def test_a_batch_goes_on_past_a_refusal(self, noa, sota):
        answers = route_leads([an_accepted(by=noa, taker=sota).lead, an_mql()], by=noa)
        assert isinstance(answers[0][1], Refusal)
        assert isinstance(answers[1][1], Handoff)
