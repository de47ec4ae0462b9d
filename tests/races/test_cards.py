"""Two people at one card, on real connections: nothing is lost and nothing is there twice."""

from functools import partial

import pytest

from leads.actions import (
    add_members,
    comment_on_lead,
    create_campaign,
    create_lead,
    edit_company,
    edit_lead,
    learn_fact,
    record_consent,
)
from leads.actions.edits import Conflict
from leads.models import Campaign, CampaignMember, Company, Fact, Lead
from tests.factories import a_company
from tests.races.together import at_once, refusals, winners

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 15


def a_card(by, **fields):
    return create_lead(by=by, family_name="Sato", **fields)


def test_people_who_edit_different_fields_all_succeed(noa, sota):
    fields = ("title", "department", "phone", "address")
    for _round in range(ROUNDS):
        lead = a_card(noa)
        answers = at_once(
            *(
                partial(edit_lead, lead, by=by, seen={name: ""}, **{name: "03-1234-5678"})
                for by, name in zip((noa, sota, noa, sota), fields, strict=True)
            )
        )
        assert not refusals(answers)
        lead.refresh_from_db()
        assert {getattr(lead, name) for name in fields} == {"03-1234-5678"}
        assert lead.events.filter(verb="lead.edit").count() == 4


def test_of_those_who_edit_one_field_one_succeeds_and_the_others_see_what(noa, sota):
    for _round in range(ROUNDS):
        lead = a_card(noa)
        answers = at_once(
            *(partial(edit_lead, lead, by=noa, seen={"title": ""}, title=f"T{n}") for n in range(4))
        )
        lead.refresh_from_db()
        assert len(winners(answers)) == 1
        for clash in refusals(answers):
            assert isinstance(clash, Conflict)
            assert clash.fields == {"title": lead.title}


def test_a_company_many_type_at_once_is_one(noa, sota):
    for n in range(ROUNDS):
        at_once(
            *(
                partial(create_lead, by=by, family_name="A", company=f"鳴瀬{n}")
                for by in (noa, sota, noa)
            )
        )
    assert Company.objects.count() == ROUNDS
    assert Lead.objects.count() == 3 * ROUNDS


def test_a_company_and_its_leads_are_edited_at_once_without_waiting_for_each_other(noa, sota):
    company = a_company("Old")
    leads = [a_card(noa, company=company) for _n in range(3)]
    other = a_company("Other")
    for n in range(ROUNDS):
        answers = at_once(
            partial(edit_company, company, by=noa, name=f"Name{n}"),
            partial(edit_lead, leads[0], by=sota, title=f"T{n}"),
            partial(edit_lead, leads[1], by=sota, company=company if n % 2 else other),
        )
        assert not refusals(answers)
    assert Lead.objects.matching(f"name{ROUNDS - 1}").count() >= 2


def test_of_many_answers_to_one_question_one_is_current(noa, sota):
    lead = a_card(noa)
    at_once(*(partial(learn_fact, lead, by=noa, field="budget", value=str(n)) for n in range(6)))
    assert Fact.objects.current().count() == 1
    assert Fact.objects.count() == 6


def test_what_is_pressed_twice_is_kept_once(noa, sota):
    campaign = create_campaign(by=noa, name="Fair")
    lead = a_card(noa)
    at_once(*(partial(add_members, campaign, [lead], by=noa) for _n in range(4)))
    assert CampaignMember.objects.count() == 1
    at_once(*(partial(comment_on_lead, lead, by=noa, text="once") for _n in range(4)))
    assert lead.comments.count() == 1
    answers = at_once(*(partial(create_campaign, by=noa, name="Same") for _n in range(3)))
    assert len(winners(answers)) == 1
    assert Campaign.objects.filter(name="Same").count() == 1


def test_the_latest_word_on_a_channel_is_the_one_on_the_card(noa):
    for _round in range(ROUNDS):
        lead = a_card(noa)
        at_once(
            *(
                partial(
                    record_consent, lead, by=noa, channel="email", granted=granted, evidence="x"
                )
                for granted in (True, False, True)
            )
        )
        lead.refresh_from_db()
        latest = lead.consents.order_by("-at", "-id").first()
        assert lead.consent_email == latest.granted
