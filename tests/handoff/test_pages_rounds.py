"""The pages of a second round: the return's condition, the offer with what is new, the brief."""

from datetime import timedelta

import pytest

from common import now
from handoff.actions import Condition, offer_lead, qualify_lead, return_lead
from handoff.models import Handoff, ReturnCondition, ReturnReason
from handoff.tasks import sweep_conditions
from leads.actions import learn_fact
from leads.states import ASKED_FOR
from tests.factories import a_reason, an_accepted, an_mql, an_offer, the_lane

HTMX = {"HX-Request": "true"}
BUDGET = Condition("fact", field="budget", words="When their budget is fixed")


def say(handoff, **said):
    return f"/handoffs/{handoff.pk}/return/", {"reason": a_reason().pk, **said}


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"wants": "fact", "fact": "budget"}, ("fact", "budget", "")),
        ({"wants": "fact", "fact": "other", "label": "Plant"}, ("fact", "other", "")),
        (
            {"wants": "touch", "touch": "form", "result": "demo", "fact": "budget"},
            ("touch", "", "form"),
        ),
    ],
)
def test_a_rep_says_what_would_make_it_welcome(as_user, noa, sota, said, kept, headers):
    handoff = an_accepted(by=noa, taker=sota)
    path, data = say(handoff, words="In my words", **said)
    answer = as_user(sota).post(path, data, headers=headers)
    assert answer.status_code == (200 if headers else 302)
    condition = ReturnCondition.objects.get()
    assert (condition.kind, condition.field, condition.touch_kind) == kept
    assert condition.words == "In my words"
    page = as_user(noa).get(f"/handoffs/{handoff.pk}/").content.decode()
    assert "Wanted back:" in page
    assert "In my words" in page


def test_a_day_is_a_condition_too(as_user, noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    day = (now() + timedelta(days=40)).date()
    path, data = say(handoff, wants="date", revisit_on=day.isoformat())
    as_user(sota).post(path, data)
    assert ReturnCondition.objects.get().on == day


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"wants": "fact"}, "Choose what must be known."),
        ({"wants": "touch"}, "Choose what they must do."),
        ({"wants": "date"}, "Say on which day you would like it back."),
        ({"wants": "fact", "fact": "other"}, "Say in a word or two what this is about."),
        ({"wants": "odd"}, "Select a valid choice"),
        ({"wants": "fact", "fact": "budget", "revisit_on": "2020-01-01"}, "lie in the future"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_returned(
    as_user, noa, sota, said, words
):
    handoff = an_accepted(by=noa, taker=sota)
    path, data = say(handoff, note="My words", **said)
    answer = as_user(sota).post(path, data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "My words" in page
    handoff.refresh_from_db()
    assert handoff.state == "accepted"


def test_the_dialog_knows_what_one_usually_waits_for_with_a_reason(as_user, noa, sota, iku):
    first = an_accepted(by=noa, taker=iku, lane="inside")
    onward = offer_lead(first.lead, by=iku, lane=the_lane("inside"))
    ReturnReason.objects.filter(code="no_need").update(to_marketing=True)
    page = as_user(sota).get(f"/handoffs/{onward.pk}/return/").content.decode()
    assert 'data-usual="fact" data-thing="budget"' in page
    assert "goes back to marketing" in page
    assert "Marketing acknowledges it" in page


@pytest.fixture
def met(noa, sota):
    """A lead that came back because its condition was met: the waiting second round."""
    lead = an_mql("Saeki", marketer=noa)
    returned = an_accepted(lead, by=noa, taker=sota)
    return_lead(returned, by=sota, reason=a_reason(), condition=BUDGET, note="Call in April")
    learn_fact(lead, by=noa, field="budget", value="3 million")
    sweep_conditions()
    return Handoff.objects.waiting().get()


def test_the_second_round_opens_with_the_difference(
    as_user, met, sota, django_assert_max_num_queries
):
    client = as_user(sota)
    client.get(f"/handoffs/{met.pk}/")
    with django_assert_max_num_queries(18):
        page = client.get(f"/handoffs/{met.pk}/").content.decode()
    told = page.index("Round 2: what is different now")
    assert told < page.index("slip__now")
    for words in ("No budget yet", "Call in April", "once we know", "3 million", "Met"):
        assert words in page[told:], words


def test_what_came_after_the_offer_is_not_in_the_difference(as_user, met, noa, sota):
    learn_fact(met.lead, by=noa, field="timing", value="In May after all")
    page = as_user(sota).get(f"/handoffs/{met.pk}/").content.decode()
    difference = page[page.index("what is different now") : page.index("slip__now")]
    assert "In May after all" not in difference
    assert "In May after all" in page


def test_both_sides_read_in_their_inbox_that_it_is_met(as_user, met, noa, sota):
    told = as_user(sota).get("/notices/").content.decode()
    assert "Your condition is met" in told
    told = as_user(noa).get("/notices/").content.decode()
    assert "What sales waited for has come true" in told


def test_the_offer_shows_what_is_new_before_it_is_sent(as_user, noa, sota):
    lead = an_mql("Saeki", marketer=noa)
    return_lead(an_accepted(lead, by=noa, taker=sota), by=sota, reason=a_reason(), note="April")
    lead = qualify_lead(lead, by=noa, judgement="They called.")
    client = as_user(noa)
    page = client.get(f"/handoffs/offers/new/?lead={lead.pk}").content.decode()
    assert "Nothing was done, heard or changed since then." in page
    assert "unchanged_because" in page
    learn_fact(lead, by=noa, field="budget", value="3 million")
    page = client.get(f"/handoffs/offers/new/?lead={lead.pk}").content.decode()
    assert "3 million" in page
    assert "unchanged_because" not in page


def test_the_giver_reads_the_condition_before_answering(as_user, noa, sota):
    handoff = return_lead(
        an_accepted(by=noa, taker=sota), by=sota, reason=a_reason(), condition=BUDGET
    )
    for path in (f"/handoffs/{handoff.pk}/acknowledgement/", "/"):
        page = as_user(noa).get(path).content.decode()
        assert "When their budget is fixed" in page, path


def test_who_left_the_answer_to_marketing_reads_so(as_user, noa, iku, sota):
    first = an_accepted(by=noa, taker=iku, lane="inside")
    onward = offer_lead(first.lead, by=iku, lane=the_lane("inside"))
    ReturnReason.objects.filter(code="no_need").update(to_marketing=True)
    return_lead(onward, by=sota, reason=a_reason("no_need"))
    client = as_user(iku)
    page = client.get(f"/handoffs/{onward.pk}/").content.decode()
    assert "marketing answers this return" in page
    assert "Acknowledge the return" not in page
    assert client.get(f"/handoffs/{onward.pk}/acknowledgement/").status_code == 409
    assert as_user(sota).get("/").status_code == 200


def test_a_first_brief_does_not_speak_of_rounds(as_user, noa, sota):
    page = as_user(sota).get(f"/handoffs/{an_offer(by=noa).pk}/").content.decode()
    assert "what is different now" not in page


def usual(page, code):
    """The (kind, thing) a reason of the dialog brings with it."""
    found = {
        one.code: (one.usual, one.usual_thing)
        for _kind, reasons in page.context["form"].groups
        for one in reasons
    }
    return found[code]


def test_no_return_waits_by_itself_for_what_is_known(as_user, noa, sota):
    handoff = an_accepted(by=noa, taker=sota)
    path, client = f"/handoffs/{handoff.pk}/return/", as_user(sota)
    page = client.get(path, headers=HTMX)
    assert usual(page, "too_little_known") == usual(page, "no_budget") == ("fact", "budget")
    learn_fact(handoff.lead, by=noa, field="budget", value="300")
    page = client.get(path, headers=HTMX)
    assert usual(page, "too_little_known") == ("fact", "authority")
    assert usual(page, "no_budget") == ("", "")
    for field in ASKED_FOR:
        learn_fact(handoff.lead, by=noa, field=field, value="Known")
    assert usual(client.get(path, headers=HTMX), "too_little_known") == ("", "")


def test_a_return_on_the_second_leg_names_who_decides_then(as_user, noa, iku, sota):
    first = an_accepted(by=noa, taker=iku, lane="inside")
    onward = offer_lead(first.lead, by=iku, lane=the_lane("inside"))
    client = as_user(sota)
    page = client.get(f"/handoffs/{onward.pk}/return/", headers=HTMX).content.decode()
    assert f"<span data-if-near>{iku.name} decides</span>" in page
