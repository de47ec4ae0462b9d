"""Signing in: limits on tries, nothing told about who is known, sessions that end when they must."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from accounts.actions import deactivate_person, edit_person, reactivate_person
from accounts.models import Notice
from accounts.notify import mail_notices
from accounts.states import Role
from tests.factories import PASSWORD, a_user

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def sign_in(client, user, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": user.email, "password": password}, **extra)


def is_signed_in(client) -> bool:
    return client.get("/profile/").status_code == 200


def test_a_person_signs_in_and_gets_a_new_session(client, noa):
    session = client.session
    session["planted"] = True
    session.save()
    answer = sign_in(client, noa)
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.session.session_key != session.session_key
    assert is_signed_in(client)


def test_pages_lead_to_sign_in_and_back(client, noa):
    assert client.get("/notices/").url == f"{LOGIN}?next=/notices/"
    assert sign_in(client, noa, QUERY_STRING="next=/notices/").url == "/notices/"
    client.logout()
    away = sign_in(client, noa, QUERY_STRING="next=https://evil.example/")
    assert away.url == "/"


def test_the_same_sentence_for_an_unknown_address_and_a_wrong_password(client, noa):
    wrong = sign_in(client, noa, "not it")
    unknown = client.post(LOGIN, {"login": "nobody@example.com", "password": "not it"})
    sentence = "The e-mail address or the password is wrong."
    assert sentence in wrong.text
    assert sentence in unknown.text


def test_after_five_wrong_passwords_an_account_waits_even_with_the_right_one(client, noa, sota):
    for _ in range(5):
        sign_in(client, noa, "not it")
    blocked = sign_in(client, noa)
    assert "Too many tries. Wait five minutes" in blocked.text
    assert not is_signed_in(client)
    assert sign_in(client, sota).status_code == 302, "others are not blocked"


def test_after_ten_wrong_passwords_an_address_waits_whoever_it_tries(client, defaults):
    people = [a_user() for _ in range(11)]
    for person in people[:10]:
        sign_in(client, person, "not it")
    assert "Too many tries" in sign_in(client, people[10]).text
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere, people[10]).status_code == 302


def test_a_flood_of_requests_gets_a_page_that_says_so(client, defaults, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    user = a_user()
    answers = [sign_in(client, user, "not it") for _ in range(3)]
    assert answers[-1].status_code == 429
    assert "Wait a minute and try again" in answers[-1].text


@pytest.fixture
def no_redis(settings):
    """The cache's server is gone; nothing listens there."""
    settings.CACHES = settings.CACHES | {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/9"}
    }
    yield
    cache.clear()


def test_without_redis_people_sign_in_and_the_limits_still_hold(client, noa, no_redis):
    assert sign_in(client, noa).status_code == 302
    client.logout()
    for _ in range(5):
        sign_in(client, noa, "not it")
    assert "Too many tries" in sign_in(client, noa).text


def test_a_closed_account_is_told_so_only_with_its_password(client, ada, noa):
    deactivate_person(noa, by=ada)
    assert "wrong" in sign_in(client, noa, "not it").text
    answer = sign_in(client, noa)
    assert answer.url == reverse("account_inactive")
    assert not is_signed_in(client)


def test_closing_an_account_ends_its_sessions_for_good(client, ada, noa):
    sign_in(client, noa)
    deactivate_person(noa, by=ada)
    assert not is_signed_in(client)
    reactivate_person(noa, by=ada)
    assert not is_signed_in(client), "an old session does not come to life again"


def test_a_new_role_ends_all_sessions_and_a_new_name_none(client, ada, noa):
    what = {"by": ada, "email": noa.email, "team": noa.team}
    sign_in(client, noa)
    edit_person(noa, family_name="Nakano", role=Role.MEMBER, **what)
    assert is_signed_in(client)
    edit_person(noa, family_name="Nakano", role=Role.MANAGER, **what)
    assert not is_signed_in(client)


def test_a_new_password_keeps_this_device_and_signs_out_the_others(client, noa):
    phone = Client()
    sign_in(client, noa)
    sign_in(phone, noa)
    new = "another long horse"
    answer = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302, answer.text
    assert is_signed_in(client)
    assert not is_signed_in(phone)
    assert Notice.objects.get(to=noa).kind == "account.password"


def test_one_signs_out_all_other_devices_oneself(client, noa):
    phone = Client()
    sign_in(client, noa)
    sign_in(phone, noa)
    client.post("/profile/sessions/")
    assert is_signed_in(client)
    assert not is_signed_in(phone)


def test_asking_for_a_new_password_tells_nothing_about_who_is_known(client, noa):
    known = client.post(RESET, {"email": noa.email})
    unknown = client.post(RESET, {"email": "nobody@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Notice.objects.count() == 1


def test_a_new_password_is_chosen_by_the_mailed_link_once(client, noa):
    client.post(RESET, {"email": noa.email})
    mail_notices(list(Notice.objects.values_list("pk", flat=True)))
    link = next(line for line in mail.outbox[0].body.splitlines() if "/key/" in line)
    path = link.split("8000", 1)[-1] if ":8000" in link else link.split("localhost", 1)[-1]
    form = client.get(path, follow=True)
    assert form.status_code == 200
    new = "another long horse"
    done = client.post(
        form.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True
    )
    assert done.status_code == 200
    assert client.login(email=noa.email, password=new)
    again = Client(HTTP_ACCEPT_LANGUAGE="en").get(path, follow=True)
    assert "does not work any more" in again.text


def test_signing_up_does_not_exist(client, db):
    assert client.get("/accounts/signup/").status_code == 404


@override_settings(ALLOWED_HOSTS=["*"])
def test_the_link_of_a_mail_does_not_follow_a_forged_host(client, noa, settings):
    client.post(RESET, {"email": noa.email}, headers={"host": "evil.example"})
    mail_notices(list(Notice.objects.values_list("pk", flat=True)))
    assert "evil.example" not in mail.outbox[0].body
    assert settings.SITE_URL in mail.outbox[0].body
