"""The pages around leads: companies, campaigns, own fields."""

import re
from datetime import date

import pytest
from django.urls import reverse

from common import now
from handoff.actions import open_deal
from leads.actions import add_members, create_campaign, define_attribute, edit_company
from leads.models import AttributeDefinition, Campaign, Company
from tests.factories import a_company, a_lead, an_accepted, an_mql
from tests.leads.test_pages import HTMX, text, the_form


def test_companies_are_listed_by_name_with_their_leads(noa, as_user, django_assert_max_num_queries):
    for n in range(60):
        a_lead(company=a_company(f"C{n:02}"))
    client = as_user(noa)
    client.get("/leads/")
    with django_assert_max_num_queries(6):
        page = text(client.get("/leads/companies/"))
    assert page.index("C00") < page.index("C49")
    key = re.search(r"after=([\w-]+)", page).group(1)
    assert text(client.get(f"/leads/companies/?after={key}")).count("data-row-link") == 10
    assert text(client.get("/leads/companies/?q=c33")).count("data-row-link") == 1
    assert "No company is called like that" in text(client.get("/leads/companies/?q=zz"))


def test_a_company_shows_its_people(noa, as_user, django_assert_max_num_queries):
    company = a_company("鳴瀬", website="https://naruse.example", phone="052-000-4821")
    for n in range(30):
        a_lead(f"L{n}", company=company, marketer=noa)
    client = as_user(noa)
    client.get("/leads/")
    with django_assert_max_num_queries(9):
        page = text(client.get(f"/leads/companies/{company.pk}/"))
    assert page.count("data-row-link") == 25
    assert f"/leads/?company={company.pk}" in page


def test_a_company_shows_its_deals_by_a_fragment(noa, sota, paz, as_user):
    company = a_company("鳴瀬")
    handoff = an_accepted(an_mql("Sato", company=company), by=noa, taker=sota)
    deal = open_deal(handoff.lead, by=sota, amount=3_000_000)
    client = as_user(noa)
    url = reverse("handoff:of_company", args=[company.pk])
    assert f'hx-get="{url}"' in text(client.get(f"/leads/companies/{company.pk}/"))
    assert reverse("handoff:deal", args=[deal.pk]) in text(client.get(url, headers=HTMX))
    assert as_user(paz).get(url).status_code == 404


def test_names_come_while_one_types(noa, as_user):
    a_company("鳴瀬精密", prefecture="愛知県")
    names = text(as_user(noa).get("/leads/companies/names/?company_name=鳴"))
    assert '<option value="鳴瀬精密">' in names


def test_a_company_is_written_and_two_editors_see_each_other(noa, sota, as_user):
    client = as_user(noa)
    answer = client.post("/leads/companies/new/", {"name": "鳴瀬", "employees": "1,200"})
    company = Company.objects.get()
    assert (answer.url, company.employees) == (f"/leads/companies/{company.pk}/", 1200)
    opened = the_form(client.get(f"/leads/companies/{company.pk}/edit/"))
    edit_company(company, by=sota, industry="製造")
    late = client.post(
        f"/leads/companies/{company.pk}/edit/", opened | {"industry": "物流"}, headers=HTMX
    )
    assert late.status_code == 409
    assert "Somebody wrote “製造” here meanwhile" in text(late)
    assert client.post(f"/leads/companies/{company.pk}/edit/", the_form(late)).status_code == 302
    company.refresh_from_db()
    assert company.industry == "物流"
    for typed in (
        {"name": ""},
        {"name": "X", "corporate_number": "1"},
        {"name": "X", "website": "javascript:x"},
    ):
        assert client.post("/leads/companies/new/", typed).status_code == 422


def test_every_figure_of_a_campaign_opens_its_list(noa, as_user, django_assert_max_num_queries):
    campaign = create_campaign(by=noa, name="Fair", cost=1_000_000)
    members = [
        a_lead(f"L{n}", campaign=campaign, mql_at=now() if n % 2 else None) for n in range(4)
    ]
    add_members(campaign, members, by=noa)
    client = as_user(noa)
    client.get("/leads/")
    with django_assert_max_num_queries(9):
        page = text(client.get(f"/leads/campaigns/{campaign.pk}/"))
    for figure, query in (
        (4, f"campaign={campaign.pk}"),
        (2, f"campaign={campaign.pk}&reached=mql"),
        (4, f"member={campaign.pk}"),
    ):
        assert query.replace("&", "&amp;") in page
        assert text(client.get(f"/leads/?{query}")).count("data-row-link") == figure
    with django_assert_max_num_queries(6):
        assert "Fair" in text(client.get("/leads/campaigns/"))


def test_marketing_writes_campaigns_and_sales_reads_them(noa, sota, as_user):
    typed = {"name": "Fair", "kind": "exhibition", "cost": "300万", "starts_on": "2026-05-01"}
    answer = as_user(noa).post("/leads/campaigns/new/", typed)
    campaign = Campaign.objects.get()
    assert (answer.url, campaign.cost) == (f"/leads/campaigns/{campaign.pk}/", 3_000_000)
    assert as_user(noa).post("/leads/campaigns/new/", typed).status_code == 422
    client = as_user(sota)
    assert client.get(f"/leads/campaigns/{campaign.pk}/").status_code == 200
    assert client.get("/leads/campaigns/new/").status_code == 403
    assert client.post(f"/leads/campaigns/{campaign.pk}/edit/", typed).status_code == 403


@pytest.mark.parametrize(
    ("starts", "ends", "english", "japanese"),
    [
        (date(2100, 10, 1), None, "from Oct 1, 2100", "2100/10/1(金) から"),
        (None, date(2100, 10, 1), "until Oct 1, 2100", "2100/10/1(金) まで"),
        (date(2100, 10, 1), date(2100, 10, 1), "Oct 1, 2100", "2100/10/1(金)"),
    ],
)
def test_a_campaign_without_an_end_goes_on(starts, ends, english, japanese, noa, as_user):
    campaign = create_campaign(by=noa, name="Fair", starts_on=starts, ends_on=ends)
    row, head = (
        r'<td class="soft sm hide-s">(.*?)</td>',
        r'<div class="page__title">.*?<p>(.*?)</p>',
    )

    def days(path, where):
        page = as_user(noa).get(path).content.decode()
        return re.sub("<[^>]+>", "", re.search(where, page, re.DOTALL)[1]).strip()

    for language, words in (("en", english), ("ja", japanese)):
        noa.language = language
        noa.save(update_fields=["language"])
        assert days("/leads/campaigns/", row) == words
        assert days(f"/leads/campaigns/{campaign.pk}/", head).endswith(words)


def test_a_campaign_is_edited_without_touching_what_was_not(noa, as_user):
    campaign = create_campaign(by=noa, name="Fair", cost=1_000_000, plan="x")
    client = as_user(noa)
    opened = the_form(client.get(f"/leads/campaigns/{campaign.pk}/edit/"))
    Campaign.objects.filter(pk=campaign.pk).update(plan="y")
    assert (
        client.post(
            f"/leads/campaigns/{campaign.pk}/edit/", opened | {"cost": "2,000,000"}
        ).status_code
        == 302
    )
    campaign.refresh_from_db()
    assert (campaign.cost, campaign.plan) == (2_000_000, "y")


def test_chosen_leads_join_a_campaign_and_leave_it(noa, as_user):
    campaign = create_campaign(by=noa, name="Fair")
    lead = a_lead("A")
    client = as_user(noa)
    assert "Add 1 lead to a campaign" in text(
        client.get(f"/leads/campaigns/members/new/?lead={lead.pk}")
    )
    client.post(
        "/leads/campaigns/members/new/",
        {"lead": lead.pk, "campaign": campaign.pk, "status": "attended"},
    )
    assert campaign.members.get().status == "attended"
    client.post(f"/leads/campaigns/{campaign.pk}/members/{lead.pk}/removal/")
    assert not campaign.members.exists()


def test_own_fields_are_the_administrators(ada, noa, as_user):
    client = as_user(noa)
    assert client.get("/leads/fields/").status_code == 403
    assert client.post("/leads/fields/new/", {}).status_code == 403
    client = as_user(ada)
    typed = {"of": "lead", "name": "希望", "code": "wish", "type": "choice", "choices": "A\nB"}
    assert client.post("/leads/fields/new/", typed).status_code == 302
    field = AttributeDefinition.objects.get()
    assert field.choices == ["A", "B"]
    assert client.post("/leads/fields/new/", typed | {"code": "9"}).status_code == 422
    assert client.post("/leads/fields/new/", typed).status_code == 422
    client.post(f"/leads/fields/{field.pk}/", {"name": "要望", "choices": "A\nC"})
    client.post(f"/leads/fields/{field.pk}/retirement/")
    assert "Retired" in text(client.get("/leads/fields/"))
    client.post(f"/leads/fields/{field.pk}/restoration/")
    field.refresh_from_db()
    assert (field.name, field.choices, field.retired_at) == ("要望", ["A", "C"], None)


def test_an_own_field_is_filled_in_like_any_other(ada, noa, as_user):
    define_attribute(by=ada, of="lead", code="machines", name="設備台数", type="number")
    lead = a_lead("Sato")
    client = as_user(noa)
    opened = the_form(client.get(f"/leads/{lead.pk}/edit/"))
    wrong = client.post(f"/leads/{lead.pk}/edit/", opened | {"own_machines": "many"}, headers=HTMX)
    assert wrong.status_code == 422
    assert "is not a number" in text(wrong)
    client.post(f"/leads/{lead.pk}/edit/", opened | {"own_machines": "１８０"})
    lead.refresh_from_db()
    assert lead.attributes == {"machines": 180}
    assert "設備台数" in text(client.get(f"/leads/{lead.pk}/"))
