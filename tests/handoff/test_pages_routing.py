"""The pages of routing: the rules, a draft, its dry run, the queue, and the offer by the rules."""

import pytest

from common import now
from common.clock import time_at
from handoff.actions import route_lead
from handoff.actions.routing_plans import begin_draft
from handoff.forms.routing import RuleForm
from handoff.models import Handoff, QueuedLead, RoutingPlan, RoutingRule
from handoff.states import RouteTo
from tests.factories import a_company, an_accepted, an_mql, an_offer, the_lane
from tests.handoff.routes import DAY, a_plan, in_turn

RULES, QUEUE, OFFER = "/handoffs/rules/", "/handoffs/queue/", "/handoffs/offers/new/"
HTMX = {"HX-Request": "true"}
NO_TITLE = {"conditions": [{"about": "title", "operator": "filled"}], "name": "Titled"}


def text(answer):
    return answer.content.decode()


class TestPlans:
    @pytest.mark.parametrize("who", ["noa", "mio", "sota", "iku", "ada"])
    def test_everybody_of_both_teams_reads_the_rules(self, who, request, as_user, sota, rin):
        a_plan({"to": RouteTo.OWNER, "name": "Known"} | NO_TITLE, in_turn((sota, 2), (rin, 1, 5)))
        page = text(as_user(request.getfixturevalue(who)).get(RULES))
        for words in ("Titled", "Title is known", "weight 2", "at most 5 open", "Plan 2"):
            assert words in page, words
        assert ("Change the rules" in page) == (who in ("mio", "ada"))

    def test_a_partner_does_not(self, as_user, paz, mio):
        client, draft = as_user(paz), begin_draft(by=mio)
        for url in (RULES, QUEUE, f"{RULES}{draft.version}/", f"{RULES}{draft.version}/trial/"):
            assert client.get(url).status_code == 403

    @pytest.mark.parametrize("who", ["noa", "sota"])
    def test_members_change_nothing(self, who, request, as_user, mio):
        draft = begin_draft(by=mio)
        rule = draft.rules.get()
        client = as_user(request.getfixturevalue(who))
        base = f"{RULES}{draft.version}/"
        for url in (
            f"{base}force/",
            f"{base}discard/",
            f"{RULES}draft/",
            f"{RULES}rule/{rule.pk}/move/",
        ):
            assert client.post(url).status_code == 403
        assert client.post(f"{RULES}rule/{rule.pk}/deletion/").status_code == 403
        assert client.get(f"{base}new/").status_code == 403
        assert client.post(QUEUE + "routing/", {"lead": [1]}).status_code == 403

    def test_a_head_writes_a_rule_and_puts_it_into_force(self, as_user, mio, sota, rin):
        client = as_user(mio)
        draft = client.post(f"{RULES}draft/").url
        page = text(client.get(f"{draft}new/", headers=HTMX))
        assert "Employees" in page
        fields = rule_fields(to="round_robin") | {
            "row": ["c0", "c1", "c2"],
            "c0-about": "company.employees", "c0-operator": "at_least", "c0-value": "300",
            "c1-about": "title", "c1-operator": "contains", "c1-value": "部長、CTO",
            "c2-about": "",
            f"share-on-{sota.pk}": "on", f"share-weight-{sota.pk}": "2",
            f"share-on-{rin.pk}": "on", f"share-weight-{rin.pk}": "1", f"share-cap-{rin.pk}": "9",
        }  # fmt: skip
        assert client.post(f"{draft}new/", fields).status_code == 302
        rule = RoutingRule.objects.get(name="Big ones")
        assert rule.conditions == [
            {"about": "company.employees", "operator": "at_least", "value": 300},
            {"about": "title", "operator": "contains", "value": ["部長", "CTO"]},
        ]
        assert list(rule.shares.values_list("person", "weight", "cap").order_by("-weight")) == [
            (sota.pk, 2, None), (rin.pk, 1, 9),
        ]  # fmt: skip
        again = text(client.get(f"{RULES}rule/{rule.pk}/", headers=HTMX))
        assert "部長, CTO" in again
        client.post(f"{draft}force/")
        assert RoutingPlan.objects.get(in_force=True) == rule.plan

    def test_what_was_typed_stays_where_a_value_is_missing(self, as_user, mio):
        draft = begin_draft(by=mio)
        fields = rule_fields() | {"row": ["c0"], "c0-about": "company.employees", "c0-value": ""}
        answer = as_user(mio).post(f"{RULES}{draft.version}/new/", fields)
        assert answer.status_code == 422
        assert "Say with what it is compared." in text(answer)
        assert "Big ones" in text(answer)

    def test_somebody_of_another_team_is_refused_in_the_form(self, as_user, mio, iku):
        draft = begin_draft(by=mio)
        fields = rule_fields(to="person") | {"person": iku.pk}
        answer = as_user(mio).post(f"{RULES}{draft.version}/new/", fields)
        assert answer.status_code == 422
        assert draft.rules.count() == 1

    def test_the_row_of_a_condition_follows_what_it_is_about(self, as_user, mio):
        client = as_user(mio)
        row = text(client.get(f"{RULES}condition/", {"row": "c7", "c7-about": "score.fit"}))
        assert 'name="c7-value" value="A"' in row
        assert "at least" not in row
        assert 'name="row" value="c' in text(client.get(f"{RULES}condition/"))

    def test_rules_move_and_go(self, as_user, mio):
        a_plan({"name": "One"}, {"name": "Two"})
        draft = begin_draft(by=mio)
        client = as_user(mio)
        two = draft.rules.get(name="Two")
        client.post(f"{RULES}rule/{two.pk}/move/", {"up": "1"})
        assert draft.rules.first().name == "Two"
        client.post(f"{RULES}rule/{two.pk}/deletion/")
        assert list(draft.rules.values_list("name", flat=True)) == ["One"]

    def test_the_dry_run_opens_the_leads_behind_each_figure(self, as_user, noa, sota, rin):
        for taker in (sota, None):
            with time_at(now() - DAY):
                an_offer(an_mql("Namesake"), by=noa, taker=taker)
        a_plan(in_turn(sota, rin))
        client = as_user(noa)
        page = text(client.get(f"{RULES}2/trial/"))
        assert "Of 2 offers" in page
        for query, n in ((f"person={sota.pk}", 1), ("only=changed", 1), ("rule=1", 2), ("only=queue", 0),
                         (f"team={sota.team_id}", 2), ("person=pool", 0)):  # fmt: skip
            assert text(client.get(f"{RULES}2/trial/?{query}")).count("Namesake") == n, query

    def test_a_page_of_rules_asks_as_much_for_many_as_for_few(
        self, as_user, noa, sota, rin, django_assert_max_num_queries
    ):
        a_plan(*[in_turn(sota, rin) | {"name": f"R{n}"} for n in range(8)])
        client = as_user(noa)
        client.get(RULES)
        with django_assert_max_num_queries(15):
            assert "R7" in text(client.get(RULES))


def rule_fields(**more):
    return {"name": "Big ones", "lane": the_lane().pk, "to": "pool", "person": "", "row": []} | more


class TestQueue:
    def test_heads_see_who_waits_and_why(self, as_user, noa, mio, ren):
        a_plan(NO_TITLE)
        route_lead(an_mql("Waiting"), by=noa)
        page = text(as_user(mio).get(QUEUE))
        assert "Waiting" in page
        assert "No rule of plan 2 fits." in page
        assert "data-bulk-item" in page
        other = text(as_user(ren).get(QUEUE))
        assert "data-bulk-item" not in other
        assert f"The managers of {noa.team.name} offer this lead." in other
        assert "offer this lead." not in page

    def test_members_do_not(self, as_user, noa):
        assert as_user(noa).get(QUEUE).status_code == 403

    def test_they_are_offered_by_the_rules_again(self, as_user, noa, mio, sota):
        a_plan(NO_TITLE)
        stuck, freed = an_mql(), an_mql()
        for lead in (stuck, freed):
            route_lead(lead, by=noa)
        type(freed).objects.filter(pk=freed.pk).update(title="CTO")
        answer = as_user(mio).post(QUEUE + "routing/", {"lead": [stuck.pk, freed.pk]}, follow=True)
        assert "1 lead offered. 1 still waits." in text(answer)
        assert QueuedLead.objects.get().lead == stuck
        assert Handoff.objects.get().lead == freed

    def test_nobody_chosen_is_said(self, as_user, mio):
        assert as_user(mio).post(QUEUE + "routing/").status_code == 400

    def test_the_queue_asks_as_much_for_many_as_for_few(
        self, as_user, noa, mio, sota, django_assert_max_num_queries
    ):
        a_plan(in_turn((sota, 1, 0)))
        for _n in range(12):
            route_lead(an_mql(company=a_company()), by=noa)
        client = as_user(mio)
        client.get(QUEUE)
        with django_assert_max_num_queries(8):
            assert text(client.get(QUEUE)).count("holds as many as agreed") == 12


class TestOffering:
    def test_the_dialog_says_who_it_would_be_and_offers_to_them(self, as_user, noa, sota):
        a_plan(in_turn(sota) | {"name": "Turns"})
        lead, client = an_mql(), as_user(noa)
        page = text(client.get(OFFER, {"lead": lead.pk}, headers=HTMX))
        assert "By the rules" in page
        assert "Rule 1 “Turns” of plan 2: it was Sota’s turn." in page
        assert not Handoff.objects.exists()
        fields = {"offer": "1", "lead": lead.pk, "lane": the_lane().pk, "to": "rules"}
        client.post(OFFER, fields | {"why_now": "They called"})
        handoff = Handoff.objects.get()
        assert (handoff.taker, handoff.why_now, handoff.route["name"]) == (
            sota, "They called", "Turns",
        )  # fmt: skip

    def test_of_many_it_says_how_many_to_whom(
        self, as_user, noa, sota, rin, django_assert_max_num_queries
    ):
        a_plan({"to": RouteTo.OWNER}, in_turn(sota, (rin, 1, 99)))
        leads = [an_mql(company=a_company()) for _n in range(20)]
        client, ids = as_user(noa), {"lead": [lead.pk for lead in leads]}
        client.get(OFFER, ids)
        with django_assert_max_num_queries(40):
            page = text(client.get(OFFER, ids, headers=HTMX))
        assert "10 leads: Sota" in page
        assert "10 leads: Rin" in page

    def test_what_finds_nobody_is_said_and_waits(self, as_user, noa):
        a_plan(NO_TITLE)
        lead = an_mql()
        fields = {"offer": "1", "lead": lead.pk, "lane": the_lane().pk, "to": "rules"}
        answer = as_user(noa).post(OFFER, fields)
        assert "No rule of plan 2 fits." in text(answer)
        assert QueuedLead.objects.filter(lead=lead).exists()

    def test_rules_have_no_say_over_what_is_passed_on(self, as_user, noa, iku):
        held = an_accepted(by=noa, taker=iku, lane="inside")
        page = text(as_user(iku).get(OFFER, {"lead": held.lead_id}, headers=HTMX))
        assert "By the rules" not in page


class TestTraces:
    def test_the_brief_the_lead_and_the_list_say_why(self, as_user, noa, sota, rin):
        a_plan(in_turn((sota, 1, 0), rin) | {"name": "Turns"})
        handoff = route_lead(an_mql(), by=noa)
        client = as_user(rin)
        words = "Rule 1 “Turns” of plan 2: it was Rin’s turn. Passed over: Sota (holds as many as agreed)."
        assert words in text(client.get(f"/handoffs/{handoff.pk}/"))
        assert words in text(client.get(f"/handoffs/leads/{handoff.lead_id}/", headers=HTMX))
        assert "Rule 1 “Turns”" in text(client.get("/handoffs/?tab=all&scope=all"))

    def test_in_japanese_too(self, as_user, noa, sota):
        sota.language = "ja"
        sota.save()
        a_plan(in_turn(sota) | {"name": "順番"})
        handoff = route_lead(an_mql(), by=noa)
        page = text(as_user(sota).get(f"/handoffs/{handoff.pk}/"))
        assert "第2版のルール1「順番」により、順番のSotaさんへ。" in page
        assert "割り当てルール" in text(as_user(sota).get(RULES))


def test_whom_a_rule_names_is_not_said_to_be_optional():
    assert not RuleForm(people=[])["person"].is_optional
