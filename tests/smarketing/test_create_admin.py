"""`manage.py create_admin`: the first person of an installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User

VARIABLE = "SMARKETING_ADMIN_PASSWORD"
PASSWORD = "a long enough horse"


def run(*arguments) -> str:
    out = StringIO()
    call_command("create_admin", *arguments, "--no-input", stdout=out)
    return out.getvalue()


def test_it_makes_an_administrator_who_signs_in(db, monkeypatch, client):
    monkeypatch.setenv(VARIABLE, PASSWORD)
    assert "ada@example.com is an administrator" in run(
        "Ada@example.com", "--family-name", "Ada", "--given-name", "L", "--language", "en"
    )
    ada = User.objects.get()
    assert (ada.role, ada.team, ada.language, ada.given_name) == ("administrator", None, "en", "L")
    assert client.login(email="ada@example.com", password=PASSWORD)


def test_with_a_link_nobody_needs_to_know_the_password(db, client, settings):
    out = run("ada@example.com", "--family-name", "Ada", "--link")
    link = next(line for line in out.splitlines() if line.startswith(settings.SITE_URL))
    assert client.get(link.removeprefix(settings.SITE_URL)).status_code == 200


def test_a_second_one_of_the_same_address_is_refused_clearly(db, monkeypatch):
    run("ada@example.com", "--family-name", "Ada", "--link")
    with pytest.raises(CommandError, match="Ada signs in with this address"):
        run("ADA@example.com", "--family-name", "Other", "--link")
    assert User.objects.count() == 1


def test_a_weak_password_is_refused(db, monkeypatch):
    monkeypatch.setenv(VARIABLE, "12345")
    with pytest.raises(CommandError, match="too short"):
        run("ada@example.com", "--family-name", "Ada")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "an e-mail address"),
        (["ada@example.com"], "--family-name"),
        (["ada@example.com", "--family-name", "Ada"], "--link"),
        (["nonsense", "--family-name", "Ada", "--link"], "not an e-mail address"),
    ],
)
def test_what_is_missing_is_said(db, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)
