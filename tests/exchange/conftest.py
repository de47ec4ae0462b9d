import pytest

from common.clock import time_at
from tests.exchange.wednesday import NOON


@pytest.fixture
def today(as_user):
    """`today(sota)` is what Sota sees on the Wednesday."""

    def see(user, at=NOON):
        client = as_user(user)
        with time_at(at):
            return client.get("/")

    return see
