"""The page and its lists: every number is a door, and behind it are exactly its rows."""

import html
import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from common.clock import time_at
from kpi.measures import FIGURES
from kpi.states import View
from kpi.views import lists
from tests.factories import a_user
from tests.kpi.world import NOW, a_manager, a_world

pytestmark = pytest.mark.django_db
QUERIES = 12
LINK = re.compile(
    r'<a[^>]*href="(/kpi/(?!by/|tables/|filters/)[a-z_0-9]+/\?[^"]*)"[^>]*>(.*?)</a>', re.S
)
COUNTED = re.compile(r'<span class="section__count">([\d,]+)</span>')


@pytest.fixture(scope="module", autouse=True)
def world(django_db_setup, django_db_blocker):
    """One world for the module: it is only read."""
    with django_db_blocker.unblock(), transaction.atomic(), time_at(NOW):
        yield a_world(seed=7)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _now():
    with time_at(NOW):
        yield


@pytest.fixture
def manager(client):
    person = a_manager()
    client.force_login(person)
    return person


def get(client, url, **params):
    return client.get(url, params)


def counted(page: str) -> int:
    """The count in the heading of a list."""
    return int(COUNTED.search(page).group(1).replace(",", ""))


def rows_of(page: str) -> int:
    return page.count("<tr data-row>")


def doors(page: str) -> dict[str, str]:
    """{address of a list: the text of the number that leads there}."""
    return {html.unescape(url): re.sub(r"<[^>]*>", "", text) for url, text in LINK.findall(page)}


@pytest.mark.parametrize("view", View.values)
def test_every_number_of_the_page_leads_to_exactly_its_rows(client, manager, view, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 1000)
    page = get(client, "/kpi/", view=view, period="all").content.decode()
    found = doors(page)
    assert len(found) > 60
    for url, text in found.items():
        behind = client.get(url)
        assert behind.status_code == 200, url
        listed = behind.content.decode()
        assert counted(listed) == rows_of(listed), url
        if re.fullmatch(r"[\d,]+", text.strip()):
            assert counted(listed) == int(text.replace(",", "")), url


@pytest.mark.parametrize("view", View.values)
def test_the_page_says_what_the_figures_say(client, manager, view):
    page = get(client, "/kpi/", view=view, period="all")
    data = get(client, "/kpi/figures.json", view=view).json()["figures"]
    told = {figure["name"]: figure["value"] for figure in data}
    way = page.context["way"]
    for stage in way.stages:
        assert stage.count.reading.value == told[stage.step.value]
    answers = page.context["answers"]
    assert answers.acceptance.reading.value == told["acceptance_rate"]
    assert answers.brief_read.reading.value == told["brief_read"]
    assert sum(reason.count.reading.n for reason in answers.reasons()) == told["returned"]
    assert page.context["forecast"].total["forecast"].reading.value == pytest.approx(
        told["forecast"], abs=5
    )


@pytest.mark.parametrize("kind", ["source", "campaign", "team"])
@pytest.mark.parametrize("view", View.values)
def test_the_tables_say_what_the_figures_say(client, manager, view, kind):
    page = get(client, "/kpi/", view=view, period="all")
    names = ["leads", "won", "return_rate", "won_amount", "sla_kept"]
    names += ["campaign_return"] if kind == "campaign" else []
    data = get(client, "/kpi/figures.json", view=view, by=kind, name=names).json()["figures"]
    told = {(row["name"], row["by"]): row["value"] for row in data if row["n"]}
    shown = {}
    for row in page.context[
        {"source": "sources", "campaign": "campaigns", "team": "teams"}[kind]
    ].rows:
        cells = dict(row.cells) | ({"campaign_return": row.back} if row.back else {})
        for name in names:
            if name in cells and cells[name].reading.n:
                shown[name, row.label] = cells[name].reading.value
    # The page shows of each kind what belongs there; what it shows is what the figures say.
    assert shown == {key: pytest.approx(told[key]) for key in shown}
    assert {key for key in shown if key[0] == "leads"} == {key for key in told if key[0] == "leads"}


def test_the_page_asks_few_queries(client, manager, django_assert_max_num_queries):
    for url in ("/kpi/", "/kpi/?view=cohort&period=year", "/kpi/?period=all&team=1&person=1"):
        client.get(url)
        with django_assert_max_num_queries(QUERIES):
            client.get(url)


@pytest.mark.parametrize(
    "name",
    ["won", "sla_kept", "returned", "conditions_met", "pipeline", "conversion_mql_won"],
)
def test_a_list_asks_as_few_for_many_rows_as_for_one(
    client, manager, name, monkeypatch, django_assert_max_num_queries
):
    for size in (1, 50):
        monkeypatch.setattr(lists, "PAGE", size)
        with django_assert_max_num_queries(QUERIES):
            client.get(f"/kpi/{name}/?period=all")


@pytest.mark.parametrize("name", [n for n in FIGURES if not n.startswith(("conv", "velo"))])
def test_a_list_pages_by_key_through_all_its_rows(client, manager, name, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 7)
    seen, after = 0, ""
    while True:
        response = get(client, reverse("kpi:list", args=[name]), period="all", after=after)
        page = response.content.decode()
        seen += rows_of(page)
        if not (after := response.context["page"].next_key):
            break
    assert seen == counted(page)


def test_parts_of_a_ratio_are_lists_of_their_own(client, manager):
    response = get(client, "/kpi/sla_kept/", period="all")
    whole, kept, late = (part["count"] for part in response.context["parts"])
    assert whole == kept + late
    for part, n in (("in", kept), ("out", late)):
        page = get(client, "/kpi/sla_kept/", period="all", part=part).content.decode()
        assert counted(page) == n


def test_a_file_has_the_rows_of_the_list(client, manager):
    response = get(client, "/kpi/won.csv", period="all")
    text = b"".join(response.streaming_content).decode()
    listed = counted(get(client, "/kpi/won/", period="all").content.decode())
    assert text.startswith("\ufeff")
    assert len(text.strip().split("\r\n")) == listed + 1


def test_a_name_that_looks_like_a_formula_stays_a_name(client, manager, world):
    lead = world.leads[0]
    type(lead).objects.filter(pk=lead.pk).update(family_name="=1+1", given_name="")
    text = b"".join(get(client, "/kpi/leads.csv", period="all").streaming_content).decode()
    assert "'=1+1" in text


@pytest.mark.parametrize(
    "group", ["source", "campaign", "team", "lane", "month", "week", "stage", "person"]
)
def test_figures_by_a_group_lead_to_its_rows(client, manager, group):
    page = get(client, f"/kpi/by/{group}/", period="all").content.decode()
    found = doors(page)
    assert found
    for url, text in list(found.items())[::7]:
        listed = client.get(url).content.decode()
        if re.fullmatch(r"[\d,]+", text.strip()):
            assert counted(listed) == int(text.replace(",", "")), url


@pytest.mark.parametrize("name", ["promises", "honesty", "forecast", "rounds"])
@pytest.mark.parametrize("htmx", [True, False])
def test_charts_have_their_table(client, manager, name, htmx):
    headers = {"HX-Request": "true"} if htmx else {}
    response = client.get(f"/kpi/tables/{name}/?period=all", headers=headers)
    page = response.content.decode()
    assert response.status_code == 200
    assert ("<html" in page) is not htmx
    assert doors(page)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_empty_period_says_so(client, manager, language):
    type(manager).objects.filter(pk=manager.pk).update(language=language)
    later = (NOW + timedelta(days=400)).date()
    page = get(client, "/kpi/", **{"from": later, "to": later + timedelta(days=1)})
    assert page.status_code == 200
    assert "period=all" in page.content.decode()


def test_a_filter_narrows_every_figure(client, manager, world):
    source = next(lead.source_id for lead in world.leads if lead.source_id)
    page = get(client, "/kpi/", period="all", source=source)
    of_source = sum(lead.source_id == source for lead in world.leads)
    assert page.context["way"].stages[0].count.reading.n == of_source
    blank = get(client, "/kpi/", period="all", source="none")
    assert blank.context["way"].stages[0].count.reading.n == sum(
        lead.source_id is None for lead in world.leads
    )


def test_before_setup_there_is_a_page_too(client):
    """An administrator of a bare installation, without teams or agreement of their own."""
    client.force_login(a_user("Ada", role="administrator"))
    assert client.get("/kpi/").status_code == 200
