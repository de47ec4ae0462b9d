"""The brief: what it says, to whom it opens, what is recorded, and the moves on it."""

from datetime import timedelta

import pytest

from common import now
from handoff.actions import (
    acknowledge_return,
    answer_question,
    ask_question,
    offer_lead,
    open_deal,
    return_lead,
    withdraw_offer,
)
from handoff.actions.clocks import agreement_in_force
from handoff.actions.defaults import sign_agreement
from handoff.models import Handoff, Lane
from leads.actions.facts import learn_fact
from leads.actions.follow_ups import plan_follow_up
from leads.models import Consent
from leads.states import ASKED_FOR
from tests.factories import a_company, a_lead, a_reason, a_touch, an_accepted, an_mql, an_offer


def test_the_last_team_of_a_lane_is_not_asked_to_pass_on(as_user, noa, sota, iku):
    words = "Pass on to the next team"
    last = an_accepted(by=noa, taker=sota)
    assert words not in as_user(sota).get(f"/handoffs/leads/{last.lead_id}/").content.decode()
    first = an_accepted(by=noa, taker=iku, lane="inside")
    assert words in as_user(iku).get(f"/handoffs/leads/{first.lead_id}/").content.decode()


def a_known_lead(noa):
    """An MQL of whom much is known."""
    company = a_company("Aoba", industry="Metal", employees=320)
    lead = an_mql(
        "Saeki", given_name="Chihiro", company=company, title="Manager", phone="052-000-4821",
        email="saeki@example.com",
    )  # fmt: skip
    learn_fact(lead, by=noa, field="budget", value="3 million next term")
    question = ask_question(lead, by=noa, text="Does it work offline?")
    plan_follow_up(
        lead, by=noa, what="A rough quote", due_at=now() + timedelta(days=5), promised=True
    )
    a_touch(lead, "download", words="Ledger template")
    a_lead("Tojo", company=company)
    return lead, question


def brief(client, handoff) -> str:
    response = client.get(f"/handoffs/{handoff.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_brief_says_what_one_must_know_before_the_first_contact(as_user, noa, sota):
    lead, _question = a_known_lead(noa)
    handoff = an_offer(
        lead,
        by=noa,
        why_now="A quote is due",
        next_step="Call at one",
        note="Ask about maintenance",
    )
    page = brief(as_user(sota), handoff)
    for words in (
        "Saeki", "Aoba", "Manager", "320", "A quote is due", "Call at one", "tel:0520004821",
        "A rough quote", "3 million next term", "Does it work offline?", "Not answered yet",
        "Ledger template", "Ask about maintenance", "Tojo", "Not asked yet", "No consent",
    ):  # fmt: skip
        assert words in page, words


def test_what_came_later_is_marked_as_later(as_user, noa, sota):
    lead, question = a_known_lead(noa)
    handoff = an_offer(lead, by=noa)
    learn_fact(lead, by=noa, field="budget", value="5 million after all")
    learn_fact(lead, by=noa, field="timing", value="In April")
    answer_question(question, by=noa, answer="Yes, it does")
    a_touch(lead, "visit", words="Pricing")
    page = brief(as_user(sota), handoff)
    assert "5 million after all" in page
    assert "3 million next term" not in page
    assert "Yes, it does" in page
    assert page.count(">since the offer<") == 3
    assert "New since the offer" in page


def test_the_second_round_opens_with_why_it_came_back(as_user, noa, sota):
    lead = an_mql()
    first = an_offer(lead, by=noa)
    return_lead(first, by=sota, reason=a_reason("no_budget"), note="Nothing left this term")
    acknowledge_return(first, by=noa, answer="fixed", note="Budget was found")
    lead.refresh_from_db()
    lead.stage = "mql"
    lead.save(update_fields=["stage"])
    second = an_offer(lead, by=noa, unchanged_because="They called us")
    page = brief(as_user(sota), second)
    assert "Nothing left this term" in page
    assert "Budget was found" in page


def test_nobody_is_called_who_asked_not_to_be(as_user, noa, sota):
    lead, _question = a_known_lead(noa)
    handoff = an_offer(lead, by=noa)
    for channel in ("phone", "email"):
        Consent.objects.create(
            lead=lead, channel=channel, granted=False, at=now(), evidence="Mail", recorded_at=now()
        )
    page = brief(as_user(sota), handoff)
    assert "tel:" not in page
    assert "mailto:" not in page
    assert "They asked not to be called" in page


def test_showing_the_brief_writes_nothing_and_one_post_records_the_reading(as_user, noa, sota):
    handoff = an_offer(by=noa)
    client = as_user(sota)
    assert f"/handoffs/{handoff.pk}/reading/" in brief(client, handoff)
    assert Handoff.objects.get(pk=handoff.pk).brief_read_at is None
    assert client.post(f"/handoffs/{handoff.pk}/reading/").status_code == 204
    first = Handoff.objects.get(pk=handoff.pk).brief_read_at
    assert first is not None
    client.post(f"/handoffs/{handoff.pk}/reading/")
    assert Handoff.objects.get(pk=handoff.pk).brief_read_at == first
    assert f"/handoffs/{handoff.pk}/reading/" not in brief(client, handoff)


def test_the_giver_reads_without_a_trace(as_user, noa):
    handoff = an_offer(by=noa)
    client = as_user(noa)
    assert "/reading/" not in brief(client, handoff)
    client.post(f"/handoffs/{handoff.pk}/reading/")
    assert Handoff.objects.get(pk=handoff.pk).brief_read_at is None


def test_each_side_finds_its_own_moves(as_user, client, noa, mio, sota, rin, ren, ada):
    handoff = an_offer(by=noa, taker=sota)

    def moves(user):
        client.force_login(user)
        return client.get(f"/handoffs/{handoff.pk}/").context["moves"]

    assert moves(sota) == ["accept", "return"]
    assert moves(ren) == ["accept", "return"]
    assert moves(rin) == []
    assert moves(noa) == ["withdraw"]
    assert moves(ada) == []


@pytest.mark.parametrize("end", ["accepted", "returned", "withdrawn", "converted"])
def test_the_brief_says_what_became_of_it(as_user, noa, sota, end):
    handoff = an_offer(by=noa)
    if end in ("accepted", "converted"):
        handoff = an_accepted(by=noa, taker=sota)
    if end == "converted":
        open_deal(handoff.lead, by=sota, amount=1)
    if end == "returned":
        return_lead(handoff, by=sota, reason=a_reason("no_need"), note="Not their field")
    if end == "withdrawn":
        withdraw_offer(handoff, by=noa)
    page = brief(as_user(sota), handoff)
    said = {
        "accepted": "is-glued",
        "returned": "Not their field",
        "withdrawn": "This offer was withdrawn.",
        "converted": "took it further",
    }
    assert said[end] in page
    assert ("acceptance" in page) is False


def test_an_unsigned_agreement_is_said_to_be_a_draft(as_user, noa, mio, sota, ren):
    handoff = an_offer(by=noa)
    client = as_user(sota)
    assert "Draft mode" in brief(client, handoff)
    sign_agreement(agreement_in_force(), marketing_head=mio, sales_head=ren)
    assert "Draft mode" not in brief(client, handoff)


def test_accepting_turns_the_page_with_and_without_scripts(as_user, noa, sota):
    client = as_user(sota)
    plain, scripted = an_offer(by=noa), an_offer(by=noa)
    answer = client.post(f"/handoffs/{plain.pk}/acceptance/")
    assert (answer.status_code, answer.url) == (302, f"/handoffs/{plain.pk}/")
    assert "Accepted. It is yours now." in client.get(answer.url).content.decode()
    answer = client.post(f"/handoffs/{scripted.pk}/acceptance/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/handoffs/{scripted.pk}/"


def test_a_second_acceptance_is_refused_with_the_name_of_who_was_faster(as_user, noa, sota, rin):
    handoff = an_accepted(by=noa, taker=rin)
    client = as_user(sota)
    answer = client.post(f"/handoffs/{handoff.pk}/acceptance/")
    assert answer.status_code == 409
    assert "Rin has already accepted this lead." in answer.content.decode()
    answer = client.get(f"/handoffs/{handoff.pk}/return/", headers={"HX-Request": "true"})
    assert answer.status_code in (403, 409)


def test_the_brief_asks_at_most_fifteen_questions_and_is_light(
    as_user, noa, sota, django_assert_max_num_queries
):
    lead, _question = a_known_lead(noa)
    first = an_offer(lead, by=noa)
    return_lead(first, by=sota, reason=a_reason())
    lead.stage = "mql"
    lead.save(update_fields=["stage"])
    handoff = an_offer(lead, by=noa, unchanged_because="New budget")
    client = as_user(sota)
    client.get(f"/handoffs/{handoff.pk}/")
    with django_assert_max_num_queries(15):
        response = client.get(f"/handoffs/{handoff.pk}/")
    assert len(response.content) < 90_000


def test_the_brief_reads_in_japanese(as_user, noa, sota):
    lead, _question = a_known_lead(noa)
    handoff = an_offer(lead, by=noa)
    sota.language = "ja"
    sota.save(update_fields=["language"])
    page = brief(as_user(sota), handoff)
    for words in ("引き継ぎ書", "もう伺っています", "なぜ今", "Saeki Chihiro", "様", "受け取る"):
        assert words in page, words


def test_there_is_no_brief_of_what_does_not_exist(as_user, sota):
    assert as_user(sota).get("/handoffs/999999999999999999999/").status_code == 404
    assert as_user(sota).get("/handoffs/4711/").status_code == 404


def test_the_brief_tells_an_agency_nothing_of_leads_and_deals_not_entrusted_to_it(
    as_user, noa, sota, paz
):
    company = a_company("Aoba")
    known = an_accepted(an_mql("Tojo", company=company), by=noa, taker=sota)
    open_deal(known.lead, by=sota, amount=123_456_789)
    lane = Lane.objects.create(code="agency", name="Agency")
    lane.legs.create(position=0, giver_kind="marketing", taker=paz.team)
    handoff = offer_lead(an_mql("Saeki", company=company), by=noa, lane=lane)
    assert "Tojo" in brief(as_user(noa), handoff)
    page = brief(as_user(paz), handoff)
    assert "Saeki" in page
    assert "Tojo" not in page
    assert "123,456,789" not in page


def test_on_the_bridge_nobody_of_sales_has_the_lead(as_user, noa, iku, sota):
    lead = an_accepted(by=noa, taker=iku, lane="inside").lead
    page = as_user(noa).get(f"/handoffs/leads/{lead.pk}/", headers={"HX-Request": "true"})
    assert (page.context["bridge"], page.context["seller"]) == (iku, None)


def test_brief_and_lead_page_say_the_same_to_be_unheard(as_user, noa, sota):
    handoff = an_offer(by=noa)
    asked = as_user(sota).get(f"/handoffs/{handoff.pk}/").context["brief"].not_asked
    card = as_user(noa).get(f"/leads/{handoff.lead_id}/").context["card"]
    assert asked == [field for field, _words in card.unheard] == list(ASKED_FOR)
