"""Keys of pages: only what a list gave out opens its next page."""

import base64
import json

import pytest

from accounts.models import Notice, User
from common.keyset import page_by_key
from common.refusals import Malformed


def a_key(*parts) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


FORGED = {
    "words for a moment": a_key("v", "abc", 1),
    "a number for a moment": a_key("v", 5, 1),
    "a day for a moment": a_key("D", "2026-01-01", 1),
    "a moment without its zone": a_key("d", "2026-01-01T00:00:00", 1),
    "a number where a moment is announced": a_key("d", 5, 1),
    "nothing": a_key("v", None, 1),
    "an id too large": a_key("d", "2026-01-01T00:00:00+09:00", 10**30),
    "an id that is none": a_key("d", "2026-01-01T00:00:00+09:00", True),
    "brackets without end": base64.urlsafe_b64encode(b"[" * 3000).decode(),
    "letters that are no key": "é",
}


@pytest.mark.django_db
@pytest.mark.parametrize("key", FORGED.values(), ids=FORGED)
def test_a_key_that_the_list_did_not_give_out_is_refused(key):
    with pytest.raises(Malformed):
        page_by_key(Notice.objects.all(), order="-created_at", key=key)


@pytest.mark.django_db
@pytest.mark.parametrize("value", [5, True, ["a"]])
def test_a_name_is_compared_with_words_only(value):
    with pytest.raises(Malformed):
        page_by_key(User.objects.all(), order="family_name", key=a_key("v", value, 1))
