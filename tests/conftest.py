"""What every test stands on. The servers: tests/servers.py; people, worker, browser: the plugins."""

import pytest
from django.core.cache import cache

from tests import servers

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
    """Limits on tries, counted in the cache, begin anew with every test that has a database."""
    if {"db", "transactional_db"} & set(request.fixturenames):
        cache.clear()
