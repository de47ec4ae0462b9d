"""One row that cannot be swept holds back neither its neighbours nor the rest of the sweep."""

import pytest

from common import time_at
from handoff import tasks
from handoff.actions import offers, pause_clocks, pauses
from handoff.models import Handoff
from handoff.states import State
from handoff.tasks import sweep_clocks
from tests.factories import an_accepted, an_offer
from tests.handoff.moments import jst

pytestmark = pytest.mark.usefixtures("in_english")

MONDAY, WEDNESDAY, LATER = jst(2026, 11, 9, 9), jst(2026, 11, 11, 9), jst(2026, 11, 20, 9)


def broken_for(pk, act):
    """`act`, which fails for the handoff `pk`."""

    def acting(handoff, **what):
        if handoff.pk == pk:
            raise ValueError("This row is broken.")
        return act(handoff, **what)

    return acting


def a_resting_one(by, taker):
    handoff = an_accepted(by=by, taker=taker)
    return pause_clocks(handoff, by=taker, reason="asked", until=WEDNESDAY)


def test_one_rest_that_cannot_end_holds_back_no_other(noa, sota, monkeypatch):
    with time_at(MONDAY):
        first, second = a_resting_one(noa, sota), a_resting_one(noa, sota)
    monkeypatch.setattr(pauses, "_go_on", broken_for(first.pk, pauses._go_on))
    with time_at(WEDNESDAY):
        assert sweep_clocks()["resumed"] == 1
    assert Handoff.objects.get(pk=second.pk).paused_until is None


def test_one_offer_that_cannot_lapse_holds_back_no_other(noa, monkeypatch):
    with time_at(MONDAY):
        first, second = an_offer(by=noa), an_offer(by=noa)
    monkeypatch.setattr(offers, "lapse_offer", broken_for(first.pk, offers.lapse_offer))
    with time_at(LATER):
        assert sweep_clocks()["lapsed"] == 1
    assert Handoff.objects.get(pk=second.pk).state == State.LAPSED


def test_reminders_that_fail_do_not_keep_offers_from_lapsing(noa, monkeypatch):
    with time_at(MONDAY):
        offer = an_offer(by=noa)

    def warn_due(*, at):
        raise ValueError("No reminder can be written.")

    monkeypatch.setattr(tasks, "warn_due", warn_due)
    with time_at(LATER):
        assert sweep_clocks()["warned"] == 0
    assert Handoff.objects.get(pk=offer.pk).state == State.LAPSED
