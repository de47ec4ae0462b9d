"""What every test stands on. The servers: tests/servers.py; people, worker, browser: the plugins."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone, translation
from hypothesis import settings as examples

from tests import servers

# On a machine that does other things as well, an example may take longer than its usual 200 ms.
examples.register_profile("unhurried", deadline=None)
examples.load_profile("unhurried")

pytest_plugins = ["tests.people", "tests.worker", "tests.browser"]


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # of several processes the first starts them for all
        servers.start(config)


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        servers.stop(config)


def pytest_report_header(config):
    return servers.described()


@pytest.fixture(autouse=True)
def _no_tries_counted(request):
    """Limits on tries and kicks, kept in the cache, begin anew with every test that has a database."""
    asked = {"db", "transactional_db"} & set(request.fixturenames)
    if asked or request.node.get_closest_marker("django_db"):
        cache.clear()


@pytest.fixture(autouse=True)
def _nobody_has_spoken():
    """A page leaves the reader's language and time zone behind in its thread: not for the next test."""
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """At the end nobody else is in the database any more: a killed worker's connection lingers."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
