"""What the head of a page offers: the view, the period and the filters, all of it in the address."""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import formats
from kpi.filters import FILTERS, period_params, query_of
from kpi.measures import GROUPS, Scope, Words
from kpi.periods import Period, Preset
from kpi.states import View
from kpi.views.names import Names

SAYS = {
    View.COHORT: gettext_lazy("Leads captured in the period, and how far they have got to date."),
    View.ACTIVITY: gettext_lazy("What happened in the period, whenever the lead was captured."),
}


@dataclass
class Choice:
    label: Words
    url: str
    current: bool


@dataclass
class Select:
    name: str
    label: Words
    choices: list[tuple[str, str]]
    value: str


class Picker:
    """`path` is the page's own address; `keep` what else stands in it (the part of a list …)."""

    def __init__(self, scope: Scope, names: Names, path: str, keep: dict[str, str] | None = None):
        self.scope, self.names, self.path, self.keep = scope, names, path, keep or {}

    def _url(self, scope: Scope, **changes) -> str:
        return f"{self.path}?{query_of(scope, **(self.keep | changes))}"

    def views(self) -> list[Choice]:
        return [
            Choice(view.label, self._url(replace(self.scope, view=view)), view == self.scope.view)
            for view in (View.ACTIVITY, View.COHORT)
        ]

    @property
    def says(self):
        return SAYS[self.scope.view]

    def presets(self) -> list[Choice]:
        return [
            Choice(
                preset.label,
                self._url(self.scope, **{"period": preset.value, "from": None, "to": None}),
                preset == self.scope.period.preset,
            )
            for preset in Preset
            if preset != Preset.CUSTOM
        ]

    @property
    def period_words(self) -> str:
        return period_words(self.scope.period, self.scope)

    @property
    def preset_label(self) -> str:
        preset = Preset(self.scope.period.preset)
        return self.period_words if preset == Preset.CUSTOM else str(preset.label)

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """The rest of the address, for a form that changes only `without`."""
        params = {"view": self.scope.view.value, **period_params(self.scope.period)}
        params |= dict(self.scope.filters) | self.keep
        pairs = [(k, v) for k, v in params.items() if v and k not in without]
        return pairs + [("in", f"{name}:{key}") for name, key in self.scope.cells]

    def hidden_for_dates(self) -> list[tuple[str, str]]:
        return self.hidden("period", "from", "to")

    def hidden_for_filters(self) -> list[tuple[str, str]]:
        return self.hidden(*FILTERS)

    def selects(self) -> list[Select]:
        chosen = dict(self.scope.filters)
        found = [
            Select(name, GROUPS[name].title, self.names.choices(name), chosen.get(name, ""))
            for name in FILTERS
        ]
        return [select for select in found if select.choices]

    def chips(self) -> list[dict]:
        """The filters that are on, each with the address without it."""
        return [
            {
                "name": GROUPS[name].title,
                "value": self.names.of(name, None if key == "none" else key),
                "off": self._url(self.scope, **{name: None}),
            }
            for name, key in self.scope.filters
        ]

    @property
    def filters_url(self) -> str:
        """Where the form of the filters is: hundreds of people and campaigns are told on request."""
        page = urlencode({"next": self.path})
        return f"{reverse('kpi:filters')}?{query_of(self.scope, **self.keep)}&{page}"

    @property
    def bare_url(self) -> str:
        return self._url(replace(self.scope, filters=()))

    @property
    def all_time_url(self) -> str:
        return self._url(self.scope, **{"period": Preset.ALL.value, "from": None, "to": None})


def period_words(period: Period, scope: Scope) -> str:
    """The days of a period, as far as they have come: 2026/10/1(木)–11/21(土)."""
    today = scope.at.astimezone(period.zone).date()
    last = min(period.last, today) if period.last else today
    if period.first is None:
        return _("Until %(day)s") % {"day": formats.day(last, today=today)}
    if period.first > today:
        return _("From %(day)s") % {"day": formats.day(period.first, today=today)}
    return f"{formats.day(period.first, today=today)} – {formats.day(last, today=today)}"
