"""Races need real commits: every test here has tables of its own making, emptied afterwards."""

import pytest

from tests.promises import broken


@pytest.fixture(autouse=True)
def _promises_hold_afterwards(transactional_db):
    yield
    assert broken() == []
