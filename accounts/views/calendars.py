"""Hours and holidays: the working calendars, their days that differ, and the weeks they make."""

from datetime import date, timedelta

from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actions import create_calendar, edit_calendar, remove_calendar, remove_days, set_days
from accounts.calendars import BusinessCalendar, hours_in_words, parse_hours, public_holidays
from accounts.forms import COUNTRIES, attempt
from accounts.forms.calendars import WEEKDAYS, CalendarForm, DaysForm
from accounts.models import Organisation, Team, WorkingCalendar
from accounts.views.guard import administrators_only
from common.clock import page_now
from common.web import go

WEEKS_SHOWN = 4


@require_GET
@administrators_only
def calendars(request):
    """All calendars, and who works by which."""
    rows = list(WorkingCalendar.objects.prefetch_related("days"))
    teams = list(Team.objects.active().in_flow_order())
    content = {"rows": [_row(row, teams) for row in rows]}
    return render(request, "accounts/calendars.html", content)


def _row(calendar: WorkingCalendar, teams: list[Team]) -> dict:
    business = calendar.business()
    country = dict(COUNTRIES).get(calendar.country, calendar.country) if calendar.country else ""
    today = business.local_day(page_now())
    return {
        "calendar": calendar,
        "hours": hours_in_words(business.usual_hours),
        "weekdays": _weekdays(business),
        "country": country,
        "teams": _teams_of(calendar, teams),
        "own_days": sum(one.day >= today for one in calendar.days.all()),
    }


def _teams_of(calendar: WorkingCalendar, teams: list[Team]) -> list[Team]:
    return [
        team
        for team in teams
        if team.calendar_id == calendar.pk or (calendar.is_default and team.calendar_id is None)
    ]


def _weekdays(business: BusinessCalendar) -> str:
    """The weekdays that are worked: Monday–Friday, or one by one."""
    worked = [day for day, hours in enumerate(business.hours) if hours]
    names = [str(WEEKDAYS[day]) for day in worked]
    if len(worked) > 2 and worked == list(range(worked[0], worked[-1] + 1)):
        return f"{names[0]}–{names[-1]}"
    return ", ".join(names)


@require_http_methods(["GET", "POST"])
@administrators_only
def calendar_new(request):
    form = CalendarForm(request.POST or None, zone=Organisation.current().time_zone)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, create_calendar, by=request.user)
        if made is not None:
            words = _("Added: %(name)s.") % {"name": made.name}
            return go(request, "accounts:calendar", words, pk=made.pk)
    status = 422 if form.errors else 200
    return render(request, "accounts/calendar.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@administrators_only
def calendar(request, pk):
    """One calendar: its hours, the days that differ, and what the next weeks look like."""
    row = get_object_or_404(WorkingCalendar.objects.prefetch_related("days"), pk=pk)
    form = CalendarForm(request.POST or None, calendar=row, zone=row.time_zone)
    if _done(request, form, edit_calendar, row):
        return go(request, "accounts:calendar", _("Saved."), pk=pk)
    status = 422 if form.errors else 200
    business = row.business()
    today = business.local_day(page_now())
    content = {
        "form": form,
        "calendar": row,
        "teams": _teams_of(row, list(Team.objects.active().in_flow_order())),
        "ranges": _ranges([one for one in row.days.all() if one.day >= today]),
        "weekdays": [str(name) for name in WEEKDAYS],
        "weeks": _weeks(business, today, row),
    }
    return render(request, "accounts/calendar.html", content, status=status)


def _done(request, form, verb, row: WorkingCalendar) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    return attempt(form, verb, row, by=request.user) is not None


def _weeks(business: BusinessCalendar, today: date, row: WorkingCalendar) -> list[list[dict]]:
    """The present week and the three after it, each day with its hours or why it is closed."""
    monday = today - timedelta(days=today.weekday())
    own = {one.day: one.name for one in row.days.all()}
    language = (get_language() or "ja").split("-")[0]
    days = [monday + timedelta(days=n) for n in range(7 * WEEKS_SHOWN)]
    cells = [_cell(business, day, today, own, language) for day in days]
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]


def _cell(business, day: date, today: date, own: dict, language: str) -> dict:
    hours = business.hours_on(day)
    holiday = public_holidays(business.country, day.year, language).get(day, "")
    return {
        "day": day,
        "hours": hours_in_words(hours),
        "name": own.get(day, holiday),
        "is_own": day in own,
        "is_today": day == today,
        "is_past": day < today,
    }


def _ranges(days) -> list[dict]:
    """Days in a row that are alike, as one line."""
    found: list[dict] = []
    for one in days:
        last = found[-1] if found else None
        alike = last and (last["name"], last["raw"]) == (one.name, one.hours)
        if alike and one.day - last["last"] == timedelta(days=1):
            last["last"] = one.day
            continue
        words = hours_in_words(parse_hours(one.hours))
        found.append(
            {"first": one.day, "last": one.day, "name": one.name, "hours": words, "raw": one.hours}
        )
    return found


@require_http_methods(["GET", "POST"])
@administrators_only
def calendar_days(request, pk):
    """The dialog that adds days off, or days worked out of turn."""
    row = get_object_or_404(WorkingCalendar, pk=pk)
    form = DaysForm(request.POST or None, hours=row.business().usual_hours)
    if _done(request, form, set_days, row):
        return go(request, "accounts:calendar", _("Saved."), pk=pk)
    content = {
        "form": form,
        "calendar": row,
        "title": _("Days that differ"),
        "year_end": _year_end(row),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/calendar_days.html", content, status=status)


def _year_end(row: WorkingCalendar) -> tuple[date, date]:
    """29 December to 3 January, the next time it comes."""
    today = row.business().local_day(page_now())
    year = today.year - (today <= date(today.year, 1, 3))
    return date(year, 12, 29), date(year + 1, 1, 3)


@require_POST
@administrators_only
def calendar_days_removal(request, pk):
    """Takes back the days from `first` to `last`."""
    row = get_object_or_404(WorkingCalendar, pk=pk)
    try:
        first = date.fromisoformat(request.POST.get("first", ""))
        last = date.fromisoformat(request.POST.get("last", ""))
    except ValueError:
        first, last = date.max, date.min
    wanted = row.days.filter(day__gte=first, day__lte=last).values_list("day", flat=True)
    remove_days(row, by=request.user, days=list(wanted))
    return go(request, "accounts:calendar", _("These days are as every week again."), pk=pk)


@require_POST
@administrators_only
def calendar_removal(request, pk):
    remove_calendar(get_object_or_404(WorkingCalendar, pk=pk), by=request.user)
    return go(request, "accounts:calendars", _("The calendar is removed."))
