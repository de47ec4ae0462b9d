"""What an address asks for, and the address of what is asked: shared by page, list, API, command."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.permissions import can
from common import now
from common.refusals import Malformed, NotAllowed
from kpi.measures import NONE, Figure, Scope, group_named
from kpi.periods import Period, Preset, period_of
from kpi.states import View

FILTERS = ("source", "campaign", "team", "lane", "person")
# Where nothing is said: what happened. The page begins with the quarter, everything else with all.
DEFAULT_VIEW = View.ACTIVITY
PAGE_PERIOD = Preset.QUARTER
FIRST_YEAR, LAST_YEAR = 1970, 2199


def scope_of(params: QueryDict, user, *, period: str = Preset.ALL) -> Scope:
    """The scope an address asks for; `period` is the preset where it names none.

    Raises `Malformed` for what cannot be understood, `NotAllowed` for persons asked for by
    somebody who is not a manager.
    """
    at = now()
    filters = tuple((name, _choice(str(params[name]))) for name in FILTERS if params.get(name))
    cells = tuple(_cell(text) for text in params.getlist("in"))
    if user is not None and {"person"} & {name for name, _ in (*filters, *cells)}:
        demand_people(user)
    return Scope(
        view=_one_of(View, params.get("view") or DEFAULT_VIEW, "view"),
        period=period_from(params, at, default=period),
        at=at,
        user=user,
        filters=filters,
        cells=cells,
    )


def demand_people(user) -> None:
    """Figures by person are for managers only."""
    if not can(user, "kpi.people"):
        raise NotAllowed(_("Figures by person are for managers only."))


def demand_no_person(figure: Figure, scope: Scope) -> None:
    """Raises `NotAllowed` where a figure that is never shown by person is asked for one."""
    if not figure.shows_people and any(name == "person" for name, _ in scope.filters):
        raise NotAllowed(_("This figure is never shown by person."))


def period_from(params: Mapping[str, str], at, *, default: str = Preset.ALL) -> Period:
    """A preset (`period`), or `from` and `to` (the day after), or `from` and `last` (the last day)."""
    organisation = Organisation.current()
    zone = organisation.zone
    preset = params.get("period") or ""
    first, end, last = (_day(params.get(name), name) for name in ("from", "to", "last"))
    if last:
        end = last + timedelta(days=1)
    if first or end:
        if first and end and end <= first:
            raise Malformed(_("The period ends before it begins."), field="to")
        return Period(first, end, zone, Preset.CUSTOM)
    known = _one_of(Preset, preset or default, "period")
    known = Preset.ALL if known == Preset.CUSTOM else known
    today = at.astimezone(zone).date()
    return period_of(known, today, zone=zone, fiscal_month=organisation.fiscal_month)


def _one_of(choices, text: str, field: str):
    if text not in choices.values:
        raise Malformed(_("This view of the figures does not exist."), field=field)
    return choices(text)


def _day(text: str | None, field: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise Malformed(_("Write dates like 2026-11-21."), field=field) from wrong
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Malformed(_("Write dates like 2026-11-21."), field=field)
    return day


def _choice(text: str) -> str:
    if text == NONE or (text.isascii() and text.isdigit() and len(text) < 19):
        return text
    raise Malformed(_("There is no such filter."))


def _cell(text: str) -> tuple[str, str]:
    name, _colon, key = text.partition(":")
    group_named(name).value(key)
    return name, key


_DEFAULTS = {"view": DEFAULT_VIEW.value, "period": PAGE_PERIOD.value}


# ── addresses ───────────────────────────────────────────────────────────────────────────────────


def query_of(scope: Scope, **changes: str | None) -> str:
    """The scope as the query of an address; `changes` replace, or with None leave out, a part."""
    params: dict[str, str | None] = {"view": scope.view.value, **period_params(scope.period)}
    params |= dict(scope.filters) | changes
    for name, value in _DEFAULTS.items():
        if params.get(name) == value:  # A page has hundreds of links: they say what is special.
            del params[name]
    found = QueryDict(mutable=True)
    for name, value in params.items():
        if value not in (None, ""):
            found[name] = value
    found.setlist("in", [f"{name}:{key}" for name, key in scope.cells])
    return found.urlencode(safe=":")


def period_params(period: Period) -> dict[str, str]:
    """The part of an address that says the period."""
    if period.preset != Preset.CUSTOM:
        return {"period": str(period.preset)}
    days = {"from": period.first, "to": period.end}
    return {name: day.isoformat() for name, day in days.items() if day}


def list_url(
    name: str, scope: Scope, cells: Iterable[tuple[str, str]] = (), part: bool | None = None
) -> str:
    """Where the rows behind the figure `name` are; `cells` are a group of it, `part` of a ratio."""
    query = [_query_of(scope), *(f"in={group}:{key}" for group, key in cells)]
    if part is not None:
        query.append("part=in" if part else "part=out")
    return f"{_address(name)}?{'&'.join(filter(None, query))}"


@lru_cache(maxsize=64)
def _query_of(scope: Scope) -> str:
    """Kept, since a page has hundreds of links that differ in their end only."""
    return query_of(scope)


@cache
def _address(name: str) -> str:
    return reverse("kpi:list", args=[name])
