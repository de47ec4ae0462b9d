"""お客様待ち: clocks that rest while the customer asked to wait."""

from datetime import timedelta

import pytest

from accounts.models import WorkingCalendar
from common import time_at
from common.refusals import Malformed, NotAllowed, Refusal
from handoff.actions import (
    accept_lead,
    ask_question,
    log_contact,
    offer_lead,
    open_deal,
    pause_clocks,
    resume_clocks,
    return_lead,
)
from handoff.models import Clock, Handoff, Pause
from handoff.tasks import sweep_clocks
from tests.factories import a_reason, a_touch, an_accepted, an_offer, the_lane
from tests.handoff.moments import jst

pytestmark = pytest.mark.usefixtures("in_english")

MONDAY, WEDNESDAY = jst(2026, 11, 9, 9), jst(2026, 11, 11, 9)


@pytest.fixture
def held(noa, sota):
    """Accepted by Sota on a Monday at nine: contact due Wednesday 15:00, decision in ten days."""
    with time_at(MONDAY):
        return an_accepted(by=noa, taker=sota)


def clock_of(handoff, kind="contact") -> Clock:
    return handoff.clocks.get(kind=kind)


def pause(handoff, by, *, at=MONDAY, until=WEDNESDAY, **what):
    with time_at(at):
        return pause_clocks(handoff, by=by, reason=what.pop("reason", "asked"), until=until, **what)


def test_contact_and_decision_rest_and_are_due_as_much_later(held, sota):
    before = {one.kind: one.due_at for one in held.clocks.running()}
    assert before["contact"] == jst(2026, 11, 11, 15)
    pause(held, sota)  # two working days
    contact, decide = clock_of(held), clock_of(held, "decide")
    assert contact.paused_at == decide.paused_at == MONDAY
    assert contact.due_at == jst(2026, 11, 13, 15)
    assert decide.due_at > before["decide"]
    event = held.lead.events.get(verb="clock.pause")
    assert (event.data["reason"], event.by, event.handoff_id) == ("asked", sota, held.pk)


def test_a_paused_clock_is_neither_late_nor_warned_and_goes_on_by_itself(held, sota):
    pause(held, sota)
    with time_at(jst(2026, 11, 10, 18)):
        assert sweep_clocks()["warned"] == 0
        assert not Clock.objects.overdue(at=jst(2026, 11, 11, 8)).exists()
    with time_at(jst(2026, 11, 11, 9, 1)):
        assert sweep_clocks()["resumed"] == 1
        assert sweep_clocks()["resumed"] == 0
    contact = clock_of(held)
    assert (contact.paused_at, contact.due_at) == (None, jst(2026, 11, 13, 15))
    assert Pause.objects.get(clock=contact).minutes == 2 * 540
    assert sota.notices.get(kind="clock.resumed").data == {"because": "until"}
    assert held.lead.events.get(verb="clock.resume").by is None


def test_ended_early_a_pause_counts_only_what_it_lasted(held, sota):
    pause(held, sota)
    with time_at(jst(2026, 11, 9, 11)):
        resume_clocks(held, by=sota)
        assert resume_clocks(held, by=sota).paused_until is None  # pressed twice
    assert clock_of(held).due_at == jst(2026, 11, 11, 17)


def test_a_pause_over_the_night_moves_nothing(held, sota):
    before = clock_of(held).due_at
    pause(held, sota, at=jst(2026, 11, 9, 18), until=jst(2026, 11, 10, 9))
    with time_at(jst(2026, 11, 10, 9)):
        sweep_clocks()
    assert clock_of(held).due_at == before


def test_the_moved_moment_decides_whether_a_promise_was_kept(held, sota):
    pause(held, sota)
    with time_at(jst(2026, 11, 13, 14)):
        sweep_clocks()
        log_contact(held.lead, by=sota, kind="call", result="reached")
    assert Clock.objects.kept().filter(kind="contact").count() == 1
    assert not Clock.objects.filter(breached_at__isnull=False).exists()


def test_a_contact_while_resting_stops_one_clock_and_has_the_other_go_on(held, sota):
    assert clock_of(held, "decide").due_at == jst(2026, 11, 20, 18)
    pause(held, sota)
    with time_at(jst(2026, 11, 9, 12)):
        log_contact(held.lead, by=sota, kind="call", result="reached")
    held.refresh_from_db()
    decide = clock_of(held, "decide")
    assert (held.paused_until, decide.paused_at) == (None, None)
    assert decide.due_at == jst(2026, 11, 24, 12)  # Monday 23 is a holiday
    assert clock_of(held).stopped_at == jst(2026, 11, 9, 12)


@pytest.mark.parametrize(
    ("kind", "direction", "goes_on"),
    [("mail_received", "in", True), ("mail_opened", "in", False), ("note", "out", False)],
)
def test_a_mail_from_the_customer_ends_the_wait_a_mail_opened_does_not(
    held, noa, sota, kind, direction, goes_on
):
    pause(held, sota)
    with time_at(jst(2026, 11, 9, 12)):
        log_contact(held.lead, by=noa, kind=kind, direction=direction, words="Soon")
    held.refresh_from_db()
    assert (held.paused_until is None) == goes_on
    if goes_on:
        assert sota.notices.get(kind="clock.resumed").by == noa


def test_the_sweep_hears_what_came_in_by_a_form(held, sota):
    pause(held, sota)
    a_touch(held.lead, "form", at=jst(2026, 11, 9, 13))
    with time_at(jst(2026, 11, 9, 13, 1)):
        assert sweep_clocks()["resumed"] == 1
    assert sota.notices.get(kind="clock.resumed").data == {"because": "touch"}
    assert clock_of(held).due_at > jst(2026, 11, 11, 15)


def test_a_touch_of_before_the_pause_does_not_end_it(held, sota):
    pause(held, sota, at=jst(2026, 11, 9, 12))
    with time_at(jst(2026, 11, 9, 12, 30)):
        log_contact(
            held.lead, by=sota, kind="call", direction="in", result="reached",
            at=jst(2026, 11, 9, 11, 50),
        )  # fmt: skip
    held.refresh_from_db()
    assert held.paused_until == jst(2026, 11, 11, 9)
    assert clock_of(held).stopped_at == jst(2026, 11, 9, 11, 50)
    assert clock_of(held, "decide").paused_at


@pytest.mark.parametrize("closing", ["deal", "return"])
def test_closing_a_handoff_ends_its_pauses(held, sota, closing):
    pause(held, sota)
    with time_at(jst(2026, 11, 9, 15)):
        if closing == "deal":
            open_deal(held.lead, by=sota)
        else:
            return_lead(held, by=sota, reason=a_reason())
    held.refresh_from_db()
    assert held.paused_until is None
    assert not Clock.objects.filter(paused_at__isnull=False).exists()
    assert not Pause.objects.filter(ended_at=None).exists()


def test_what_we_owe_an_answer_to_does_not_rest(held, sota):
    with time_at(MONDAY):
        ask_question(held.lead, by=sota, text="Works offline?")
    before = Clock.objects.get(kind="answer").due_at
    pause(held, sota)
    answer = Clock.objects.get(kind="answer")
    assert (answer.paused_at, answer.due_at) == (None, before)


def test_a_pause_is_counted_and_capped_by_the_agreement(held, sota):
    with pytest.raises(Malformed, match="at the latest"):
        pause(held, sota, until=jst(2026, 12, 1, 9))
    pause(held, sota)
    with time_at(jst(2026, 11, 9, 10)):
        resume_clocks(held, by=sota)
    pause(held, sota, at=jst(2026, 11, 9, 10))
    with time_at(jst(2026, 11, 9, 11)):
        resume_clocks(held, by=sota)
    with pytest.raises(Refusal, match="allows 2 pauses"):
        pause(held, sota, at=jst(2026, 11, 9, 11))


def test_what_rested_before_counts_towards_the_cap(held, sota):
    # 90 hours altogether; 84 working days' hours would be more.
    pause(held, sota, until=jst(2026, 11, 19, 9))  # eight days of nine hours
    with time_at(jst(2026, 11, 19, 9)):
        sweep_clocks()
    with pytest.raises(Malformed, match="at the latest"):
        pause(held, sota, at=jst(2026, 11, 19, 9), until=jst(2026, 11, 25, 9))
    pause(held, sota, at=jst(2026, 11, 19, 9), until=jst(2026, 11, 24, 9))


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ({"until": MONDAY}, Malformed),
        ({"until": MONDAY - timedelta(days=1)}, Malformed),
        ({"reason": "holiday"}, Malformed),
    ],
)
def test_a_pause_needs_a_reason_and_a_moment_ahead(held, sota, what, error):
    with pytest.raises(error):
        pause(held, sota, **what)
    assert not Pause.objects.exists()


def test_a_day_in_some_thousand_years_is_refused_at_once(held, sota):
    """Before the working days of all those years are summed up, with the lead locked."""
    with pytest.raises(Malformed, match="can be reached"):
        pause(held, sota, until=jst(9000, 1, 1, 9))
    calendar = WorkingCalendar.of(clock_of(held).calendar_id)
    assert max(calendar._years) < 2100


def test_only_the_taker_or_their_manager_says_so(held, noa, rin, ren):
    for by in (noa, rin):
        with pytest.raises(NotAllowed):
            pause(held, by)
    assert pause(held, ren).paused_until


def test_who_may_not_resume_is_told_that_first(held, noa):
    """Also where nothing rests: how the clocks stand is no answer to them."""
    with pytest.raises(NotAllowed):
        resume_clocks(held, by=noa)


def test_what_is_late_cannot_be_put_to_rest(held, sota):
    with pytest.raises(Refusal, match="past its time"):
        pause(held, sota, at=jst(2026, 12, 1, 9), until=jst(2026, 12, 2, 9))


def test_of_two_clocks_the_late_one_stays_late(held, sota):
    pause(held, sota, at=jst(2026, 11, 12, 9), until=jst(2026, 11, 13, 9))
    assert clock_of(held).paused_at is None
    assert clock_of(held, "decide").paused_at


def test_pressing_twice_is_one_pause_and_another_day_is_refused(held, sota):
    pause(held, sota)
    pause(held, sota)
    assert Pause.objects.count() == 2  # one of each clock
    with pytest.raises(Refusal, match="already rest"):
        pause(held, sota, until=jst(2026, 11, 12, 9))


def test_an_offer_that_waits_has_nothing_to_rest(noa, sota):
    with pytest.raises(Refusal):
        pause(an_offer(by=noa, taker=sota), sota)


def test_passing_on_ends_the_rest_of_the_decision(noa, iku, sota):
    with time_at(MONDAY):
        first = accept_lead(an_offer(by=noa, lane="inside"), by=iku)
        log_contact(first.lead, by=iku, kind="call", result="reached")
    pause(first, iku)
    with time_at(jst(2026, 11, 9, 12)):
        offer_lead(first.lead, by=iku, lane=the_lane("inside"))
    assert Handoff.objects.get(pk=first.pk).paused_until is None
    assert not Clock.objects.filter(paused_at__isnull=False).exists()


def test_the_pages_say_until_when_and_offer_to_go_on(held, sota, as_user):
    client = as_user(sota)
    url = f"/handoffs/{held.pk}/pause/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "asked"}).status_code == 422
    with time_at(MONDAY):
        assert client.get(f"/handoffs/{held.pk}/").content.count(b"/pause/") >= 1
        client.post(url, {"reason": "away", "until": "2026-11-11", "note": "Back on Wednesday"})
        held.refresh_from_db()
        assert held.paused_until == jst(2026, 11, 11, 9)
        page = client.get(f"/handoffs/{held.pk}/").content.decode()
        assert "clock--paused" in page
        assert "/resumption/" in page
        assert "Back on Wednesday" in page
        assert client.get(url).status_code == 409
        client.post(f"/handoffs/{held.pk}/resumption/")
    held.refresh_from_db()
    assert held.paused_until is None
