"""How the company of the demo works: its hours, who is away, what a hearing asks, the agency's seat."""

from datetime import date, timedelta

from accounts.actions.absences import add_absence
from accounts.actions.calendars import choose_calendar, create_calendar, set_days
from accounts.actions.seats import set_seat
from accounts.calendars import parse_hours
from accounts.models import WorkingCalendar
from accounts.states import Maskable
from common import now
from leads.actions.sheets import save_sheet
from smarketing.demo.books import read
from smarketing.demo.cast import Cast
from smarketing.demo.world import World

NEW_YEAR = "年末年始の休業"
# Early, and with a break: the second sales team works in Osaka, next door to factories.
WITH_A_BREAK = parse_hours([["08:30", "12:00"], ["13:00", "18:00"]])
SEAT_LASTS = timedelta(days=120)
SHEET_SINCE = timedelta(days=200)


def lay_calendars(cast: Cast, *, first_year: int, last_year: int) -> None:
    """The default hours, those of the second sales team, and for both the days off at New Year."""
    admin = cast.people["admin"]
    osaka = create_calendar(
        by=admin,
        name="営業二課(大阪)の営業時間",
        time_zone="Asia/Tokyo",
        country="JP",
        hours=(*[WITH_A_BREAK] * 5, (), ()),
    )
    choose_calendar(cast.teams["sales2"], by=admin, calendar=osaka)
    for calendar in WorkingCalendar.objects.all():
        for year in range(first_year, last_year + 1):
            days = {"first_day": date(year, 12, 29), "last_day": date(year + 1, 1, 3)}
            set_days(calendar, by=admin, name=NEW_YEAR, **days)


def tell_office(world: World) -> None:
    """Plan what changes in the office on the way to the present."""
    world.plan(world.end - SHEET_SINCE, _lay_sheet, world)
    world.plan(world.end - timedelta(days=6), _go_away, world)
    world.plan(world.end - timedelta(days=1), _plan_leave, world)


def _lay_sheet(world: World) -> None:
    """What inside sales asks, with a hint how; the manager of the team wrote it."""
    people, teams = world.cast.people, world.cast.teams
    save_sheet(teams["inside"], by=people["inside_head"], items=read("sheet")["item"])


def _go_away(world: World) -> None:
    """One of the first sales team is away this week with nobody standing in: that is seen in the queue."""
    person = world.cast.people["rep3"]
    first_day = world.hours.today(now())
    add_absence(person, by=person, first_day=first_day, last_day=_sunday(world))


def _plan_leave(world: World) -> None:
    """Another one is away all of next week, and has said who stands in."""
    person, stand_in = world.cast.people["rep2"], world.cast.people["rep3"]
    first_day = _sunday(world) + timedelta(days=1)
    add_absence(
        person,
        by=person,
        first_day=first_day,
        last_day=first_day + timedelta(days=4),
        stand_in=stand_in,
    )


def _sunday(world: World) -> date:
    """The end of the week of the present."""
    today = world.hours.today(world.end)
    return today + timedelta(days=6 - today.weekday())


def settle_seat(world: World) -> None:
    """The agency works until a day some months ahead. It calls, so it sees phone numbers, and not
    where else a lead can be reached or comes from."""
    set_seat(
        world.cast.teams["agency"],
        by=world.cast.people["admin"],
        purpose="電話でのヒアリングと商談化",
        masked=[Maskable.EMAIL, Maskable.ADDRESS, Maskable.SOURCE, Maskable.CAMPAIGN],
        ends_on=world.hours.today(world.end) + SEAT_LASTS,
    )
