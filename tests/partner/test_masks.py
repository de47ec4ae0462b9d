"""What a seat hides is nowhere: not on a page, not in a search, not in a mail, and cannot be changed."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.actions import tell
from accounts.models import Seat
from accounts.models.sight import seen_by
from accounts.notify import drain_outbox
from accounts.states import Maskable
from common.refusals import NotAllowed
from handoff.actions import offer_lead, return_lead
from handoff.models import Brief
from handoff.views.difference_page import difference_now
from leads.actions.facts import forget_fact, learn_fact
from leads.actions.profile import edit_lead
from leads.models import Company, Fact, Lead
from leads.states import FactField
from tests.factories import a_reason, a_touch
from tests.partner.world import MARKS, a_lane_to, a_marked_lead, an_entrusted, hide

pytestmark = pytest.mark.django_db


@pytest.fixture
def handoff(noa, paz, sota):
    """A lead full of marks, accepted by the agency, which may pass it on to sales."""
    a_lane_to(paz.team, then=sota.team)
    handoff = an_entrusted(paz, by=noa, lead=a_marked_lead(noa))
    hide(paz.team, *Maskable.values)
    return handoff


def addresses(handoff):
    """Every page about this lead."""
    lead = handoff.lead_id
    return [
        f"/leads/{lead}/",
        f"/leads/{lead}/timeline/",
        f"/leads/{lead}/edit/",
        f"/leads/{lead}/facts/new/",
        f"/leads/{lead}/follow-ups/new/",
        f"/handoffs/leads/{lead}/",
        f"/handoffs/leads/{lead}/touches/new/",
        f"/handoffs/leads/{lead}/questions/new/",
        f"/handoffs/{handoff.pk}/",
        f"/handoffs/{handoff.pk}/return/",
        f"/handoffs/{handoff.pk}/pause/",
        f"/handoffs/{handoff.pk}/news/",
        "/handoffs/board/?scope=all",
        "/handoffs/board/filters/",
        "/now/",
        f"/handoffs/offers/new/?lead={lead}",
        f"/leads/companies/{handoff.lead.company_id}/",
        "/leads/companies/",
        "/leads/suggest/?q=Kato",
        "/leads/?q=Kato",
        "/leads/",
        "/leads/filters/",
        "/handoffs/",
        "/handoffs/?tab=all&scope=all",
        "/notices/",
        "/",
    ]


def test_no_page_shows_what_is_hidden(as_user, paz, handoff):
    client = as_user(paz)
    for address in addresses(handoff):
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(address, headers=headers, follow=True)
            assert answer.status_code == 200, address
            page = answer.content.decode()
            assert [mark for mark in MARKS if mark in page] == [], address


def test_the_marks_are_there_for_us(as_user, noa, handoff):
    """So that the test above looks for what would be shown."""
    client = as_user(noa)
    pages = "".join(client.get(one, follow=True).content.decode() for one in addresses(handoff))
    assert [mark for mark in MARKS if mark not in pages] == []


@pytest.mark.parametrize("code", Maskable.values)
def test_one_hidden_thing_hides_nothing_else(as_user, paz, handoff, code):
    Seat.objects.filter(team=paz.team).update(masked=[code])
    client = as_user(paz)
    asked = [f"/leads/{handoff.lead_id}/", f"/handoffs/{handoff.pk}/"]
    asked.append(f"/leads/companies/{handoff.lead.company_id}/")
    pages = "".join(client.get(one).content.decode() for one in asked)
    hidden = {mark for mark, under in MARKS.items() if under == code}
    assert [mark for mark in hidden if mark in pages] == []
    assert [mark for mark in MARKS.keys() - hidden if mark not in pages] == []


def test_a_hidden_score_is_told_by_no_grade_filter_or_order(as_user, paz, handoff):
    client = as_user(paz)
    hide(paz.team, Maskable.SCORE)
    for address in addresses(handoff):
        page = client.get(address, follow=True).content.decode()
        assert "score__fit" not in page, address
    assert client.get("/leads/?order=-heat").status_code == 400
    assert b'name="engagement"' not in client.get("/leads/filters/").content
    assert client.get("/leads/?tab=ready").status_code == 200


@pytest.mark.parametrize(
    "words", ["mark-mail", "hidden.example", "090-111-1222", "0901111222", "1112", "MarkNumber"]
)
def test_a_hidden_value_finds_nobody(as_user, paz, noa, handoff, words):
    for address in (f"/leads/?q={words}", f"/leads/suggest/?q={words}"):
        assert "Kato" not in as_user(paz).get(address).content.decode()
        assert "Kato" in as_user(noa).get(address).content.decode()


def test_what_is_open_is_found_as_ever(as_user, paz, handoff):
    assert "Kato" in as_user(paz).get("/leads/?q=Known").content.decode()


def test_hidden_columns_cannot_be_changed(paz, handoff, in_english):
    for change in (
        {"email": "x@example.com"},
        {"phone": "03-0000-0000"},
        {"address": "x"},
        {"external_id": "x"},
        {"attributes.extra": "x"},
        {"source": "x"},
    ):
        with pytest.raises(NotAllowed, match="not shown to your team"):
            edit_lead(handoff.lead, by=paz, **change)
    with pytest.raises(NotAllowed):
        learn_fact(handoff.lead, by=paz, field="budget", value="1")
    with pytest.raises(NotAllowed):
        forget_fact(Fact.objects.filter(lead=handoff.lead).first(), by=paz)


def test_editing_what_is_shown_keeps_what_is_hidden(as_user, paz, handoff):
    client = as_user(paz)
    answer = client.post(
        f"/leads/{handoff.lead_id}/edit/",
        {"family_name": "Saito", "initial-family_name": "Kato", "company_name": "Known Company",
         "initial-company_name": "Known Company"},
    )  # fmt: skip
    assert answer.status_code == 302
    lead = Lead.objects.get(pk=handoff.lead_id)
    assert (lead.family_name, lead.email) == ("Saito", "mark-mail@hidden.example")
    assert "mark-mail@hidden.example" in lead.search


def test_a_form_sent_with_a_hidden_field_changes_nothing_of_it(as_user, paz, handoff):
    as_user(paz).post(
        f"/leads/{handoff.lead_id}/edit/",
        {"family_name": "Kato", "initial-family_name": "Kato", "email": "stolen@example.com",
         "initial-email": "mark-mail@hidden.example"},
    )  # fmt: skip
    assert Lead.objects.get(pk=handoff.lead_id).email == "mark-mail@hidden.example"


def test_a_brief_that_a_partner_gives_on_is_whole(paz, sota, handoff):
    """What the seat hides is hidden from them, not from sales."""
    with seen_by(paz):
        lead = Lead.objects.select_related("company").get(pk=handoff.lead_id)
        assert lead.email == ""
        passed = offer_lead(lead, by=paz, lane=handoff.lane)
    facts = {
        fact["field"]: fact["value"] for fact in Brief.objects.get(handoff=passed).content["facts"]
    }
    assert facts["budget"] == "MarkFact-budget"
    assert Lead.objects.get(pk=handoff.lead_id).email == "mark-mail@hidden.example"


def test_own_words_stay_readable(as_user, paz, handoff):
    handoff.lead.comments.create(text="We called twice.", by=paz, at=handoff.offered_at)
    assert "We called twice." in as_user(paz).get(f"/leads/{handoff.lead_id}/").content.decode()


def test_a_known_fact_is_said_to_be_known(as_user, paz, handoff, in_english):
    """Otherwise they would ask the lead again."""
    page = as_user(paz).get(f"/leads/{handoff.lead_id}/").content.decode()
    assert "known to us, not shown to your team" in page


def test_a_form_asks_for_nothing_that_is_hidden(as_user, paz, handoff):
    """An answer to it would be refused after it was typed."""
    client = as_user(paz)
    address = f"/handoffs/leads/{handoff.lead_id}/touches/new/"
    assert b'name="fact_' not in client.get(address).content
    hide(paz.team, Maskable.FACT_BUDGET)
    page = client.get(address).content
    assert b'name="fact_budget"' not in page
    assert b'name="fact_need"' in page


def test_what_answers_a_move_hides_as_a_page_does(as_user, paz, noa, handoff):
    client = as_user(paz)
    lead, waiting = (
        handoff.lead_id,
        an_entrusted(paz, by=noa, lead=a_marked_lead(noa, "Two"), accepted=False),
    )
    for address, sent in (
        (f"/handoffs/{waiting.pk}/acceptance/", {}),
        (f"/handoffs/{handoff.pk}/acceptance/", {}),
        (f"/handoffs/{handoff.pk}/return/", {}),
        (f"/handoffs/leads/{lead}/touches/new/", {"kind": "call"}),
        (f"/leads/{lead}/comments/", {"text": "Called twice"}),
        (f"/handoffs/offers/new/?lead={lead}", {}),
        (f"/handoffs/leads/{lead}/moves/disqualify/", {}),
    ):
        for headers in ({"HX-Request": "true"}, {}):
            answer = client.post(address, sent, headers=headers, follow=True)
            told = answer.content.decode() + answer.headers.get("HX-Trigger", "")
            assert [mark for mark in MARKS if mark in told] == [], address


def test_a_mail_to_a_partner_hides_as_a_page_does(paz, handoff):
    Lead.objects.filter(pk=handoff.lead_id).update(family_name="", given_name="")
    tell(paz, "lead.commented", lead=handoff.lead, path="/", mail=True)
    drain_outbox()
    theirs = [one for one in mail.outbox if one.to == [paz.email]]
    assert theirs
    text = "".join(one.body + one.alternatives[0][0] for one in theirs)
    assert [mark for mark in MARKS if mark in text] == []


def test_nobody_else_pays_for_it(noa, handoff, django_assert_num_queries):
    with seen_by(noa), django_assert_num_queries(1):
        assert Company.objects.get(pk=handoff.lead.company_id).phone == "052-111-1999"


@pytest.fixture
def captured(noa, paz, sota):
    """Accepted by the agency; by which way it came stands in touches, a consent and the last touch."""
    a_lane_to(paz.team, then=sota.team)
    lead = a_marked_lead(noa, "Ad")
    campaign, at = lead.campaign, lead.captured_at
    a_touch(lead, "ad", words="MarkAdWords", points=9)
    a_touch(lead, "form", at=at, words="MarkFormWords", points=8)
    a_touch(lead, "seminar_attended", at=at - timedelta(days=1), words="MarkSeminarWords", points=9)
    answered = {"at": at + timedelta(days=1), "words": "MarkAnswerWords", "campaign": campaign}
    a_touch(lead, "download", points=7, **answered)
    lead.consents.create(
        channel="email", granted=True, at=at, recorded_at=at, evidence="MarkEvidence"
    )
    Lead.objects.filter(pk=lead.pk).update(last_touch="ad:MarkAdWords", heat=9)
    return an_entrusted(paz, by=noa, lead=lead)


ORIGIN = (
    "MarkAdWords",
    "MarkFormWords",
    "MarkSeminarWords",
    "MarkAnswerWords",
    "MarkEvidence",
    "Advertisement",
    "Seminar: attended",
)


def pages_of(client, handoff):
    asked = [f"/leads/{handoff.lead_id}/", f"/leads/{handoff.lead_id}/timeline/"]
    asked += [f"/handoffs/{handoff.pk}/", f"/handoffs/leads/{handoff.lead_id}/", "/leads/", "/"]
    return "".join(client.get(one, follow=True).content.decode() for one in asked)


def test_a_hidden_source_is_told_by_no_touch_score_or_consent(
    as_user, paz, noa, captured, in_english
):
    ours = pages_of(as_user(noa), captured)
    assert [mark for mark in ORIGIN if mark not in ours] == []
    hide(paz.team, Maskable.SOURCE)
    theirs = pages_of(as_user(paz), captured)
    assert [mark for mark in ORIGIN if mark in theirs] == []
    assert "A touch" in theirs
    assert "MarkWords" in theirs


def test_what_is_new_since_a_return_tells_no_hidden_source(paz, sota, captured):
    onward = offer_lead(captured.lead, by=paz, lane=captured.lane)
    onward = return_lead(onward, by=sota, reason=a_reason())
    a_touch(captured.lead, "ad", words="MarkAgain")
    hide(paz.team, Maskable.SOURCE)
    assert [one["kind"] for one in difference_now(onward)["folded"]] == ["ad"]
    with seen_by(paz):
        assert "ad" not in [one["kind"] for one in difference_now(onward)["folded"]]


def test_a_hidden_campaign_is_told_by_no_words_that_answer_it(as_user, paz, captured):
    hide(paz.team, Maskable.CAMPAIGN)
    theirs = pages_of(as_user(paz), captured)
    assert "MarkAnswerWords" not in theirs
    assert "MarkFormWords" in theirs


def test_every_known_fact_can_be_hidden():
    assert {f"fact_{field}" for field in FactField.values} <= set(Maskable.values)
