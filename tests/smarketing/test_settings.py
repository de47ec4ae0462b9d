"""What the environment says, and that .env.example tells all of it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from smarketing.settings import brokers, env

ROOT = Path(settings.BASE_DIR)
# Read by Docker and compose, by the supervisor or by the tests, and not by the settings.
READ_ELSEWHERE = {
    "DJANGO_SETTINGS_MODULE", "SITE_HOST", "POSTGRES_PASSWORD", "WEB_WORKERS", "WEB_THREADS",
    "WORKER_CONCURRENCY", "PORT", "SMARKETING_VAR", "CHROMIUM", "SCREENSHOTS", "DATABASE_PASSWORD",
}  # fmt: skip


def documented():
    text = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^#?\s?([A-Z][A-Z0-9_]+)=", text, re.M))


def in_production(code, **environment):
    """What `code` prints under the production settings with this environment alone."""
    kept = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "smarketing.settings.base"}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=kept | environment,
    )


ENOUGH = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "smarketing.example.co.jp",
    "DATABASE_URL": "postgres://u:p@db/smarketing",
    "REDIS_URL": "redis://redis:6379/0",
}
SHOW = "from django.conf import settings as s; s.DATABASES; "


def test_every_variable_that_is_read_is_documented_and_no_other():
    code = SHOW + "from smarketing.settings import env; print(*env.READ)"
    read = set(in_production(code, **ENOUGH).stdout.split())
    assert read
    assert documented() == read | READ_ELSEWHERE


@pytest.mark.parametrize("name", ENOUGH)
def test_production_does_not_start_without(name):
    lacking = {key: value for key, value in ENOUGH.items() if key != name}
    done = in_production(SHOW, **lacking)
    assert done.returncode != 0
    assert f"The environment variable {name} must be set; see .env.example." in done.stderr


def test_production_is_closed_by_default():
    code = SHOW + (
        "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS, s.EMAIL_USE_TLS)"
    )
    assert in_production(code, **ENOUGH).stdout.split() == [
        "False", "True", "True", "True", "31536000", "True",
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["perhaps", "2", "-1"])
def test_a_switch_must_be_on_or_off(monkeypatch, value):
    monkeypatch.setenv("EMAIL_USE_TLS", value)
    with pytest.raises(ImproperlyConfigured, match="must be on or off"):
        env.flag("EMAIL_USE_TLS", True)


def test_a_number_must_be_one(monkeypatch):
    monkeypatch.setenv("EMAIL_PORT", "25a")
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        env.number("EMAIL_PORT", 25)


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("EMAIL_PORT", " ")
    assert env.number("EMAIL_PORT", 25) == 25


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        ("redis://h:6379/0", "redis://h:6379/0", "redis://h:6379/8"),
        ("redis://h", "redis://h", "redis://h/8"),
        ("rediss://u:p@h/2?ssl_cert_reqs=none", None, "rediss://u:p@h/10?ssl_cert_reqs=none"),
        ("unix:///run/v.sock", "redis+socket:///run/v.sock?virtual_host=0", "unix:///run/v.sock?db=8"),
        ("unix:///run/v.sock?db=3", "redis+socket:///run/v.sock?virtual_host=3", "unix:///run/v.sock?db=11"),
    ],
)  # fmt: skip
def test_broker_and_cache_come_from_one_address_and_never_share_a_database(url, broker, cache):
    assert brokers.broker_url(url) == (broker or url)
    assert brokers.cache_url(url) == cache
