"""Hours of the week, days that differ, and absences, as they are typed. Rules are the verbs'."""

from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.calendars import CLOSED, MIDNIGHT, NINE_TO_SIX, Hours, week
from accounts.forms import COUNTRIES, ZoneField
from accounts.models import User, WorkingCalendar
from common.forms import DayInput

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
# A day has two stretches of work at most: before and after its break.
STRETCHES = ("a", "b")


def _time_field(label) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "aria-label": label})
    return forms.TimeField(label=label, required=False, widget=widget)


def _minutes(of_day: time) -> int:
    return of_day.hour * 60 + of_day.minute


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


class HoursMixin:
    """Stretches of hours: fields `<prefix>_<stretch>_from` and `…_to` each."""

    def add_hours(self, prefix: str, label) -> None:
        for stretch in STRETCHES:
            words = {
                "a": (_("%(day)s from"), _("%(day)s to")),
                "b": (_("%(day)s again from"), _("%(day)s again to")),
            }[stretch]
            for end, what in zip(("from", "to"), words, strict=True):
                self.fields[f"{prefix}_{stretch}_{end}"] = _time_field(what % {"day": label})

    @staticmethod
    def initial_hours(prefix: str, hours: Hours) -> dict:
        found = {}
        for stretch, (begin, end) in zip(STRETCHES, hours, strict=False):
            found[f"{prefix}_{stretch}_from"] = _time(begin)
            found[f"{prefix}_{stretch}_to"] = _time(end)
        return found

    def pop_hours(self, data: dict, prefix: str) -> Hours:
        """The hours typed for `prefix`, taken out of `data`; midnight as an end is the end of the day."""
        found = []
        for stretch in STRETCHES:
            name = f"{prefix}_{stretch}"
            begin, end = data.pop(f"{name}_from", None), data.pop(f"{name}_to", None)
            if (begin is None) != (end is None):
                missing = f"{name}_from" if begin is None else f"{name}_to"
                if missing not in self.errors:
                    self.add_error(missing, _("Both times are needed, or neither."))
            elif begin is not None:
                found.append((_minutes(begin), _minutes(end) or MIDNIGHT))
        return tuple(found)


class CalendarForm(HoursMixin, forms.Form):
    """A calendar: its name, where it holds, and the hours of each weekday."""

    marks_optional = False

    name = forms.CharField(label=_("Name"), max_length=60)
    country = forms.ChoiceField(label=_("Public holidays of"), choices=COUNTRIES, required=False)

    def __init__(self, *args, calendar: WorkingCalendar | None = None, zone: str, **kwargs):
        shown = calendar.business() if calendar else None
        hours = shown.hours if shown else week(NINE_TO_SIX)
        kwargs["initial"] = {
            "name": calendar.name if calendar else "",
            "time_zone": calendar.time_zone if calendar else zone,
            "country": calendar.country if calendar else "JP",
        }
        for day, of_day in enumerate(hours):
            kwargs["initial"] |= self.initial_hours(f"day{day}", of_day)
        super().__init__(*args, **kwargs)
        here = calendar.time_zone if calendar else zone
        self.fields["time_zone"] = ZoneField(label=_("Time zone"), now_set=here)
        self.order_fields(["name", "time_zone", "country"])
        for day, label in enumerate(WEEKDAYS):
            self.add_hours(f"day{day}", label)

    @property
    def days(self):
        """(weekday, its four fields) for the table."""
        names = [f"{stretch}_{end}" for stretch in STRETCHES for end in ("from", "to")]
        return [
            (label, [self[f"day{day}_{name}"] for name in names])
            for day, label in enumerate(WEEKDAYS)
        ]

    def clean(self):
        data = super().clean()
        data["hours"] = tuple(self.pop_hours(data, f"day{day}") for day in range(7))
        return data


class DaysForm(HoursMixin, forms.Form):
    """A day or a range of days that differ from their weekday."""

    marks_optional = False

    first_day = forms.DateField(label=_("First day"), widget=DayInput())
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput(),
        help_text=_("Leave it empty for a single day."),
    )
    name = forms.CharField(
        label=_("What for"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("For example: turn of the year")}),
    )
    works = forms.ChoiceField(
        label=_("On these days"),
        choices=[
            ("", pgettext_lazy("days", "Closed")),
            ("1", pgettext_lazy("days", "Worked, at these hours")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, hours: Hours, **kwargs):
        kwargs["initial"] = {"works": ""} | self.initial_hours("at", hours)
        super().__init__(*args, **kwargs)
        self.add_hours("at", _("Hours"))

    @property
    def hours_fields(self):
        return [self[f"at_{stretch}_{end}"] for stretch in STRETCHES for end in ("from", "to")]

    def clean(self):
        data = super().clean()
        typed = self.pop_hours(data, "at")
        works = bool(data.pop("works", ""))
        if works and not typed and not self.errors:
            self.add_error("works", _("Say from when to when is worked."))
        data["hours"] = typed if works else CLOSED
        return data


class AbsenceForm(forms.Form):
    """From when to when somebody is away, and who stands in."""

    marks_optional = False

    person = forms.ModelChoiceField(User.objects.none(), label=_("Who"), empty_label=None)
    first_day = forms.DateField(label=_("First day away"), widget=DayInput())
    last_day = forms.DateField(label=_("Last day away"), widget=DayInput())
    stand_in = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who stands in"),
        required=False,
        empty_label=pgettext_lazy("stand-in", "Nobody"),
    )

    def __init__(self, *args, people, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        self.fields["stand_in"].queryset = colleagues
        for name in ("person", "stand_in"):
            self.fields[name].label_from_instance = lambda user: user.name
