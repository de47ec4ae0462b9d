"""The link of an invitation: shown by GET, taken once by POST, dead when it should be."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.actions import deactivate_person, edit_person, invite_person, resend_invitation
from accounts.identity import invitation_url, invited_by
from common import now
from tests.factories import the_team

NEW = "a long enough horse"


@pytest.fixture
def yui(ada):
    return invite_person(
        by=ada,
        email="yui@example.com",
        family_name="Yui",
        team=the_team("sales"),
        language="en",
    )


@pytest.fixture
def link(yui, settings):
    return invitation_url(yui).removeprefix(settings.SITE_URL)


def choose(client, link, password=NEW, again=None):
    return client.post(link, {"password1": password, "password2": again or password})


def test_the_link_lets_one_choose_a_password_and_signs_in(client, yui, link):
    page = client.get(link)
    assert "Welcome, Yui" in page.text
    assert page["Cache-Control"].startswith("max-age=0")
    answer = choose(client, link)
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/profile/").status_code == 200
    assert Client().login(email=yui.email, password=NEW)


def test_a_mail_scanner_that_opens_the_link_uses_nothing_up(client, link):
    for _ in range(3):
        assert Client().get(link).status_code == 200
    assert choose(client, link).status_code == 302


def test_the_link_works_once(client, link):
    choose(client, link)
    over = Client(HTTP_ACCEPT_LANGUAGE="en").get(link)
    assert over.status_code == 410
    assert "does not work any more" in over.text
    assert choose(Client(), link, "something else long").status_code == 410


def test_the_page_speaks_the_invited_persons_language(client, ada, settings):
    jun = invite_person(by=ada, email="jun@example.com", family_name="純", team=the_team("sales"))
    page = Client(HTTP_ACCEPT_LANGUAGE="en").get(
        invitation_url(jun).removeprefix(settings.SITE_URL)
    )
    assert "純さん、ようこそ" in page.text


def test_a_newer_invitation_kills_the_older_link(ada, yui, link, client, settings):
    yui = resend_invitation(yui, by=ada)
    assert client.get(link).status_code == 410
    assert client.get(invitation_url(yui).removeprefix(settings.SITE_URL)).status_code == 200


def test_a_changed_address_kills_the_link(ada, yui, link, client):
    kept = {"family_name": "Yui", "role": yui.role, "team": yui.team}
    edit_person(yui, by=ada, email="other@example.com", **kept)
    assert client.get(link).status_code == 410


def test_a_closed_account_kills_the_link(ada, yui, link, client):
    deactivate_person(yui, by=ada)
    assert client.get(link).status_code == 410


def test_the_link_ends_after_a_week(yui, link, client):
    with time_machine.travel(now() + timedelta(days=6, hours=23)):
        assert client.get(link).status_code == 200
    with time_machine.travel(now() + timedelta(days=7, hours=1)):
        assert client.get(link).status_code == 410


@pytest.mark.parametrize("token", ["x", "WzEsMl0:1abc:sig", "a" * 500])
def test_a_made_up_link_is_over_too(client, db, token):
    assert invited_by(token) is None
    assert client.get(f"/invitations/{token}/").status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [("12345678", None, "too common"), (NEW, "other", "same password"), ("short", None, "short")],
)
def test_a_weak_or_mistyped_password_is_refused_with_a_reason(
    client, yui, link, password, again, sentence
):
    answer = choose(client, link, password, again)
    assert answer.status_code == 422
    assert sentence in answer.text
    yui.refresh_from_db()
    assert yui.awaits_invitation
