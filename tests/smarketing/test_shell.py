"""What stands around every page: where one may go, and what waits there."""

import pytest
from django.test import Client, RequestFactory

from accounts.actions import tell
from accounts.states import Role, TeamKind
from smarketing.shell import Shell
from tests.factories import a_user

pytestmark = pytest.mark.django_db


def shell_of(user, path="/leads/"):
    request = RequestFactory().get(path)
    request.user = user
    return Shell(request)


def names(shell):
    return {place["name"] for place in shell.places}


def test_people_see_only_the_places_open_to_them(noa):
    boss = a_user("Ada", kind=TeamKind.MARKETING, role=Role.ADMINISTRATOR)
    partner = a_user("Pat", kind=TeamKind.SALES, role=Role.PARTNER)
    assert "accounts:people" in names(shell_of(boss))
    assert "accounts:people" not in names(shell_of(noa))
    assert "kpi:page" not in names(shell_of(partner))
    assert "leads:list" in names(shell_of(partner))


@pytest.mark.parametrize(
    ("path", "place"),
    [("/", "exchange:today"), ("/leads/", "leads:list"), ("/leads/imports/", "leads:import")],
)
def test_the_place_one_is_at_is_marked(noa, path, place):
    marked = [entry["name"] for entry in shell_of(noa, path).places if entry["current"]]
    assert marked == [place]


def test_everything_that_waits_is_counted_in_one_query(noa, sota, django_assert_num_queries):
    tell(noa, "handoff.offered", by=sota)
    shell = shell_of(noa)
    with django_assert_num_queries(1):
        assert shell.notice_count == 1
        assert shell.handoff_count == 0
        assert shell.places


def test_the_tabs_of_a_phone_and_what_is_under_more_are_all_there_is(noa):
    shell = shell_of(noa)
    assert {place["name"] for place in shell.tabs + shell.more} == names(shell)
    assert not shell.in_more


def test_the_theme_is_the_persons_own_and_before_sign_in_the_browsers(noa):
    noa.theme = "dark"
    assert shell_of(noa).theme == "dark"
    client = Client()
    client.cookies["theme"] = "light"
    assert 'data-theme="light"' in client.get("/accounts/login/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/accounts/login/").content.decode()


def test_single_keys_can_be_switched_off(noa):
    assert shell_of(noa).single_keys
    noa.single_keys = False
    assert not shell_of(noa).single_keys


def test_a_choice_of_theme_and_language_follows_the_person(noa):
    client = Client()
    client.force_login(noa)
    client.post("/theme/", {"theme": "dark"})
    client.post("/language/", {"language": "en"})
    noa.refresh_from_db()
    assert (noa.theme, noa.language) == ("dark", "en")
