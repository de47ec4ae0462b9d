"""What the agreement requires with an offer: said before, refused without, complete or not on the brief."""

import pytest

from common.refusals import Refusal
from handoff.actions import offer_leads
from handoff.actions.required import BriefIncomplete, missing_items
from handoff.brief import completeness, items_of_content
from handoff.models import Handoff
from handoff.states import BriefItem
from leads.actions import learn_fact, record_consent
from tests.factories import a_company, a_touch, an_agreement, an_mql, an_offer, the_lane

HTMX = {"HX-Request": "true"}


def text(response) -> str:
    return response.content.decode()


def a_complete_lead(noa):
    lead = an_mql("Saeki", email="saeki@example.com", company=a_company("Aoba"))
    learn_fact(lead, by=noa, field="need", value="Fewer mistakes")
    record_consent(lead, by=noa, channel="email", granted=True, evidence="Form")
    a_touch(lead, "download")
    return lead


WORDS = {"why_now": "A quote is due", "next_step": "Call", "note": "Kind"}


def test_an_offer_without_what_is_required_is_refused_with_the_list(noa):
    an_agreement(required_brief=("need", "note", "who"))
    with pytest.raises(BriefIncomplete) as refused:
        an_offer(an_mql("Saeki"), by=noa)
    assert refused.value.missing == [BriefItem.WHO, BriefItem.NEED, BriefItem.NOTE]
    assert isinstance(refused.value, Refusal)
    assert not Handoff.objects.exists()


def test_with_everything_there_it_is_offered(noa):
    an_agreement(required_brief=tuple(BriefItem.values))
    handoff = an_offer(a_complete_lead(noa), by=noa, **WORDS)
    assert all(items_of_content(handoff.brief.content).values())


def test_what_is_not_required_may_be_missing(noa):
    an_agreement(required_brief=("did",))
    lead = an_mql("Saeki")
    a_touch(lead, "visit")
    assert an_offer(lead, by=noa).state == "waiting"
    assert missing_items(lead) == []


def test_of_many_leads_those_that_lack_something_are_told_apart(noa):
    an_agreement(required_brief=("need",))
    complete, bare = a_complete_lead(noa), an_mql("Abe")
    answers = dict(offer_leads([complete, bare], by=noa, lane=the_lane()))
    assert isinstance(answers[complete], Handoff)
    assert isinstance(answers[bare], BriefIncomplete)


def test_the_dialog_says_before_what_is_missing(as_user, noa):
    an_agreement(required_brief=("need", "note"))
    page = text(as_user(noa).get(f"/handoffs/offers/new/?lead={an_mql('Abe').pk}", headers=HTMX))
    assert "asks for these before a lead is offered" in page
    assert page.count(">required<") == 2


def test_the_dialog_keeps_the_words_of_a_refused_offer(as_user, noa):
    an_agreement(required_brief=("need",))
    lead = an_mql("Abe")
    sent = {"lead": lead.pk, "offer": 1, "lane": the_lane().pk, "to": "pool", "note": "Typed"}
    answer = as_user(noa).post("/handoffs/offers/new/", sent, headers=HTMX)
    assert answer.status_code == 409
    assert "The agreement asks an offer to bring: Their need." in text(answer)
    assert "Typed" in text(answer)


def test_the_brief_says_how_complete_it_is(as_user, noa, sota):
    lead = an_mql("Abe")
    handoff = an_offer(lead, by=noa, note="Kind")
    there = sum(completeness(lead, note="Kind").values())
    page = text(as_user(sota).get(f"/handoffs/{handoff.pk}/"))
    assert f"Brief {there}/9" in page


def test_the_brief_names_who_of_us_has_met_the_person(as_user, noa, sota, iku):
    lead = an_mql("Abe")
    a_touch(lead, "exhibition", by=iku)
    a_touch(lead, "mail_sent", by=noa)
    handoff = an_offer(lead, by=noa)
    assert handoff.brief.content["known_by"] == [iku.pk]
    assert "Who of us knows them: Iku" in " ".join(
        text(as_user(sota).get(f"/handoffs/{handoff.pk}/")).split()
    )
