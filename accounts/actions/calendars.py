"""Working calendars: hours of the week, days that differ, and which team works by which."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.organisation import refuse_place
from accounts.calendars import CLOSED, Hours, Week, hours_as_text, parse_hours
from accounts.models import CalendarDay, Team, User, WorkingCalendar
from accounts.permissions import demand
from common.refusals import Malformed, Refusal

# In minutes. With next to no working hours a promise of some days would be due in decades.
SHORTEST_WEEK = 5 * 60
LONGEST_RANGE = 400
DEFAULT_NAME = "標準の営業時間"


def lay_calendar() -> WorkingCalendar:
    """The default calendar, laid if there is none: Monday to Friday from nine to six."""
    found, made = WorkingCalendar.objects.get_or_create(
        is_default=True, defaults={"name": DEFAULT_NAME}
    )
    if made:
        WorkingCalendar.forget()
    return found


@transaction.atomic
def create_calendar(
    *, by: User | None, name: str, time_zone: str, country: str, hours: Week
) -> WorkingCalendar:
    """A further calendar, for teams that work at other hours than the default one says."""
    demand(by, "people.manage")
    calendar = WorkingCalendar()
    _fill(calendar, name, time_zone, country, hours)
    _save(calendar)
    return calendar


@transaction.atomic
def edit_calendar(
    calendar: WorkingCalendar,
    *,
    by: User | None,
    name: str,
    time_zone: str,
    country: str,
    hours: Week,
) -> WorkingCalendar:
    """Change name, place and weekly hours. Promises already given keep their due moments.

    Raises `Malformed` for hours that end before they begin, overlap, or come to next to nothing.
    """
    demand(by, "people.manage")
    calendar = _lock(calendar)
    before = _rules(calendar)
    _fill(calendar, name, time_zone, country, hours)
    if _rules(calendar) != before:
        calendar.version += 1
    _save(calendar)
    return calendar


@transaction.atomic
def remove_calendar(calendar: WorkingCalendar, *, by: User | None) -> None:
    """Take a calendar away that nobody works by and nothing was promised under. Never the default one."""
    demand(by, "people.manage")
    calendar = _lock(calendar)
    if calendar.is_default:
        raise Refusal(_("The default calendar stays: teams without one of their own work by it."))
    if team := calendar.teams.order_by("name").first():
        raise Refusal(
            _("The team %(team)s works by this calendar. Give it another one first.")
            % {"team": team.name}
        )
    try:
        with transaction.atomic():
            calendar.delete()
    except IntegrityError as kept:
        raise Refusal(_("Promises were given under this calendar, so it is kept.")) from kept
    _forget()


@transaction.atomic
def set_days(
    calendar: WorkingCalendar,
    *,
    by: User | None,
    first_day: date,
    last_day: date | None = None,
    name: str = "",
    hours: Hours = CLOSED,
) -> list[CalendarDay]:
    """Make days differ from their weekday: days off (no hours), or worked out of turn.

    A day set before is set anew. Raises `Malformed` for a range that ends before it begins.
    """
    demand(by, "people.manage")
    last_day = last_day or first_day
    if last_day < first_day:
        raise Malformed(_("The last day comes before the first one."), field="last_day")
    if (last_day - first_day).days >= LONGEST_RANGE:
        raise Malformed(_("Set a year at most at once."), field="last_day")
    _refuse_overlap(hours)
    calendar = _lock(calendar)
    wanted = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    what = {"name": name.strip(), "hours": hours_as_text(hours)}
    calendar.days.filter(day__in=wanted).delete()
    days = CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, day=day, **what) for day in wanted
    )
    _raise_version(calendar)
    return days


@transaction.atomic
def remove_days(calendar: WorkingCalendar, *, by: User | None, days: Iterable[date]) -> int:
    """Have these days be as their weekday is again. Returns how many were set."""
    demand(by, "people.manage")
    calendar = _lock(calendar)
    removed, _each = calendar.days.filter(day__in=list(days)).delete()
    if removed:
        _raise_version(calendar)
    return removed


@transaction.atomic
def choose_calendar(team: Team, *, by: User | None, calendar: WorkingCalendar | None) -> Team:
    """Have `team` work by `calendar`; None: by the default one. Clocks that run keep their moments."""
    demand(by, "people.manage")
    team = Team.objects.select_for_update().get(pk=team.pk)
    own = None if calendar is None or calendar.is_default else calendar
    team.calendar = own
    team.save(update_fields=["calendar"])
    return team


def _fill(calendar: WorkingCalendar, name, time_zone, country, hours: Week) -> None:
    if not name.strip():
        raise Malformed(_("A calendar needs a name."), field="name")
    refuse_place(time_zone, country)
    for of_day in hours:
        _refuse_overlap(of_day)
    if sum(end - begin for of_day in hours for begin, end in of_day) < SHORTEST_WEEK:
        raise Malformed(_("A working week has at least five hours."), field="hours")
    calendar.name, calendar.time_zone, calendar.country = name.strip(), time_zone, country
    calendar.hours = {str(day): hours_as_text(one) for day, one in enumerate(hours) if one}


def _refuse_overlap(hours: Hours) -> None:
    try:
        parse_hours(hours_as_text(hours))
    except ValueError as wrong:
        raise Malformed(
            _("Hours end after they begin, and the next ones begin after a break."), field="hours"
        ) from wrong


def _rules(calendar: WorkingCalendar) -> tuple:
    return calendar.time_zone, calendar.country, calendar.hours


def _raise_version(calendar: WorkingCalendar) -> None:
    calendar.version += 1
    calendar.save(update_fields=["version"])
    _forget()


def _forget() -> None:
    """At once for this transaction, and after it for who read in between."""
    WorkingCalendar.forget()
    transaction.on_commit(WorkingCalendar.forget)


def _lock(calendar: WorkingCalendar) -> WorkingCalendar:
    return WorkingCalendar.objects.select_for_update().get(pk=calendar.pk)


def _save(calendar: WorkingCalendar) -> None:
    try:
        with transaction.atomic():
            calendar.save()
    except IntegrityError as taken:
        raise Malformed(_("There is already a calendar of this name."), field="name") from taken
    _forget()
