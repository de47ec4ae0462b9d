"""Plans: changed in a draft by heads, tried on the last 30 days, put into force at one moment."""

import pytest
from django.core import serializers
from django.db import connection

from accounts.models import Absence
from common import now
from common.clock import time_at
from common.refusals import Malformed, NotAllowed, Refusal
from handoff.actions import route_lead
from handoff.actions.defaults import lay_defaults
from handoff.actions.routing_plans import (
    Share,
    add_rule,
    begin_draft,
    delete_rule,
    discard_draft,
    edit_rule,
    move_rule,
    put_in_force,
)
from handoff.models import Handoff, QueuedLead, RoutingPlan, RoutingRule, RoutingShare
from handoff.routing import read_plan
from handoff.routing.trial import try_plan
from handoff.states import RouteTo
from leads.models import LeadEvent
from tests.factories import a_company, a_user, an_accepted, an_mql, an_offer, the_lane
from tests.handoff.routes import DAY, a_plan, in_turn


def what(**more):
    return {"name": "Rule", "lane": the_lane(), "to": RouteTo.POOL, "conditions": []} | more


class TestDrafts:
    def test_a_draft_copies_the_plan_in_force_and_routes_nothing(self, noa, mio, sota):
        a_plan(in_turn((sota, 3, 9)))
        route_lead(an_mql(), by=noa)
        draft = begin_draft(by=mio)
        copied = RoutingShare.objects.get(rule__plan=draft)
        assert (copied.weight, copied.cap, copied.given) == (3, 9, 0)
        delete_rule(draft.rules.get(), by=mio)
        assert route_lead(an_mql(), by=noa).taker == sota

    def test_there_is_one_draft_whoever_begins(self, mio, ren, ada):
        assert begin_draft(by=mio) == begin_draft(by=ren) == begin_draft(by=ada)

    def test_rules_are_added_edited_moved_and_deleted(self, mio, sota):
        draft = begin_draft(by=mio)
        second = add_rule(draft, by=mio, **what(name="Second"))
        third = add_rule(draft, by=mio, **what(name="Third"))
        move_rule(third, by=mio, up=True)
        move_rule(third, by=mio, up=True)
        move_rule(third, by=mio, up=True)
        edit_rule(second, by=mio, **what(name="2", to=RouteTo.PERSON, person=sota))
        assert list(draft.rules.values_list("name", flat=True)) == ["Third", "すべてのリード", "2"]
        delete_rule(draft.rules.get(position=1), by=mio)
        delete_rule(RoutingRule(pk=10**9, plan=draft), by=mio)
        assert list(draft.rules.values_list("name", "position")) == [("Third", 0), ("2", 1)]

    def test_putting_into_force_keeps_the_plan_before(self, noa, mio, sota):
        before = RoutingPlan.objects.get(in_force=True)
        draft = begin_draft(by=mio)
        put_in_force(draft, by=mio)
        assert put_in_force(draft, by=mio) == draft
        before.refresh_from_db()
        assert not before.in_force
        assert before.rules.count() == 1
        assert route_lead(an_mql(), by=noa).route["plan"] == draft.version

    @pytest.mark.parametrize("act", ["add", "edit", "move", "delete", "discard"])
    def test_what_was_in_force_is_changed_no_more(self, mio, act):
        plan = RoutingPlan.objects.get(in_force=True)
        rule = plan.rules.get()
        acts = {
            "add": lambda: add_rule(plan, by=mio, **what()),
            "edit": lambda: edit_rule(rule, by=mio, **what()),
            "move": lambda: move_rule(rule, by=mio, up=True),
            "delete": lambda: delete_rule(rule, by=mio),
            "discard": lambda: discard_draft(plan, by=mio),
        }
        with pytest.raises(Refusal):
            acts[act]()
        assert plan.rules.get().name == "すべてのリード"

    def test_a_discarded_draft_is_gone(self, mio):
        draft = begin_draft(by=mio)
        discard_draft(draft, by=mio)
        discard_draft(draft, by=mio)
        with pytest.raises(Refusal):
            add_rule(draft, by=mio, **what())

    def test_an_empty_plan_is_not_put_into_force(self, mio):
        draft = begin_draft(by=mio)
        delete_rule(draft.rules.get(), by=mio)
        with pytest.raises(Refusal):
            put_in_force(draft, by=mio)

    @pytest.mark.parametrize("who", ["noa", "sota", "iku", "paz"])
    def test_only_heads_and_administrators_change_rules(self, who, request, mio):
        draft, by = begin_draft(by=mio), request.getfixturevalue(who)
        for act in (
            lambda: begin_draft(by=by),
            lambda: add_rule(draft, by=by, **what()),
            lambda: put_in_force(draft, by=by),
        ):
            with pytest.raises(NotAllowed):
                act()

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("name", {"name": " "}),
            ("person", {"to": RouteTo.PERSON}),
            ("to", {"to": RouteTo.ROUND_ROBIN}),
            ("conditions", {"conditions": [{"about": "moon", "operator": "filled"}]}),
            ("conditions", {"conditions": [{"about": "score.fit", "operator": "at_least"}]}),
            ("conditions", {"conditions": [{"about": "title", "operator": "in", "value": []}]}),
        ],
    )
    def test_a_rule_that_says_too_little_is_malformed(self, mio, field, wrong):
        with pytest.raises(Malformed) as caught:
            add_rule(begin_draft(by=mio), by=mio, **what(**wrong))
        assert caught.value.field == field

    def test_who_is_in_another_team_takes_no_turns(self, mio, iku):
        draft, fields = begin_draft(by=mio), what(to=RouteTo.ROUND_ROBIN, shares=[Share(iku)])
        with pytest.raises(Malformed):
            add_rule(draft, by=mio, **fields)

    def test_laying_the_defaults_again_leaves_plans_alone(self, mio):
        put_in_force(begin_draft(by=mio), by=mio)
        lay_defaults()
        assert RoutingPlan.objects.count() == 2


class TestTrial:
    def test_the_dry_run_says_who_would_have_got_what(self, noa, sota, rin):
        for days, taker in ((3, sota), (2, sota), (1, None)):
            with time_at(now() - days * DAY):
                an_offer(an_mql(), by=noa, taker=taker)
        draft = a_plan(in_turn(sota, rin), in_force=False)
        tried = try_plan(read_plan(draft), at=now())
        assert [row.taker for row in tried.rows] == [sota, rin, sota]
        assert tried.by_person() == {sota: (2, 2), rin: (1, 0), None: (0, 1)}
        assert tried.by_rule() == {1: 3}
        assert (tried.changed, tried.queued) == (2, 0)

    def test_it_judges_by_the_score_of_then(self, noa, sota):
        lead = an_mql(fit="A")
        with time_at(now() - DAY):
            an_offer(lead, by=noa)
        type(lead).objects.filter(pk=lead.pk).update(fit="D")
        fit = [{"about": "score.fit", "operator": "in", "value": ["A"]}]
        draft = a_plan({"conditions": fit, "to": RouteTo.PERSON, "person": sota}, in_force=False)
        assert try_plan(read_plan(draft), at=now()).rows[0].taker == sota

    def test_it_knows_who_was_away_who_was_full_and_whose_company_it_was(self, noa, sota, rin):
        company = a_company()
        with time_at(now() - 5 * DAY):
            an_accepted(an_mql(company=company), by=noa, taker=rin)
        with time_at(now() - 4 * DAY):
            an_offer(an_mql(company=company), by=noa)
        with time_at(now() - 2 * DAY):
            an_offer(an_mql(), by=noa)
            day = now().date()
        Absence.objects.create(person=sota, first_day=day - DAY, last_day=day + DAY)
        draft = a_plan({"to": RouteTo.OWNER}, in_turn(sota, (rin, 1, 1)), in_force=False)
        tried = try_plan(read_plan(draft), at=now())
        first, second, third = tried.rows
        assert (first.taker, second.taker) == (sota, rin)
        assert third.would.passed == [(sota.pk, "absent"), (rin.pk, "full")]

    def test_what_is_older_than_a_month_or_was_ones_own_is_left_out(self, noa, sota):
        with time_at(now() - 40 * DAY):
            an_offer(an_mql(), by=noa)
        own = an_accepted(by=noa, taker=sota)
        Handoff.objects.filter(pk=own.pk).update(giver_team=sota.team)
        assert try_plan(read_plan(RoutingPlan.objects.get()), at=now()).rows == []

    def test_it_changes_nothing_and_asks_as_much_for_many_as_for_few(
        self, noa, sota, rin, django_assert_max_num_queries
    ):
        draft = a_plan({"to": RouteTo.OWNER}, in_turn(sota, (rin, 1, 5)), in_force=False)
        for _n in range(12):
            with time_at(now() - DAY):
                an_offer(an_mql(company=a_company(owner=sota)), by=noa)
        before = everything()
        plan = read_plan(draft)
        with django_assert_max_num_queries(8):
            tried = try_plan(plan, at=now())
        assert len(tried.rows) == 12
        assert everything() == before


def everything():
    kinds = (Handoff, RoutingPlan, RoutingRule, RoutingShare, QueuedLead, LeadEvent)
    connection.queries_log.clear()
    return [serializers.serialize("json", kind.objects.order_by("pk")) for kind in kinds]


def test_a_rule_may_name_many_people(mio):
    people = [a_user() for _n in range(12)]
    shares = [Share(one) for one in people]
    rule = add_rule(begin_draft(by=mio), by=mio, **what(to=RouteTo.ROUND_ROBIN, shares=shares))
    assert rule.shares.count() == 12
