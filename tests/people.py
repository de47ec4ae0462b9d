"""The people of the tests: a plugin, so that every test may name them."""

import pytest
from django.core.cache import caches
from django.utils import translation

from accounts.states import Role, TeamKind
from tests.factories import a_team, a_user, the_defaults


@pytest.fixture(autouse=True)
def _nothing_kept():
    """What a process keeps for some seconds does not outlive a test's database."""
    caches["local"].clear()
    yield
    caches["local"].clear()


@pytest.fixture
def defaults(db):
    """Teams, lanes, agreement, reasons and rules of a fresh installation."""
    return the_defaults()


@pytest.fixture
def noa(defaults):
    """Noa, a marketer."""
    return a_user("Noa", kind=TeamKind.MARKETING)


@pytest.fixture
def mio(defaults):
    """Mio, head of marketing."""
    return a_user("Mio", kind=TeamKind.MARKETING, role=Role.MANAGER)


@pytest.fixture
def sota(defaults):
    """Sota, a sales rep."""
    return a_user("Sota", kind=TeamKind.SALES)


@pytest.fixture
def rin(defaults):
    """Rin, another sales rep of the same team."""
    return a_user("Rin", kind=TeamKind.SALES)


@pytest.fixture
def ren(defaults):
    """Ren, head of sales."""
    return a_user("Ren", kind=TeamKind.SALES, role=Role.MANAGER)


@pytest.fixture
def iku(defaults):
    """Iku, inside sales."""
    return a_user("Iku", kind=TeamKind.INSIDE_SALES)


@pytest.fixture
def ada(defaults):
    """Ada, the administrator."""
    return a_user("Ada", role=Role.ADMINISTRATOR)


@pytest.fixture
def paz(defaults):
    """Paz, of an outside agency."""
    agency = a_team(TeamKind.INSIDE_SALES, "Agency", is_partner=True)
    return a_user("Paz", role=Role.PARTNER, team=agency)


@pytest.fixture
def as_user(client):
    """`as_user(noa)` is a signed-in client."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def in_english():
    """Sentences of refusals in English, whatever translations are built."""
    with translation.override("en"):
        yield
