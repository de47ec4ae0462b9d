"""What the clock does by itself: remind, breach, climb the ladder, lapse; each once, in time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.db import connection

from accounts.actions import choose_calendar, create_calendar, set_days
from accounts.calendars import week
from accounts.models import Notice, WorkingCalendar
from common import time_at
from handoff.actions import accept_lead
from handoff.actions.clocks import forget_agreement
from handoff.actions.ladder import breach_due, climb_due, warn_due
from handoff.models import Agreement, Clock, Handoff, Terms
from handoff.tasks import sweep_clocks
from tests.factories import an_accepted, an_offer
from tests.handoff.moments import jst

pytestmark = pytest.mark.usefixtures("in_english")

MONDAY = jst(2026, 11, 9, 9)


def agree(**clauses) -> None:
    """A further version of the agreement, in force."""
    before = Agreement.objects.get(in_force=True)
    Agreement.objects.update(in_force=False)
    Agreement.objects.create(
        version=before.version + 1,
        clauses=replace(before.terms, **clauses).as_data(),
        in_force=True,
        created_at=MONDAY,
    )
    forget_agreement()


def at(moment, **wanted):
    with time_at(moment):
        swept = sweep_clocks()
    assert {name: swept[name] for name in wanted} == wanted, swept
    return swept


def offered(**what) -> Handoff:
    with time_at(MONDAY):
        return an_offer(**what)


# ── calendars ───────────────────────────────────────────────────────────────────────────────────


def test_a_promise_counts_the_hours_of_the_team_that_owes_it(noa, sota):
    lunch = week(((540, 720), (780, 1080)))
    berlin = create_calendar(
        by=None, name="Berlin", time_zone="Europe/Berlin", country="DE", hours=lunch
    )
    choose_calendar(sota.team, by=None, calendar=berlin)
    clock = offered(by=noa).clocks.get()
    # 9:00 in Tokyo is 1:00 in Berlin: eight hours from 9:00 there, a break between, end at 18:00.
    assert clock.due_at == jst(2026, 11, 10, 2)
    assert (clock.calendar, clock.calendar_version) == (berlin, 1)
    assert clock.handoff.lapses_at == clock.handoff.taker_team.business_calendar.add_minutes(
        MONDAY, Terms().lapses_after
    )


def test_changed_hours_leave_given_promises_alone_and_hold_for_the_next(noa):
    before = offered(by=noa).clocks.get()
    set_days(WorkingCalendar.objects.get(is_default=True), by=None, first_day=date(2026, 11, 9))
    after = offered(by=noa).clocks.get()
    assert Clock.objects.get(pk=before.pk).due_at == before.due_at == jst(2026, 11, 9, 17)
    assert after.due_at > jst(2026, 11, 10, 9)
    assert (before.calendar_version, after.calendar_version) == (1, 2)


def test_an_offer_of_a_later_day_may_lapse_before_one_of_a_team_that_is_closed(noa, sota, iku):
    with time_at(MONDAY):
        first = an_offer(by=noa, lane="inside")
        Handoff.objects.filter(pk=first.pk).update(lapses_at=jst(2026, 12, 1))
    second = offered(by=noa)
    at(second.lapses_at, lapsed=1)
    assert Handoff.objects.get(pk=first.pk).state == "waiting"


def test_a_lead_nobody_touched_is_late_by_itself_before_any_sweep(noa, sota, as_user):
    """The page and the lists compare moments: no save and no sweep is waited for."""
    handoff = offered(by=noa, taker=sota)
    clock = handoff.clocks.get()
    with time_at(clock.due_at + timedelta(seconds=1)):
        page = as_user(sota).get(f"/handoffs/{handoff.pk}/").content.decode()
        assert "clock--late" in page
        assert clock in Clock.objects.overdue(at=clock.due_at + timedelta(seconds=1))
    with time_at(clock.due_at - timedelta(minutes=1)):
        assert "clock--late" not in as_user(sota).get(f"/handoffs/{handoff.pk}/").content.decode()
    assert Clock.objects.get(pk=clock.pk).breached_at is None


# ── the ladder ──────────────────────────────────────────────────────────────────────────────────


def test_remind_the_owner_then_tell_the_manager(noa, sota, ren):
    clock = offered(by=noa, taker=sota).clocks.get()
    assert clock.escalates_at == clock.due_at
    at(clock.warn_at, warned=1, breached=0, climbed=0)
    assert not ren.notices.exclude(kind="handoff.offered").exists()
    at(clock.due_at, warned=0, breached=1, climbed=1)
    at(clock.due_at, warned=0, breached=0, climbed=0)
    assert sota.notices.filter(kind="clock.breach").count() == 1
    assert ren.notices.filter(kind="clock.breach").count() == 1
    clock.refresh_from_db()
    assert (clock.escalated, clock.escalates_at) == (1, None)


def test_after_the_manager_a_named_offer_is_open_to_the_whole_team(noa, sota, rin, ren):
    agree(ladder=(("remind", 80), ("manager", 100), ("another", 150)))
    handoff = offered(by=noa, taker=sota)
    clock = handoff.clocks.get()
    at(clock.due_at, climbed=1, pooled=0)
    clock.refresh_from_db()
    assert clock.escalates_at == jst(2026, 11, 10, 12)  # half of 480 minutes after 17:00 on Monday
    at(clock.escalates_at, pooled=1, climbed=0)
    at(clock.escalates_at, pooled=0)
    handoff.refresh_from_db()
    assert (handoff.taker, handoff.named, handoff.state) == (None, False, "waiting")
    assert rin.notices.filter(kind="handoff.pooled").count() == 1
    assert handoff.lead.events.filter(verb="handoff.pool").count() == 1
    with time_at(jst(2026, 11, 10, 13)):
        assert accept_lead(handoff, by=rin).taker == rin


def test_what_was_accepted_stays_with_who_holds_it_and_the_manager_is_asked(noa, sota, ren):
    agree(ladder=(("remind", 80), ("manager", 100), ("another", 150)))
    with time_at(MONDAY):
        handoff = an_accepted(by=noa, taker=sota)
    contact = handoff.clocks.get(kind="contact")
    at(contact.due_at)
    contact.refresh_from_db()
    at(contact.escalates_at, climbed=1, pooled=0)
    handoff.refresh_from_db()
    assert handoff.taker == sota
    assert ren.notices.filter(kind="clock.stuck").count() == 1


def test_the_clock_is_judged_by_the_version_it_began_under(noa, sota, ren):
    clock = offered(by=noa, taker=sota).clocks.get()
    agree(ladder=(("remind", 50), ("manager", 300)))
    at(clock.due_at, climbed=1)
    other = offered(by=noa, taker=sota).clocks.get()
    assert other.warn_at == jst(2026, 11, 9, 13)
    assert other.escalates_at > clock.due_at


def test_of_who_has_left_the_manager_is_told(noa, sota, ren):
    clock = offered(by=noa, taker=sota).clocks.get()
    sota.is_active = False
    sota.save()
    at(clock.warn_at, warned=1)
    assert ren.notices.filter(kind="clock.warning").count() == 1


def test_after_a_night_without_a_sweep_nobody_is_reminded_of_what_is_late(noa, sota):
    clock = offered(by=noa, taker=sota).clocks.get()
    at(clock.due_at + timedelta(days=1), warned=0, breached=1)
    at(clock.due_at + timedelta(days=1), warned=0, breached=0)
    assert not sota.notices.filter(kind="clock.warning").exists()


# ── at once, and by the indexes ─────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_do_everything_once(noa, sota, ren):
    """Without the lock around the sweep too: the rows themselves are claimed."""
    with time_at(MONDAY):
        for _n in range(30):
            an_offer(by=noa, taker=sota)
    due = Clock.objects.earliest("due_at").due_at
    warned = Clock.objects.earliest("warn_at").warn_at
    barrier = threading.Barrier(4)

    def press(act, moment):
        barrier.wait()
        try:
            return sum(iter(lambda: act(at=moment), 0))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for act, moment in ((warn_due, warned), (breach_due, due), (climb_due, due)):
            done = list(pool.map(press, [act] * 4, [moment] * 4))
            assert sum(done) == 30, (act.__name__, done)
    assert Notice.objects.filter(to=sota, kind="clock.warning").count() == 30
    assert Notice.objects.filter(to=sota, kind="clock.breach").count() == 30
    assert Notice.objects.filter(to=ren, kind="clock.breach").count() == 30


@pytest.mark.django_db(transaction=True)
def test_of_sweeps_at_once_one_works_and_the_others_leave(noa, sota):
    with time_at(MONDAY):
        for _n in range(10):
            an_offer(by=noa, taker=sota)
    due = Clock.objects.earliest("due_at").due_at
    barrier = threading.Barrier(3)

    def sweep(_n):
        barrier.wait()
        try:
            with time_at(due):
                return sweep_clocks().get("breached", 0)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(sweep, range(3))) == 10
    assert Notice.objects.filter(to=sota, kind="clock.breach").count() == 10


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda at: Clock.objects.to_warn(at=at).order_by("warn_at"), "clock_to_warn"),
        (lambda at: Clock.objects.to_breach(at=at).order_by("due_at"), "clock_to_breach"),
        (lambda at: Clock.objects.to_escalate(at=at).order_by("escalates_at"), "clock_to_escalate"),
        (lambda at: Handoff.objects.to_lapse(at=at).order_by("lapses_at"), "handoff_to_lapse"),
        (lambda at: Handoff.objects.to_resume(at=at).order_by("paused_until"), "handoff_paused"),
    ],
)
def test_what_is_due_is_found_by_its_index(defaults, rows, index):
    """On an empty table too: without other ways the planner must be able to use the partial index."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    assert index in rows(MONDAY)[:500].explain()


def test_a_sweep_that_finds_nothing_asks_little(defaults, django_assert_max_num_queries):
    caches["local"].clear()
    with time_at(MONDAY), django_assert_max_num_queries(18):
        sweep_clocks()
