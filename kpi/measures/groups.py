"""The groups a figure can be told by: source, campaign, month … Their keys are stable text."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, DateField, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, TruncMonth, TruncWeek
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from accounts.models import Team, User
from accounts.states import Side
from common import formats
from common.refusals import Malformed
from handoff.models import DealStep, Lane, ReturnReason
from handoff.states import ClockKind
from kpi.measures.measure import Measure
from kpi.measures.rooms import CLOCKS, FUNNEL
from kpi.measures.scope import NONE, Scope
from kpi.states import BANDS
from leads.models import Campaign, Source
from leads.states import FactField, Stage


@dataclass(frozen=True)
class Group:
    """One way to divide rows.

    `column` says where a measure's rows keep it (nothing: they cannot be told by it), `read`
    turns the text of an address into a value, `key` a value into that text, and `words` values
    into what people read. `from_text` reads a value as PostgreSQL writes it. `named` groups are
    known by their words, the others by their key.
    """

    name: str
    title: str | Promise
    column: Callable[[Measure, Scope], Any]
    read: Callable[[str], Any]
    words: Callable[[Iterable], dict]
    key: Callable[[Any], str] = str
    from_text: Callable[[str], Any] = str
    named: bool = False

    def fits(self, measure: Measure, scope: Scope) -> bool:
        return bool(self.column(measure, scope))

    def expression(self, measure: Measure, scope: Scope):
        """What the rows of `measure` are divided by. Raises `Malformed` where that has no sense."""
        column = self.column(measure, scope)
        if not column:
            raise Malformed(_("This figure cannot be divided in this way."), field="by")
        return F(column) if isinstance(column, str) else column

    def value(self, key: str):
        """The value a key stands for. Raises `Malformed` for text that is no key of this group."""
        try:
            return None if key == NONE else self.read(key)
        except (ValueError, KeyError) as wrong:
            raise Malformed(_("There is no such group."), field="in") from wrong

    def key_of(self, value) -> str:
        return NONE if value is None else self.key(value)


def narrow(rows: QuerySet, measure: Measure, scope: Scope) -> QuerySet:
    """Of `rows` those in the cells of the scope."""
    for number, (name, key) in enumerate(scope.cells):
        group = group_named(name)
        alias, value = f"cell_{number}", group.value(key)
        rows = rows.alias(**{alias: group.expression(measure, scope)})
        rows = rows.filter(**({f"{alias}__isnull": True} if value is None else {alias: value}))
    return rows


def group_named(name: str) -> Group:
    """Raises `Malformed` for a name that is none."""
    if name not in GROUPS:
        raise Malformed(_("Figures cannot be divided in this way."), field="by")
    return GROUPS[name]


# ── where the rooms keep it ─────────────────────────────────────────────────────────────────────


def _own(**columns):
    return lambda measure, scope: columns.get(measure.room.name)


def _of_lead(column: str):
    def place(measure: Measure, scope: Scope):
        if measure.room is FUNNEL:
            return column
        if measure.room is CLOCKS:  # A clock hangs on a handoff or on a question.
            return Coalesce(f"handoff__lead__{column}", f"question__lead__{column}")
        return f"lead__{column}"

    return place


def _time(trunc):
    def place(measure: Measure, scope: Scope):
        column = measure.month or measure.moment
        if column == "expected_on":  # Deals are expected in a month, not in a week.
            return column if trunc is TruncMonth else None
        return Cast(trunc(column, tzinfo=scope.period.zone), DateField())

    return place


def _band():
    steps = (When(engagement__gte=low, then=Value(low)) for low in reversed(BANDS))
    return Case(*steps, default=Value(BANDS[0]), output_field=IntegerField())


# ── keys and words ──────────────────────────────────────────────────────────────────────────────


def _row_number(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**63:
        raise ValueError(text)
    return number


def _names(model):
    return lambda values: {row.pk: str(row) for row in model.objects.filter(pk__in=list(values))}


def _named(name, title, column, model) -> Group:
    return Group(name, title, column, _row_number, _names(model), from_text=int, named=True)


def _chosen(name, title, column, choices) -> Group:
    def words(values):
        return {value: choices(value).label for value in values}

    return Group(name, title, column, lambda text: choices(text).value, words)


def _reasons(values):
    return {row.code: str(row) for row in ReturnReason.objects.filter(code__in=list(values))}


def _legs(values):
    return {value: pgettext("figures", "Leg %(n)s") % {"n": value + 1} for value in values}


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _months(values):
    return {value: formats.month(value) for value in values}


def _weeks(values):
    return {value: formats.day(value) for value in values}


def band_words(low: int) -> str:
    """The band of engagement that begins at `low`: 40–59, and 80– for the last."""
    place = BANDS.index(low) + 1
    return f"{low}–{BANDS[place] - 1 if place < len(BANDS) else ''}"


def _low(text: str) -> int:
    if int(text) not in BANDS:
        raise ValueError(text)
    return int(text)


def _bands(values):
    return {value: band_words(value) for value in values}


def _fit_and_band(text: str) -> str:
    fit, _dash, low = text.partition("-")
    return f"{fit}-{_low(low)}"


def _fits_and_bands(values):
    return {v: f"{v.partition('-')[0]} · {band_words(int(v.partition('-')[2]))}" for v in values}


def _word_itself(values):
    return {value: value for value in values}


GROUPS: dict[str, Group] = {
    group.name: group
    for group in (
        _named("source", _("Source"), _of_lead("source_id"), Source),
        _named("campaign", _("Campaign"), _of_lead("campaign_id"), Campaign),
        _named(
            "team",
            pgettext_lazy("figures", "Team"),
            _own(
                leads="team_id",
                handoffs="taker_team_id",
                conditions="handoff__taker_team_id",
                clocks="team_id",
                deals="team_id",
            ),
            Team,
        ),
        _named(
            "person",
            pgettext_lazy("figures", "Person"),
            lambda measure, scope: measure.person,
            User,
        ),
        _named(
            "lane",
            pgettext_lazy("figures", "Lane"),
            _own(
                handoffs="lane_id",
                conditions="handoff__lane_id",
                clocks="handoff__lane_id",
                deals="handoff__lane_id",
            ),
            Lane,
        ),
        _named("step", pgettext_lazy("figures", "Step"), _own(deals="step_id"), DealStep),
        Group(
            "month",
            pgettext_lazy("figures", "Month"),
            _time(TruncMonth),
            _month,
            _months,
            key=lambda day: f"{day:%Y-%m}",
            from_text=date.fromisoformat,
        ),
        Group(
            "week",
            pgettext_lazy("figures", "Week"),
            _time(TruncWeek),
            date.fromisoformat,
            _weeks,
            from_text=date.fromisoformat,
        ),
        _chosen("stage", pgettext_lazy("figures", "Stage"), _own(leads="stage"), Stage),
        _chosen("clause", pgettext_lazy("figures", "Promise"), _own(clocks="kind"), ClockKind),
        _chosen("side", pgettext_lazy("figures", "Side"), _own(clocks="side"), Side),
        _chosen(
            "field", pgettext_lazy("figures", "Asked about"), _own(hearings="field"), FactField
        ),
        Group(
            "leg",
            pgettext_lazy("figures", "Leg"),
            _own(hearings="leg", handoffs="leg", conditions="handoff__leg"),
            _row_number,
            _legs,
            from_text=int,
        ),
        Group(
            "reason",
            pgettext_lazy("figures", "Reason"),
            _own(handoffs="return_reason__code", conditions="handoff__return_reason__code"),
            str,
            _reasons,
        ),
        Group("fit", pgettext_lazy("figures", "Fit"), _own(handoffs="fit"), str, _word_itself),
        Group(
            "engagement",
            pgettext_lazy("figures", "Engagement"),
            _own(handoffs=_band()),
            _low,
            _bands,
            from_text=int,
        ),
        Group(
            "band",
            _("Fit and engagement"),
            _own(handoffs=Concat("fit", Value("-"), Cast(_band(), CharField()))),
            _fit_and_band,
            _fits_and_bands,
        ),
    )
}
