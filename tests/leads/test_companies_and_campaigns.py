"""Companies and campaigns: written, edited side by side, and whom a campaign reached."""

from datetime import date

import pytest

from common.refusals import Malformed, NotAllowed
from leads.actions import (
    add_members,
    create_campaign,
    create_company,
    edit_campaign,
    edit_company,
    remove_member,
)
from leads.actions.edits import Conflict
from leads.measures import campaign_results
from leads.models import Campaign, Company, Lead
from tests.factories import a_company, a_lead, an_mql


def test_a_company_is_written_down_with_its_numbers_made_even(noa):
    company = create_company(
        by=noa,
        name="株式会社　鳴瀬",
        phone="０５２０００４８２１",
        domain="https://www.naruse.example/top",
    )
    assert (company.name, company.phone, company.domain) == (
        "株式会社 鳴瀬",
        "052-000-4821",
        "naruse.example",
    )


@pytest.mark.parametrize("fields", [{"name": " "}, {"name": "X", "corporate_number": "12"}])
def test_a_company_needs_a_name_and_sound_numbers(fields, noa):
    with pytest.raises(Malformed):
        create_company(by=noa, **fields)
    assert not Company.objects.exists()


def test_its_leads_are_found_by_the_new_name_and_graded_anew(noa):
    company = a_company("Old", employees=5)
    leads = [a_lead(company=company) for _n in range(3)]
    edit_company(company, by=noa, name="鳴瀬", employees=300)
    assert set(Lead.objects.matching("鳴瀬")) == set(leads)
    assert not Lead.objects.matching("old").exists()
    assert {lead.fit_points for lead in Lead.objects.all()} == {30}


def test_two_people_edit_a_company_side_by_side(noa, sota):
    company = a_company("X", industry="", prefecture="")
    edit_company(company, by=noa, seen={"industry": ""}, industry="製造")
    edit_company(company, by=sota, seen={"prefecture": ""}, prefecture="愛知県")
    with pytest.raises(Conflict) as clash:
        edit_company(company, by=sota, seen={"industry": ""}, industry="物流")
    assert clash.value.fields == {"industry": "製造"}
    company.refresh_from_db()
    assert (company.industry, company.prefecture) == ("製造", "愛知県")


def test_a_partner_reads_companies_of_entrusted_leads_and_writes_none(paz):
    known, unknown = a_company("Known"), a_company("Unknown")
    a_lead(company=known, entrusted_to=paz.team)
    assert list(Company.objects.visible_to(paz)) == [known]
    for company in (known, unknown):
        with pytest.raises(NotAllowed):
            edit_company(company, by=paz, name="Other")


def test_marketing_plans_campaigns_and_sales_does_not(noa, sota):
    campaign = create_campaign(by=noa, name="Fair", kind="exhibition", cost=1_000_000)
    with pytest.raises(NotAllowed):
        edit_campaign(campaign, by=sota, cost=1)
    with pytest.raises(NotAllowed):
        create_campaign(by=sota, name="Other")


def test_a_campaign_has_a_name_of_its_own_and_ends_after_it_starts(noa):
    create_campaign(by=noa, name="Fair")
    for fields in (
        {"name": "Fair"},
        {"name": ""},
        {"name": "B", "starts_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)},
    ):
        with pytest.raises(Malformed):
            create_campaign(by=noa, **fields)
    assert Campaign.objects.count() == 1


def test_a_campaign_keeps_what_two_people_wrote(noa, mio):
    campaign = create_campaign(by=noa, name="Fair")
    edit_campaign(campaign, by=noa, seen={"plan": ""}, plan="200 cards")
    edit_campaign(campaign, by=mio, seen={"result": ""}, result="230 cards")
    campaign.refresh_from_db()
    assert (campaign.plan, campaign.result) == ("200 cards", "230 cards")


def test_members_are_added_once_and_keep_their_status(noa):
    campaign = create_campaign(by=noa, name="Fair")
    first, second = a_lead("A"), a_lead("B")
    assert add_members(campaign, [first], by=noa, status="attended") == 1
    assert add_members(campaign, [first, second, second], by=noa) == 1
    assert campaign.members.get(lead=first).status == "attended"
    assert list(first.events.values_list("verb", flat=True)) == ["campaign.add"]


def test_a_member_is_taken_off_the_list_and_stays_a_lead(noa):
    campaign = create_campaign(by=noa, name="Fair")
    lead = a_lead("A", campaign=campaign)
    add_members(campaign, [lead], by=noa)
    remove_member(campaign, lead, by=noa)
    remove_member(campaign, lead, by=noa)
    lead.refresh_from_db()
    assert not campaign.members.exists()
    assert lead.campaign == campaign
    assert sorted(lead.events.values_list("verb", flat=True)) == ["campaign.add", "campaign.remove"]


def test_sales_does_not_fill_lists_of_marketing(noa, sota):
    campaign = create_campaign(by=noa, name="Fair")
    with pytest.raises(NotAllowed):
        add_members(campaign, [a_lead("A")], by=sota)
    with pytest.raises(Malformed):
        add_members(campaign, [a_lead("A")], by=noa, status="danced")


def test_what_a_campaign_brought_is_counted_by_first_entries(noa):
    campaign = create_campaign(by=noa, name="Fair", cost=300)
    a_lead("A", campaign=campaign), an_mql("B", campaign=campaign), a_lead("C")
    result = campaign_results(campaign)
    assert (result.leads, result.mql, result.won) == (2, 1, 0)
    assert (result.cost_per_lead, result.cost_per_mql) == (150, 300)
