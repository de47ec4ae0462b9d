"""What the logs do not say: links that let somebody in, and addresses."""

import json
import logging

import pytest

from smarketing.logs import Discreet, JsonFormatter


def line(message, *args, **more):
    record = logging.LogRecord("x", logging.WARNING, "x", 1, message, args, more.get("exc_info"))
    Discreet().filter(record)
    return json.loads(JsonFormatter().format(record))


@pytest.mark.parametrize(
    "path",
    ["/invitations/abc:def-123/", "/accounts/password/reset/key/1-secret-token/"],
)
def test_a_link_that_lets_somebody_in_is_not_logged(path):
    said = line("%s: %s", "Gone", path)["message"]
    assert "abc" not in said
    assert "secret" not in said
    assert said.startswith("Gone: /")


def test_an_address_is_not_logged_even_by_an_error():
    try:
        raise ValueError("550 <noa@example.com> unknown")
    except ValueError as error:
        said = line("not mailed: %s", error, exc_info=(type(error), error, error.__traceback__))
    assert "noa@example.com" not in json.dumps(said)
    assert "ValueError" in said["exception"]


def test_what_is_harmless_stays(caplog):
    assert line("job %s failed", 7)["message"] == "job 7 failed"


@pytest.mark.django_db
def test_a_dead_invitation_leaves_no_token_in_the_log(client, caplog):
    with caplog.at_level(logging.WARNING, logger="django.request"):
        assert client.get("/invitations/some-dead-token/").status_code == 410
    for record in caplog.records:
        Discreet().filter(record)
        assert "some-dead-token" not in record.getMessage()
