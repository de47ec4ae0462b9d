"""Days one usually means: the chips beside a date field."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from accounts.calendars import BusinessCalendar
from accounts.models import WorkingCalendar
from common.clock import page_now
from common.formats import local_day


def revisit_days() -> list[tuple[str, date]]:
    """When a lead may come back: on a Monday some months from now."""
    today = local_day(page_now())
    later = [(_("In 1 month"), 30), (_("In 3 months"), 91), (_("In 6 months"), 182)]
    return [(words, _monday(today + timedelta(days=n))) for words, n in later]


def due_days() -> list[tuple[str, date]]:
    """When a next step is usually due: the next working day, in three days, in a week."""
    today = local_day(page_now())
    found = [(_("Today"), today)] if _works(today) else []
    found.append((_("Next working day"), _working(today + timedelta(days=1))))
    found.append((_("In 3 days"), _working(today + timedelta(days=3))))
    found.append((_("In 1 week"), _working(today + timedelta(days=7))))
    return found


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _works(day: date) -> bool:
    return WorkingCalendar.default().works_on(day)


def _working(day: date) -> date:
    while not _works(day):
        day += timedelta(days=1)
    return day


def days_off(start: date, end: date, calendar: BusinessCalendar) -> list[date]:
    """The days between two on which the weekday would be worked, but is not: a clock stands still on them."""
    span = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return [day for day in span if calendar.hours[day.weekday()] and not calendar.works_on(day)]
