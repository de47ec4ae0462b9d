"""The cache of one process: keeps objects as they are, forgets in time."""

import pytest
from django.core.cache import caches

from accounts.models import Organisation

pytestmark = pytest.mark.django_db

kept = caches["local"]


def test_what_is_kept_is_the_object_itself():
    thing = object()
    kept.set("thing", thing)
    assert kept.get("thing") is thing
    assert kept.get_or_set("thing", lambda: pytest.fail("asked again")) is thing


def test_what_has_run_out_is_forgotten():
    kept.set("thing", 1, timeout=0)
    assert kept.get("thing", "nothing") == "nothing"
    assert kept.add("thing", 2)
    assert not kept.add("thing", 3)
    assert kept.get("thing") == 2


def test_it_counts():
    kept.set("n", 1)
    assert kept.incr("n") == kept.get("n") == 2
    with pytest.raises(ValueError, match="not found"):
        kept.incr("unknown")


def test_a_form_that_writes_into_the_organisation_does_not_change_what_is_kept():
    Organisation.current().name = "Half typed"
    assert Organisation.current().name != "Half typed"
