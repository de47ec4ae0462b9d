"""Logging what happened, questions and answers, and the moves of the lead itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common import now
from handoff.actions import ask_question
from leads.actions.facts import learn_fact
from leads.models import Fact, FollowUp, Interaction, Lead
from tests.factories import a_lead, an_accepted, an_mql

HTMX = {"HX-Request": "true"}


def touches(lead):
    return f"/handoffs/leads/{lead.pk}/touches/new/"


def test_a_call_is_logged_with_two_fields(as_user, noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    answer = as_user(sota).post(
        touches(handoff.lead) + "?kind=call", {"kind": "call", "result": "reached"}, headers=HTMX
    )
    assert "What is next" in answer.content.decode(), "nothing is planned: it is asked for"
    handoff.refresh_from_db()
    assert handoff.first_contact_at is not None


def test_a_call_that_says_nothing_is_not_a_first_contact(as_user, noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    answer = as_user(sota).post(touches(handoff.lead), {"kind": "call"}, headers=HTMX)
    assert answer.status_code == 422
    assert "how the call went" in answer.content.decode()
    handoff.refresh_from_db()
    assert handoff.first_attempt_at is None
    assert not handoff.lead.touches.exists()


def test_everything_said_in_one_call_is_kept_in_one_go(as_user, noa, sota):
    lead = an_accepted(by=noa, taker=sota).lead
    learn_fact(lead, by=noa, field="budget", value="300")
    day = timezone.localdate() + timedelta(days=3)
    as_user(sota).post(
        touches(lead),
        {
            "kind": "call", "result": "reached", "words": "A good talk", "minutes": "12",
            "fact_timing": "April", "fact_budget": "500", "question": "Is it safe?",
            "next_what": "Send the quote", "next_kind": "mail_sent", "next_on": day.isoformat(),
            "promised": "on",
        },
        headers=HTMX,
    )  # fmt: skip
    touch = Interaction.objects.get(lead=lead)
    assert (touch.words, touch.minutes, touch.result) == ("A good talk", 12, "reached")
    current = dict(Fact.objects.current().filter(lead=lead).values_list("field", "value"))
    assert current == {"timing": "April", "budget": "500"}
    assert lead.questions.get().text == "Is it safe?"
    step = FollowUp.objects.get(lead=lead)
    assert (step.what, step.kind, step.promised) == ("Send the quote", "mail_sent", True)
    assert timezone.localtime(step.due_at).date() == day


def test_what_is_not_heard_stands_before_what_is_known(as_user, noa, sota):
    lead = a_lead()
    learn_fact(lead, by=noa, field="budget", value="300 already")
    page = as_user(sota).get(touches(lead) + "?kind=call", headers=HTMX).content.decode()
    assert page.index("fact_authority") < page.index("300 already") < page.index("fact_budget")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "note"}, "Write the note first."),
        ({"kind": "nonsense"}, "nonsense"),
        ({"kind": "call", "at": "2999-01-01T10:00"}, "lies in the future"),
        ({"kind": "call", "next_what": "Visit"}, "By when?"),
        ({"kind": "call", "next_what": "Visit", "next_on": "2001-01-01"}, "in the past"),
        ({"kind": "call", "minutes": "-5"}, "0"),
    ],
)
def test_a_mistake_keeps_every_word_and_changes_nothing(as_user, sota, defaults, wrong, says):
    lead = a_lead()
    answer = as_user(sota).post(
        touches(lead), {"fact_need": "Typed need", "question": "Typed question", **wrong}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert "Typed need" in page
    assert "Typed question" in page
    assert not Interaction.objects.exists()
    assert not Fact.objects.exists()


def test_an_outcome_that_cannot_belong_to_the_kind_is_left_out(as_user, sota, defaults):
    lead = a_lead()
    as_user(sota).post(
        touches(lead), {"kind": "note", "result": "reached", "words": "x"}, headers=HTMX
    )
    assert Interaction.objects.get(lead=lead).result == ""


def test_a_question_is_kept_and_answered(as_user, noa, sota):
    lead = an_accepted(by=noa, taker=sota).lead
    client = as_user(sota)
    assert (
        client.post(f"/handoffs/leads/{lead.pk}/questions/new/", {"text": " "}).status_code == 422
    )
    client.post(f"/handoffs/leads/{lead.pk}/questions/new/", {"text": "Why?"}, headers=HTMX)
    question = lead.questions.get()
    answer = f"/handoffs/questions/{question.pk}/answer/"
    assert "Why?" in client.get(answer).content.decode()
    client.post(answer, {"answer": "Because"}, headers=HTMX)
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("Because", sota)


def test_a_second_answer_is_told_who_was_faster_and_keeps_its_words(as_user, noa, sota):
    lead = a_lead()
    question = ask_question(lead, by=noa, text="Why?")
    url = f"/handoffs/questions/{question.pk}/answer/"
    as_user(noa).post(url, {"answer": "First"}, headers=HTMX)
    answer = as_user(sota).post(url, {"answer": "Second"}, headers=HTMX)
    assert answer.status_code == 409
    assert "Noa has already answered" in answer.content.decode()
    assert "Second" in answer.content.decode()


@pytest.mark.parametrize(
    ("verb", "stage", "field", "to"),
    [
        ("nurture", "new", "reason", "nurturing"),
        ("qualify", "nurturing", "judgement", "mql"),
        ("disqualify", "nurturing", "reason", "disqualified"),
        ("reinstate", "disqualified", "reason", "nurturing"),
        ("recycle", "lost", "reason", "nurturing"),
    ],
)
def test_a_marketer_moves_a_lead_with_a_sentence(as_user, noa, verb, stage, field, to):
    lead = a_lead(stage=stage)
    url = f"/handoffs/leads/{lead.pk}/moves/{verb}/"
    client = as_user(noa)
    assert client.get(url, headers=HTMX).status_code == 200
    client.post(url, {field: "Because I know them"}, headers=HTMX)
    assert Lead.objects.get(pk=lead.pk).stage == to


def test_taking_a_lead_out_says_what_is_lost_and_asks_why(as_user, noa):
    lead = an_mql()
    url = f"/handoffs/leads/{lead.pk}/moves/disqualify/"
    assert "open deals are lost" in as_user(noa).get(url).content.decode()
    assert as_user(noa).post(url, {"reason": ""}).status_code == 422
    assert Lead.objects.get(pk=lead.pk).stage == "mql"


def test_moves_out_of_turn_are_refused(as_user, noa, sota, ada, paz):
    lead = an_mql()
    url = f"/handoffs/leads/{lead.pk}/moves/%s/"
    assert as_user(noa).get(url % "recycle").status_code == 409
    assert as_user(sota).get(url % "disqualify").status_code == 403
    assert as_user(ada).post(url % "disqualify", {"reason": "x"}).status_code == 403
    assert as_user(paz).get(url % "disqualify").status_code == 404
    assert as_user(noa).get(url % "nonsense").status_code == 404
    assert as_user(paz).get(touches(lead)).status_code == 404
    assert Lead.objects.get(pk=lead.pk).stage == "mql"


def test_the_lead_page_learns_whose_turn_it_is_in_five_questions_of_its_own(
    as_user, noa, sota, django_assert_max_num_queries
):
    lead = an_accepted(by=noa, taker=sota).lead
    Lead.objects.filter(pk=lead.pk).update(sql_at=now())
    client = as_user(sota)
    client.get(f"/handoffs/leads/{lead.pk}/")
    # Session and person come on top of lead, handoffs, clocks, deals and where the lane goes on.
    with django_assert_max_num_queries(7):
        page = client.get(f"/handoffs/leads/{lead.pk}/", headers=HTMX).content.decode()
    for words in ("First contact", "Noa", "Sota", "Log a call", "Open a deal", "Return"):
        assert words in page, words
    assert "Take the lead out" in page


def test_the_lead_page_offers_each_person_only_their_moves(as_user, noa, sota, ada, paz):
    lead = an_mql()
    url = f"/handoffs/leads/{lead.pk}/"
    assert "offers/new" in as_user(noa).get(url).content.decode()
    assert "offers/new" not in as_user(sota).get(url).content.decode()
    assert "moves/" not in as_user(ada).get(url).content.decode()
    assert as_user(paz).get(url).status_code == 404


def test_a_next_step_lies_within_what_calendars_can_hold(as_user, noa, sota):
    sota.time_zone = "Pacific/Honolulu"  # where the last day of the year 9999 ends in the next one
    sota.save()
    lead = an_accepted(by=noa, taker=sota).lead
    said = {"kind": "call", "result": "reached", "next_what": "Call", "next_on": "9999-12-31"}
    answer = as_user(sota).post(touches(lead), said)
    assert answer.status_code == 422
    assert not Interaction.objects.exists()
    assert not FollowUp.objects.exists()


def test_a_past_day_for_the_next_step_is_said_at_its_own_field(as_user, noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    past = timezone.localdate() - timedelta(days=3)
    said = {"kind": "call", "result": "reached", "next_on": past.isoformat()}
    answer = as_user(sota).post(touches(handoff.lead), said, headers=HTMX)
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, ["next_on"])
    assert form["next_on"].value() == past.isoformat()
