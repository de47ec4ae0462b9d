"""How a request comes in: by one large frame, below which nothing is taken from the system piece by piece."""

import pytest

from smarketing.wsgi import DEEP, application, with_room

pytestmark = pytest.mark.nodb


def test_an_application_gets_room_and_answers_as_before():
    asked = []
    roomy = with_room(lambda *call: asked.append(call) or [b"here"])
    assert roomy({"PATH_INFO": "/"}, print) == [b"here"]
    assert asked == [({"PATH_INFO": "/"}, print)]
    assert roomy.__code__.co_stacksize == DEEP


def test_what_gunicorn_serves_has_room():
    assert application.__code__.co_stacksize == DEEP
