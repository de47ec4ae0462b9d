"""Who sees figures, who sees them by person, and what is never shown by person."""

import pytest

pytestmark = pytest.mark.django_db

PAGES = [
    "/kpi/",
    "/kpi/won/",
    "/kpi/won.csv",
    "/kpi/by/month/",
    "/kpi/tables/honesty/",
    "/kpi/figures.json",
]
BY_PERSON = [
    "/kpi/by/person/",
    "/kpi/figures.json?by=person",
    "/kpi/?person={pk}",
    "/kpi/won/?in=person:{pk}",
    "/kpi/won.csv?in=person:{pk}",
]


@pytest.mark.parametrize("who", ["noa", "mio", "sota", "ren", "iku", "ada"])
@pytest.mark.parametrize("url", PAGES)
def test_both_teams_and_the_administrator_see_the_figures(as_user, request, who, url):
    response = as_user(request.getfixturevalue(who)).get(url)
    assert response.status_code == 200
    assert b"".join(response)


@pytest.mark.parametrize("url", PAGES)
def test_a_partner_has_no_figures(as_user, paz, url):
    assert as_user(paz).get(url).status_code == 403


@pytest.mark.parametrize("url", PAGES)
def test_nobody_else_gets_in(client, db, url):
    assert client.get(url).status_code in (302, 403)


@pytest.mark.parametrize("who", ["noa", "sota", "iku", "ada"])
@pytest.mark.parametrize("url", BY_PERSON)
def test_figures_by_person_are_for_managers(as_user, request, who, url):
    person = request.getfixturevalue(who)
    assert as_user(person).get(url.format(pk=person.pk)).status_code == 403


@pytest.mark.parametrize("who", ["mio", "ren"])
@pytest.mark.parametrize("url", BY_PERSON)
def test_a_manager_sees_them(as_user, request, who, url):
    person = request.getfixturevalue(who)
    response = as_user(person).get(url.format(pk=person.pk))
    assert response.status_code == 200
    assert b"".join(response)


def test_only_managers_are_offered_people(as_user, noa, mio):
    assert 'name="person"' not in as_user(noa).get("/kpi/filters/").content.decode()
    assert 'name="person"' in as_user(mio).get("/kpi/filters/").content.decode()


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/kpi/brief_read/", 200),
        ("/kpi/brief_read/?person={pk}", 403),
        ("/kpi/brief_read/?part=in", 403),
        ("/kpi/brief_read.csv?part=out", 403),
        ("/kpi/brief_read/?in=person:{pk}", 400),
        ("/kpi/figures.json?name=brief_read&by=person", 400),
        ("/kpi/figures.json?name=brief_read&person={pk}", 403),
    ],
)
def test_reading_a_brief_is_never_shown_by_person_not_even_to_managers(as_user, ren, url, status):
    assert as_user(ren).get(url.format(pk=ren.pk)).status_code == status


def test_the_page_of_one_person_says_nothing_of_briefs(as_user, ren):
    page = as_user(ren).get(f"/kpi/?period=all&person={ren.pk}")
    assert page.context["answers"].brief_read is None


@pytest.mark.parametrize(
    "query",
    [
        "view=sideways",
        "period=someday",
        "from=yesterday",
        "from=0001-01-01",
        "last=9999-12-31",
        "from=2026-02-01&to=2026-01-01",
        "source=x",
        "source=99999999999999999999",
        "team=-1",
        "in=weather:rain",
        "in=month:2026-13",
        "in=month:",
        "in=clause:hurry",
        "in=team:9999999999999999999999",
        "in=band:Z",
        "part=half",
        "after=nonsense",
    ],
)
def test_bad_addresses_get_a_sentence(as_user, mio, query):
    response = as_user(mio).get(f"/kpi/sla_kept/?{query}")
    assert response.status_code == 400, query


@pytest.mark.parametrize(
    "url", ["/kpi/weather/", "/kpi/weather.csv", "/kpi/by/weather/", "/kpi/tables/weather/"]
)
def test_what_does_not_exist_is_not_found(as_user, mio, url):
    assert as_user(mio).get(url).status_code == 404


def test_the_api_refuses_in_json(as_user, mio):
    response = as_user(mio).get("/kpi/figures.json?name=weather", headers={"Accept": "*/*"})
    assert response.status_code == 400
    assert response.json()["code"] == "malformed"
