"""Today for the administrator: what is still to be set up, and that an empty installation helps."""

import pytest
from django.core.management import call_command

from accounts.models import Notice, Organisation, User
from accounts.states import Role
from common import now
from tests.factories import a_lead, a_user


def steps(client):
    return {step.code: step.done for step in client.get("/").context["steps"]}


@pytest.fixture
def only_ada(db, client, capsys):
    """An installation right after `create_admin`, and nothing else."""
    call_command("create_admin", "ada@example.com", "--family-name=Ada", "--language=en", "--link")
    client.force_login(User.objects.get())
    return client


def test_before_anything_was_set_up_the_page_opens(db, client):
    client.force_login(a_user("Ada", role=Role.ADMINISTRATOR))
    assert not any(steps(client).values())


def test_an_empty_installation_shows_the_way(only_ada):
    page = only_ada.get("/")
    assert steps(only_ada)["teams"]
    assert not steps(only_ada)["people"]
    assert "What is still to be set up" in page.text
    assert page.text.count("btn--primary") >= 1


@pytest.mark.parametrize(
    "url",
    [
        "/settings/",
        "/settings/teams/",
        "/settings/organisation/",
        "/notices/",
        "/profile/",
        "/leads/",
    ],
)
def test_every_page_of_an_empty_installation_opens(url, only_ada):
    assert only_ada.get(url).status_code == 200


def test_every_step_is_done_when_it_is(ada, as_user):
    client = as_user(ada)
    assert steps(client) == {
        "organisation": False,
        "teams": True,
        "people": False,
        "heads": False,
        "agreement": True,
        "leads": False,
    }
    Organisation(name="Suikyo").save()
    for kind in ("marketing", "sales"):
        a_user(kind=kind, role=Role.MANAGER)
    a_lead()
    assert all(steps(client).values())
    assert "Everything is set up" in client.get("/").text


def test_mails_that_cannot_be_sent_are_told_to_who_can_mend_it(ada, noa, as_user):
    client = as_user(ada)
    assert "could not be sent" not in client.get("/").text
    Notice.objects.create(
        to=noa, kind="lead.commented", created_at=now(), mail_due=True, attempts=2
    )
    assert "1 mail could not be sent" in client.get("/").text


def test_the_page_costs_few_queries(ada, as_user, django_assert_max_num_queries):
    client = as_user(ada)
    client.get("/")
    with django_assert_max_num_queries(11):
        client.get("/")
