"""A later round: what counts as new since the lead came back, and what its brief opens with."""

from datetime import timedelta

import pytest

from common import now
from common.refusals import Refusal
from handoff.actions import (
    Condition,
    acknowledge_return,
    answer_question,
    ask_question,
    offer_lead,
    qualify_lead,
    return_lead,
)
from handoff.models import Handoff
from handoff.rounds import is_changed
from handoff.tasks import sweep_conditions
from leads.actions import edit_lead, forget_fact, learn_fact, log_touch, record_consent
from leads.models import Lead
from tests.factories import a_company, a_reason, a_touch, an_accepted, the_lane
from tests.races.world import an_mql

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def lead(noa):
    return an_mql(noa, title="課長", company=a_company("Aoba"))


@pytest.fixture
def known(lead, noa):
    return learn_fact(lead, by=noa, field="budget", value="1 million")


@pytest.fixture
def asked(lead, noa):
    return ask_question(lead, by=noa, text="Does it work offline?")


@pytest.fixture
def returned(lead, known, asked, noa, sota):
    handoff = an_accepted(lead, by=noa, taker=sota)
    return return_lead(handoff, by=sota, reason=a_reason(), note="Next April.")


NEWS = {
    "a touch": lambda lead, known, asked, by: log_touch(lead, by=by, kind="call"),
    "a visit": lambda lead, known, asked, by: log_touch(lead, by=None, kind="visit", machine=True),
    "an answer": lambda lead, known, asked, by: learn_fact(
        lead, by=by, field="need", value="Downtime"
    ),
    "another answer": lambda lead, known, asked, by: learn_fact(
        lead, by=by, field="budget", value="2 million"
    ),
    "a forgotten answer": lambda lead, known, asked, by: forget_fact(known, by=by),
    "a question": lambda lead, known, asked, by: ask_question(lead, by=by, text="How much?"),
    "our answer": lambda lead, known, asked, by: answer_question(asked, by=by, answer="Yes."),
    "a consent": lambda lead, known, asked, by: record_consent(
        lead, by=by, channel="phone", granted=False, evidence="Said so"
    ),
    "another role": lambda lead, known, asked, by: edit_lead(lead, by=by, title="部長"),
}


@pytest.mark.parametrize("news", NEWS.values(), ids=NEWS)
def test_what_is_new(returned, lead, known, asked, noa, news):
    assert not is_changed(returned)
    news(Lead.objects.get(pk=lead.pk), known, asked, noa)
    assert is_changed(returned)


def test_what_our_machines_send_and_points_that_fall_are_no_news(returned, lead, noa):
    log_touch(lead, by=None, kind="mail_sent", direction="out", machine=True)
    qualify_lead(lead, by=noa, judgement="I think so.")
    assert not is_changed(returned)


def test_handing_back_what_is_unchanged_needs_a_reason_and_the_taker_reads_it(returned, lead, noa):
    lead = qualify_lead(lead, by=noa, judgement="I think so.")
    with pytest.raises(Refusal, match="Nothing has changed"):
        offer_lead(lead, by=noa, lane=the_lane(), unchanged_because="  ")
    assert not Handoff.objects.waiting().exists()
    again = offer_lead(lead, by=noa, lane=the_lane(), unchanged_because="Their fair is next week.")
    assert again.unchanged_because == "Their fair is next week."
    assert lead.events.get(verb="handoff.offer", handoff_id=again.pk).data["unchanged"] is True


def test_the_brief_keeps_the_difference_as_it_was_at_the_offer(
    returned, lead, known, asked, noa, sota
):
    acknowledge_return(returned, by=noa, answer="nurture", note="We stay in touch.")
    call = log_touch(lead, by=noa, kind="call", result="interested", words="Now they have money.")
    a_touch(lead, "visit")
    learn_fact(lead, by=noa, field="budget", value="3 million", interaction=call)
    learn_fact(lead, by=noa, field="timing", value="April")
    answer_question(asked, by=noa, answer="Yes, it does.")
    edit_lead(Lead.objects.get(pk=lead.pk), by=noa, title="部長")
    record_consent(lead, by=noa, channel="email", granted=True, evidence="Form")
    lead = qualify_lead(lead, by=noa, judgement="They called.")
    again = offer_lead(lead, by=noa, lane=the_lane())
    learn_fact(lead, by=noa, field="need", value="Only after the offer")
    told = Handoff.objects.get(pk=again.pk).brief.content["difference"]
    assert (told["reason"], told["note"], told["returned_by"]) == (
        "no_budget",
        "Next April.",
        sota.pk,
    )
    assert (told["acknowledgement"], told["acknowledgement_note"]) == (
        "nurture",
        "We stay in touch.",
    )
    assert {(one["field"], one["old"], one["new"]) for one in told["facts"]} == {
        ("budget", "1 million", "3 million"),
        ("timing", "", "April"),
    }
    assert [one["words"] for one in told["touches"]] == ["Now they have money."]
    assert [(one["kind"], one["n"]) for one in told["folded"]] == [("visit", 1)]
    assert [one["answer"] for one in told["questions"]] == ["Yes, it does."]
    assert [(one["channel"], one["granted"]) for one in told["consents"]] == [("email", True)]
    assert [(one["field"], one["old"], one["new"]) for one in told["who"]] == [
        ("title", "課長", "部長")
    ]
    assert told["fit"] == [returned.fit, lead.fit]
    assert told["engagement"][1] == round(again.engagement)


def test_a_fact_changed_twice_is_told_from_the_return_to_now(returned, lead, noa):
    learn_fact(lead, by=noa, field="budget", value="2 million")
    learn_fact(lead, by=noa, field="budget", value="4 million")
    learn_fact(lead, by=noa, field="need", value="Heard wrongly")
    forget_fact(lead.facts.get(field="need"), by=noa)
    lead = qualify_lead(lead, by=noa, judgement="They called.")
    told = offer_lead(lead, by=noa, lane=the_lane()).brief.content["difference"]
    assert [(one["old"], one["new"]) for one in told["facts"]] == [("1 million", "4 million")]


def test_the_condition_stands_in_the_brief_with_whether_it_was_met(lead, noa, sota):
    handoff = an_accepted(lead, by=noa, taker=sota)
    wanted = Condition("fact", field="budget", words="When it is fixed")
    return_lead(handoff, by=sota, reason=a_reason(), condition=wanted)
    learn_fact(lead, by=noa, field="budget", value="3 million")
    sweep_conditions()
    told = Handoff.objects.waiting().get().brief.content["difference"]
    assert (told["condition"]["state"], told["condition"]["words"]) == ("met", "When it is fixed")
    assert told["condition"]["settled_at"]


def test_a_first_round_has_no_difference(lead, noa):
    assert offer_lead(lead, by=noa, lane=the_lane()).brief.content["difference"] is None


def test_what_happened_before_the_return_is_not_told_again(lead, noa, sota):
    log_touch(lead, by=noa, kind="call", words="Long ago", at=now() - timedelta(days=3))
    handoff = an_accepted(lead, by=noa, taker=sota)
    return_lead(handoff, by=sota, reason=a_reason())
    lead = qualify_lead(lead, by=noa, judgement="They called.")
    again = offer_lead(lead, by=noa, lane=the_lane(), unchanged_because="They asked me to.")
    assert again.brief.content["difference"]["touches"] == []
