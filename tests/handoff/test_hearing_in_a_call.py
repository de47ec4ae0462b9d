"""The call dialog: unheard first, known ones confirmed by one tap, one-tap outcomes, the next step."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from common import now
from handoff.actions import log_contact, open_deal, withdraw_contact
from handoff.actions.contacts import attempts_of
from leads.actions import learn_fact, plan_follow_up, save_sheet
from leads.actions.hearings import Heard
from leads.models import Fact, Hearing, Interaction
from leads.states import Asked
from tests.factories import a_lead, a_user, an_accepted, the_defaults

HTMX = {"HX-Request": "true"}


def dialog(lead):
    return f"/handoffs/leads/{lead.pk}/touches/new/?kind=call"


def text(response) -> str:
    return response.content.decode()


class TestNeverAskTwice:
    def test_each_known_answer_offers_three_taps_and_says_who_heard_it(self, as_user, noa, sota):
        lead = an_accepted(by=noa, taker=sota).lead
        fact = learn_fact(lead, by=noa, field="budget", value="3 million")
        page = text(as_user(sota).get(dialog(lead), headers=HTMX))
        for outcome in Asked.values:
            assert f'name="asked_{fact.pk}" value="{outcome}"' in page
        assert "3 million" in page
        assert "Noa" in page

    @pytest.mark.parametrize("outcome", ["confirmed", "again"])
    def test_a_tap_is_kept_with_handoff_and_leg(self, as_user, noa, iku, outcome):
        handoff = an_accepted(by=noa, taker=iku, lane="inside")
        fact = learn_fact(handoff.lead, by=noa, field="budget", value="3 million")
        as_user(iku).post(
            dialog(handoff.lead),
            {"kind": "call", "result": "reached", f"asked_{fact.pk}": outcome},
            headers=HTMX,
        )
        hearing = Hearing.objects.get()
        assert (hearing.outcome, hearing.handoff_id, hearing.leg) == (outcome, handoff.pk, 0)
        assert hearing.interaction == Interaction.objects.get()
        assert hearing.by == iku

    def test_a_change_needs_the_new_answer(self, as_user, noa, sota):
        lead = an_accepted(by=noa, taker=sota).lead
        fact = learn_fact(lead, by=noa, field="budget", value="3 million")
        client = as_user(sota)
        sent = {"kind": "call", "result": "reached", f"asked_{fact.pk}": "changed"}
        answer = client.post(dialog(lead), sent, headers=HTMX)
        assert answer.status_code == 422
        assert "Write the new answer." in text(answer)
        client.post(dialog(lead), {**sent, "fact_budget": "5 million"}, headers=HTMX)
        assert Fact.objects.current().get(lead=lead).value == "5 million"
        assert Hearing.objects.get().outcome == "changed"

    def test_what_was_replaced_while_one_talked_is_shown_before_it_counts(self, as_user, noa, sota):
        lead = an_accepted(by=noa, taker=sota).lead
        fact = learn_fact(lead, by=noa, field="budget", value="3 million")
        learn_fact(lead, by=noa, field="budget", value="5 million")
        sent = {"kind": "call", "result": "reached", "words": "Talked", f"asked_{fact.pk}": "again"}
        answer = as_user(sota).post(dialog(lead), sent, headers=HTMX)
        assert answer.status_code == 409
        assert "5 million" in text(answer)
        assert "Talked" in text(answer)
        assert not Hearing.objects.exists()

    def test_the_lead_page_says_how_often_and_by_whom_it_was_confirmed(self, as_user, noa, sota):
        lead = an_accepted(by=noa, taker=sota).lead
        fact = learn_fact(lead, by=noa, field="budget", value="3 million")
        heard = [Heard("budget", outcome="confirmed", fact=fact.pk)]
        log_contact(lead, by=sota, kind="call", result="reached", heard=heard)
        log_contact(lead, by=sota, kind="call", result="reached", heard=heard)
        page = text(as_user(noa).get(f"/leads/{lead.pk}/"))
        assert "confirmed 2×" in page

    def test_the_team_asks_in_the_order_of_its_sheet(self, as_user, noa, sota, ren):
        lead = an_accepted(by=noa, taker=sota).lead
        save_sheet(
            ren.team,
            by=ren,
            items=[
                {"field": "timing", "label": "", "hint": "Which month?"},
                {"field": "other", "label": "Plant", "hint": ""},
                {"field": "need", "label": "", "hint": ""},
            ],
        )
        page = text(as_user(sota).get(dialog(lead), headers=HTMX))
        assert page.index("fact_timing") < page.index("fact_other_") < page.index("fact_need")
        assert "Which month?" in page
        assert "fact_budget" not in page
        (name,) = {word for word in page.split('"') if word.startswith("fact_other_")}
        sent = {"kind": "call", "result": "reached", name: "Nagoya"}
        as_user(sota).post(dialog(lead), sent, headers=HTMX)
        assert Fact.objects.get(lead=lead, label="Plant").value == "Nagoya"

    def test_the_dialog_takes_as_many_queries_for_many_answers(
        self, as_user, noa, sota, django_assert_max_num_queries
    ):
        lead = an_accepted(by=noa, taker=sota).lead
        for field in ("budget", "need", "timing", "people"):
            fact = learn_fact(lead, by=noa, field=field, value="x")
            heard = [Heard(field, outcome="confirmed", fact=fact.pk)]
            log_contact(lead, by=sota, kind="call", result="absent", heard=heard)
        client = as_user(sota)
        client.get(dialog(lead), headers=HTMX)
        with django_assert_max_num_queries(9):
            client.get(dialog(lead), headers=HTMX)


class TestOneTap:
    def test_an_attempt_is_logged_counted_and_asks_for_what_is_next(self, as_user, noa, sota):
        handoff = an_accepted(by=noa, taker=sota)
        answer = as_user(sota).post(
            dialog(handoff.lead), {"kind": "call", "quick": "no_answer"}, headers=HTMX
        )
        page = text(answer)
        assert "1 attempt since the offer" in page
        assert "2 more before" in page
        assert "What is next" in page
        handoff.refresh_from_db()
        assert handoff.first_attempt_at is not None
        assert handoff.first_contact_at is None
        assert Interaction.objects.get().result == "no_answer"

    def test_words_typed_before_are_kept_with_it(self, as_user, noa, sota):
        lead = an_accepted(by=noa, taker=sota).lead
        sent = {"kind": "call", "quick": "left_message", "words": "With Ms. Abe"}
        as_user(sota).post(dialog(lead), sent, headers=HTMX)
        assert Interaction.objects.get().words == "With Ms. Abe"

    def test_the_next_step_is_one_more_tap(self, as_user, noa, sota):
        lead = an_accepted(by=noa, taker=sota).lead
        client = as_user(sota)
        client.post(dialog(lead), {"kind": "call", "quick": "absent"}, headers=HTMX)
        day = timezone.localdate() + timedelta(days=3)
        client.post(
            f"/leads/{lead.pk}/follow-ups/new/",
            {"what": "Call again", "kind": "call", "owner": sota.pk, "on": day, "by_time": "18:00"},
            headers=HTMX,
        )
        assert lead.follow_ups.get().what == "Call again"
        page = text(client.post(dialog(lead), {"kind": "call", "quick": "absent"}, headers=HTMX))
        assert "planned already" in page

    def test_what_is_agreed_to_be_enough_opens_the_way_back(self, as_user, noa, sota):
        handoff = an_accepted(by=noa, taker=sota)
        client = as_user(sota)
        for _ in range(3):
            page = text(
                client.post(
                    dialog(handoff.lead), {"kind": "call", "quick": "no_answer"}, headers=HTMX
                )
            )
        assert f"/handoffs/{handoff.pk}/return/" in page

    def test_undo_gives_the_clock_back(self, as_user, noa, sota):
        handoff = an_accepted(by=noa, taker=sota)
        clock = handoff.clocks.get(kind="contact")
        client = as_user(sota)
        client.post(dialog(handoff.lead), {"kind": "call", "quick": "reached"}, headers=HTMX)
        touch = Interaction.objects.get()
        client.post(f"/handoffs/touches/{touch.pk}/withdrawal/", headers=HTMX)
        handoff.refresh_from_db()
        clock.refresh_from_db()
        assert not Interaction.objects.exists()
        assert (handoff.first_attempt_at, handoff.first_contact_at) == (None, None)
        assert (handoff.speed_minutes, handoff.contact_brief_read) == (None, None)
        assert clock.stopped_at is None
        handoff.lead.refresh_from_db()
        assert handoff.lead.contacted_at is None

    def test_undo_of_the_first_attempt_leaves_the_second_one_standing(self, noa, sota):
        handoff = an_accepted(by=noa, taker=sota)
        first = log_contact(handoff.lead, by=sota, kind="call", result="no_answer")
        second = log_contact(handoff.lead, by=sota, kind="call", result="reached")
        withdraw_contact(first, by=sota)
        handoff.refresh_from_db()
        assert handoff.first_attempt_at == second.at
        assert handoff.clocks.get(kind="contact").stopped_at == second.at
        assert attempts_of(handoff) == 1

    def test_somebody_elses_call_is_not_taken_back(self, as_user, noa, sota, rin):
        handoff = an_accepted(by=noa, taker=sota)
        touch = log_contact(handoff.lead, by=sota, kind="call", result="no_answer")
        client = as_user(rin)
        assert client.post(f"/handoffs/touches/{touch.pk}/withdrawal/").status_code == 409
        assert Interaction.objects.filter(pk=touch.pk).exists()


class TestTheLackOfANextStep:
    def test_it_shows_on_the_lead_the_brief_and_the_list(self, as_user, noa, sota):
        handoff = an_accepted(by=noa, taker=sota)
        client = as_user(sota)
        places = (
            (f"/handoffs/leads/{handoff.lead_id}/", "No next step is planned."),
            (f"/handoffs/{handoff.pk}/", "No next step is planned."),
            ("/handoffs/?tab=all", "No next step"),
        )
        for url, words in places:
            assert words in text(client.get(url)), url
        day = now() + timedelta(days=2)
        plan_follow_up(handoff.lead, by=sota, what="Call", due_at=day)
        for url, words in places:
            assert words not in text(client.get(url)), url

    def test_it_is_a_chip_on_the_lead_page_as_long_as_sales_holds_the_lead(
        self, as_user, noa, sota
    ):
        lead = an_accepted(by=noa, taker=sota).lead
        log_contact(lead, by=sota, kind="call", result="reached")
        client, page = as_user(sota), f"/leads/{lead.pk}/"
        chip = "No next step</span>"
        assert chip in text(client.get(page))
        open_deal(lead, by=sota, amount=1)
        assert chip in text(client.get(page)), "the deal goes on without one"
        assert "No next step is planned." in text(client.get(f"/handoffs/leads/{lead.pk}/"))
        plan_follow_up(lead, by=sota, what="Call", due_at=now() + timedelta(days=2))
        assert chip not in text(client.get(page))

    def test_a_lead_nobody_holds_lacks_nothing(self, as_user, noa, defaults):
        lead = a_lead()
        answer = as_user(noa).post(
            dialog(lead), {"kind": "call", "result": "reached"}, headers=HTMX
        )
        assert "HX-Redirect" in answer.headers


class TestCounts(TestCase):
    """Whatever is heard in whatever order: the rows say exactly what was tapped."""

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["budget", "need", "timing"]),
                st.sampled_from([*Asked.values, "new"]),
                st.sampled_from(["a", "b"]),
            ),
            max_size=12,
        )
    )
    def test_hearings_count_what_was_tapped(self, taps):
        the_defaults()
        noa, sota = a_user("Noa", kind="marketing"), a_user("Sota")
        lead = an_accepted(by=noa, taker=sota).lead
        expected = []
        for field, outcome, value in taps:
            known = Fact.objects.current().filter(lead=lead, field=field).first()
            if known is None:
                answer = Heard(field, value=value)
            elif outcome == "new":
                continue
            else:
                answer = Heard(field, value=value, outcome=outcome, fact=known.pk)
                same = outcome == Asked.CHANGED and value == known.value
                expected.append((field, Asked.CONFIRMED if same else outcome))
            log_contact(lead, by=sota, kind="call", result="reached", heard=[answer])
        found = lead.hearings.order_by("pk").values_list("field", "outcome")
        assert list(found) == expected
        for field in {field for field, _outcome, _value in taps}:
            assert Fact.objects.current().filter(lead=lead, field=field).count() <= 1
