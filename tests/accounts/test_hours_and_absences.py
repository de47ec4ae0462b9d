"""Working calendars and days away: who may change them, what is refused, what they say."""

from datetime import date, timedelta

import pytest

from accounts.actions import (
    add_absence,
    choose_calendar,
    create_calendar,
    edit_calendar,
    lay_calendar,
    remove_absence,
    remove_calendar,
    remove_days,
    set_days,
)
from accounts.calendars import NINE_TO_SIX, week
from accounts.models import Absence, WorkingCalendar
from common import time_at
from common.refusals import Malformed, NotAllowed, Refusal
from tests.factories import a_team
from tests.handoff.moments import jst

pytestmark = pytest.mark.usefixtures("in_english")

MONDAY = jst(2026, 11, 9, 9)
USUAL = {
    "name": "Berlin",
    "time_zone": "Europe/Berlin",
    "country": "DE",
    "hours": week(NINE_TO_SIX),
}


@pytest.fixture
def usual(defaults) -> WorkingCalendar:
    return WorkingCalendar.objects.get(is_default=True)


def days(first: int, last: int) -> tuple[date, date]:
    return date(2026, 11, first), date(2026, 11, last)


def away(person, *, by=None, first=16, last=18, **what) -> Absence:
    first_day, last_day = days(first, last)
    with time_at(MONDAY):
        return add_absence(person, by=by or person, first_day=first_day, last_day=last_day, **what)


# ── calendars ───────────────────────────────────────────────────────────────────────────────────


def test_the_setup_lays_one_default_calendar_and_leaves_it_alone_afterwards(usual, ada):
    edit_calendar(usual, by=ada, **USUAL | {"name": "Ours"})
    assert lay_calendar() == usual
    assert WorkingCalendar.objects.get().name == "Ours"


def test_teams_without_one_of_their_own_work_by_the_default(usual, ada):
    team = a_team()
    assert team.business_calendar.pk == usual.pk
    own = create_calendar(by=ada, **USUAL)
    team = choose_calendar(team, by=ada, calendar=own)
    assert (team.business_calendar.zone, team.business_calendar.pk) == ("Europe/Berlin", own.pk)
    assert choose_calendar(team, by=ada, calendar=usual).calendar is None


def test_every_change_of_the_rules_raises_the_version_and_a_new_name_does_not(usual, ada):
    assert edit_calendar(usual, by=ada, **USUAL).version == 2
    assert edit_calendar(usual, by=ada, **USUAL | {"name": "Other"}).version == 2
    set_days(usual, by=ada, first_day=date(2026, 12, 29), last_day=date(2027, 1, 3))
    assert WorkingCalendar.objects.get().version == 3
    assert remove_days(usual, by=ada, days=[date(2026, 12, 29)]) == 1
    assert remove_days(usual, by=ada, days=[date(2026, 12, 29)]) == 0
    assert WorkingCalendar.objects.get().version == 4
    assert not WorkingCalendar.default().works_on(date(2026, 12, 30))


def test_a_day_set_twice_is_as_it_was_set_last(usual, ada):
    day = date(2026, 12, 5)
    set_days(usual, by=ada, first_day=day)
    set_days(usual, by=ada, first_day=day, name="Stocktaking", hours=((600, 900),))
    assert WorkingCalendar.default().hours_on(day) == ((600, 900),)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"country": "XX"}, "country"),
        ({"hours": week(((600, 540),))}, "hours"),
        ({"hours": week(((540, 720), (700, 900)))}, "hours"),
        ({"hours": week(((540, 541),))}, "hours"),
        ({"hours": week(())}, "hours"),
    ],
)
def test_a_calendar_nobody_could_work_by_is_refused(usual, ada, wrong, field):
    with pytest.raises(Malformed) as refused:
        create_calendar(by=ada, **USUAL | wrong)
    assert refused.value.field == field
    assert WorkingCalendar.objects.count() == 1


def test_two_calendars_are_not_called_alike(usual, ada):
    create_calendar(by=ada, **USUAL)
    with pytest.raises(Malformed, match="already a calendar"):
        create_calendar(by=ada, **USUAL)


def test_a_calendar_in_use_and_the_default_one_stay(usual, ada):
    own = create_calendar(by=ada, **USUAL)
    team = choose_calendar(a_team(name="Berliners"), by=ada, calendar=own)
    for calendar, why in ((usual, "default"), (own, "Berliners")):
        with pytest.raises(Refusal, match=why):
            remove_calendar(calendar, by=ada)
    choose_calendar(team, by=ada, calendar=None)
    remove_calendar(own, by=ada)
    assert WorkingCalendar.objects.get() == usual


def test_days_that_end_before_they_begin_are_refused(usual, ada):
    first, last = days(18, 16)
    with pytest.raises(Malformed):
        set_days(usual, by=ada, first_day=first, last_day=last)


def test_hours_are_the_administrators(usual, mio):
    with pytest.raises(NotAllowed):
        create_calendar(by=mio, **USUAL)
    with pytest.raises(NotAllowed):
        set_days(usual, by=mio, first_day=date(2026, 12, 29))


# ── days away ───────────────────────────────────────────────────────────────────────────────────


def test_both_days_are_away_and_the_stand_in_is_told(sota, rin):
    away(sota, stand_in=rin)
    found = [day for day in range(14, 21) if Absence.objects.on(date(2026, 11, day)).exists()]
    assert found == [16, 17, 18]
    assert rin.notices.get().kind == "absence.stand_in"


def test_the_same_days_again_change_nothing_and_others_in_between_are_refused(sota, rin):
    assert away(sota, stand_in=rin) == away(sota, stand_in=rin)
    with pytest.raises(Refusal, match="already away"):
        away(sota, first=18, last=20)
    away(sota, first=19, last=19)
    assert sota.absences.count() == 2


def test_days_that_are_over_or_end_before_they_begin_are_refused(sota):
    for first, last in ((18, 16), (5, 6)):
        with pytest.raises(Malformed):
            away(sota, first=first, last=last)


def test_who_stands_in_is_of_the_team_and_is_here(sota, rin, noa, ren):
    for wrong in (sota, noa):
        with pytest.raises(Malformed, match="same team"):
            away(sota, stand_in=wrong)
    away(rin, first=18, last=18)
    with pytest.raises(Malformed, match="away in these days too"):
        away(sota, stand_in=rin)
    assert away(sota, stand_in=ren)


def test_everybody_says_so_of_themselves_a_manager_of_the_team(sota, rin, ren, mio, ada, paz):
    for by in (rin, mio, paz):
        with pytest.raises(NotAllowed):
            away(sota, by=by)
    assert away(sota, by=ren)
    assert away(rin, by=ada)
    assert away(paz)


def test_back_early_ends_it_yesterday_and_what_lies_ahead_is_taken_away(sota):
    absence, later = away(sota), away(sota, first=24, last=25)
    with time_at(jst(2026, 11, 17, 9)):
        remove_absence(absence, by=sota)
        remove_absence(later, by=sota)
    assert Absence.objects.get().last_day == date(2026, 11, 16)
    with time_at(jst(2026, 11, 18, 9)), pytest.raises(Refusal, match="over"):
        remove_absence(absence, by=sota)


# ── pages ───────────────────────────────────────────────────────────────────────────────────────


def typed(**changes):
    data = {"name": "Berlin", "time_zone": "Europe/Berlin", "country": "DE"}
    for day in range(5):
        data |= {f"day{day}_a_from": "09:00", f"day{day}_a_to": "12:00"}
        data |= {f"day{day}_b_from": "13:00", f"day{day}_b_to": "18:00"}
    return data | changes


def test_the_administrator_adds_a_calendar_and_gives_it_to_a_team(as_user, ada, sota):
    client = as_user(ada)
    assert client.post("/settings/calendars/new/", typed()).status_code == 302
    made = WorkingCalendar.objects.get(name="Berlin")
    assert made.hours["4"] == [["09:00", "12:00"], ["13:00", "18:00"]]
    assert "5" not in made.hours
    team = sota.team
    client.post(f"/settings/teams/{team.pk}/", {"name": team.name, "calendar": made.pk})
    team.refresh_from_db()
    assert team.calendar == made
    assert team.name in client.get("/settings/calendars/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"day0_a_to": ""}, {"day0_b_from": "11:00"}, {"name": ""}, {"day1_a_from": "9 am"}]
)
def test_hours_typed_wrong_come_back_with_what_was_typed(as_user, ada, wrong):
    answer = as_user(ada).post("/settings/calendars/new/", typed(**wrong))
    assert answer.status_code == 422
    assert 'value="Berlin"' in answer.content.decode() or wrong == {"name": ""}


def test_midnight_as_an_end_is_the_end_of_the_day(as_user, ada):
    as_user(ada).post("/settings/calendars/new/", typed(day0_b_to="00:00"))
    assert WorkingCalendar.objects.get(name="Berlin").hours["0"][1] == ["13:00", "24:00"]


def test_the_turn_of_the_year_as_a_range_and_back(as_user, ada, usual):
    client, url = as_user(ada), f"/settings/calendars/{usual.pk}/days/"
    assert client.get(url).status_code == 200
    client.post(
        url, {"first_day": "2026-12-29", "last_day": "2027-01-03", "name": "Turn", "works": ""}
    )
    assert usual.days.count() == 6
    with time_at(MONDAY):
        page = client.get(f"/settings/calendars/{usual.pk}/").content.decode()
    assert page.count("Turn") == 1, "six days alike are one line"
    client.post(url + "removal/", {"first": "2026-12-29", "last": "2027-01-03"})
    assert not usual.days.exists()
    assert client.post(url + "removal/", {"first": "never"}).status_code == 302


def test_the_weeks_show_holidays_by_name(as_user, ada, usual, django_assert_max_num_queries):
    client = as_user(ada)
    client.get(f"/settings/calendars/{usual.pk}/")
    with time_at(MONDAY), django_assert_max_num_queries(9):
        page = client.get(f"/settings/calendars/{usual.pk}/").content.decode()
    assert "Labor Thanksgiving Day" in page


def test_the_people_page_says_who_is_away(as_user, ada, sota, rin):
    away(sota, stand_in=rin)
    with time_at(MONDAY):
        page = as_user(ada).get("/settings/").content.decode()
    assert "Rin stands in" in page


def test_everybody_enters_their_days_and_sees_their_team(as_user, sota, noa):
    soon = date.today() + timedelta(days=5)
    client = as_user(sota)
    assert client.get("/absences/new/").status_code == 200
    what = {"person": sota.pk, "first_day": soon, "last_day": soon, "stand_in": ""}
    assert client.post("/absences/new/", what).status_code == 302
    assert client.post("/absences/new/", what | {"person": noa.pk}).status_code == 422
    absence = Absence.objects.get(person=sota)
    for url in ("/absences/", "/profile/"):
        assert f"/absences/{absence.pk}/removal/" in client.get(url).content.decode()
    assert as_user(noa).post(f"/absences/{absence.pk}/removal/").status_code == 404
    as_user(sota).post(f"/absences/{absence.pk}/removal/")
    assert not Absence.objects.exists()


@pytest.mark.parametrize("path", ["", "new/", "1/", "1/days/"])
def test_the_pages_of_hours_are_the_administrators(as_user, mio, path):
    assert as_user(mio).get(f"/settings/calendars/{path}").status_code in (403, 404)
