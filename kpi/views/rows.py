"""What the rows behind figures show: leads, handoffs, conditions, promises, deals, questions."""

from abc import ABC, abstractmethod

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import formats
from handoff.states import ConditionKind, ConditionState
from kpi.measures import Figure, Scope
from kpi.measures.measure import Measure
from kpi.states import Step
from kpi.views.cells import Cell, Column, Line, day, days_between, moment, number, text
from leads.models import Lead
from leads.states import Stage


class RowsOf(ABC):
    """One kind of rows. The first cells are always the lead and its company."""

    related: tuple[str, ...] = ()

    def with_facts(self, rows: QuerySet) -> QuerySet:
        """The rows with what a line shows, in the same query."""
        return rows.select_related(*self.related)

    def complete(self, rows: list) -> None:  # noqa: B027 - not every kind needs it
        """What no join could bring."""

    @abstractmethod
    def titles(self, figure: Figure, measure: Measure) -> list[Column]:
        """The headings of its own cells."""

    def head(self, figure: Figure, measure: Measure) -> list[Column]:
        return [
            Column(pgettext("figures", "Lead")),
            Column(pgettext("figures", "Company")),
            *self.titles(figure, measure),
        ]

    def lead(self, row) -> Lead | None:
        return row.lead

    def line(self, row, figure: Figure, measure: Measure, scope: Scope) -> Line:
        lead = self.lead(row)
        who = lead.name if lead else ""
        company = lead.company.name if lead and lead.company else ""
        cells = [Cell(who, who), Cell(company, company), *self.cells(row, figure, measure, scope)]
        url = reverse("leads:detail", args=[lead.pk]) if lead else ""
        return Line(url, who, company, cells, self.flag(row))

    @abstractmethod
    def cells(self, row, figure: Figure, measure: Measure, scope: Scope) -> list[Cell]:
        """What a line says of its row, behind lead and company."""

    def flag(self, row) -> str:
        return ""


class LeadRows(RowsOf):
    related = ("company", "source", "campaign", "team")

    def lead(self, row):
        return row

    def titles(self, figure, measure):
        first, last = self._ends(figure)
        found = [
            Column(pgettext("figures", "Source")),
            Column(pgettext("figures", "Campaign")),
            # The name of the first step is the name of the rows: here it is a moment.
            Column(pgettext("figures", "Captured") if first is Step.LEADS else first.label, "n"),
        ]
        if last is not first:
            found += [Column(last.label, "n"), Column(pgettext("figures", "Days"), "n")]
        return [*found, Column(pgettext("figures", "Stage")), Column(pgettext("figures", "Team"))]

    @staticmethod
    def _ends(figure: Figure) -> tuple[Step, Step]:
        """From which step to which the list tells: of a count, from the first contact."""
        steps = [part for part in figure.name.split("_") if part in Step.values]
        if not steps:
            return Step.LEADS, Step.LEADS
        return (Step(steps[0]), Step(steps[1])) if len(steps) > 1 else (Step.LEADS, Step(steps[0]))

    def cells(self, row, figure, measure, scope):
        zone = scope.period.zone
        first, last = self._ends(figure)
        began, ended = getattr(row, first.column), getattr(row, last.column)
        found = [text(row.source), text(row.campaign), moment(began, zone)]
        if last is not first:
            found += [moment(ended, zone), days_between(began, ended, zone)]
        return [*found, text(Stage(row.stage).label), text(row.team)]

    def flag(self, row):
        return _("Won before our first contact") if row.won_before_captured else ""


class HandoffRows(RowsOf):
    related = (
        "lead__company", "lane", "giver__team", "taker__team", "giver_team", "taker_team",
        "return_reason",
    )  # fmt: skip

    def titles(self, figure, measure):
        people = [Column(pgettext("figures", "From")), Column(pgettext("figures", "To"))]
        outcome = [Column(pgettext("figures", "Outcome")), Column(pgettext("figures", "Reason"))]
        return [
            Column(pgettext("figures", "Lane")),
            *(people if figure.shows_people else []),
            Column(pgettext("figures", "Offered"), "n"),
            Column(pgettext("figures", "Answered"), "n"),
            *outcome,
            Column(pgettext("figures", "First attempt"), "n"),
            Column(_("Speed (business hours)"), "n"),
            Column(_("Fit and engagement"), "n"),
        ]

    def cells(self, row, figure, measure, scope):
        zone = scope.period.zone
        people = [
            text(row.giver.name if row.giver else row.giver_team),
            text(row.taker.name if row.taker else row.taker_team),
        ]
        speed = row.speed_minutes
        return [
            text(row.lane),
            *(people if figure.shows_people else []),
            moment(row.offered_at, zone),
            moment(row.answered_at, zone),
            text(row.get_state_display()),
            text(row.return_reason),
            moment(row.first_attempt_at, zone),
            number(speed, formats.span(speed or 0, business=True)),
            number(round(row.engagement), f"{row.fit} · {round(row.engagement)}"),
        ]


class ConditionRows(RowsOf):
    """Returns with a condition: what was asked for, and what became of it."""

    related = (
        "lead__company", "handoff__return_reason", "handoff__taker__team", "handoff__taker_team",
    )  # fmt: skip

    def titles(self, figure, measure):
        return [
            Column(pgettext("figures", "Offered again to")),
            Column(pgettext("figures", "Reason")),
            Column(pgettext("figures", "Wanted back")),
            Column(pgettext("figures", "Condition")),
            Column(pgettext("figures", "Returned"), "n"),
            Column(pgettext("figures", "Met"), "n"),
            Column(pgettext("figures", "Days"), "n"),
        ]

    def cells(self, row, figure, measure, scope):
        zone, handoff = scope.period.zone, row.handoff
        met_at = row.settled_at if row.state == ConditionState.MET else None
        return [
            text(handoff.taker.name if handoff.taker else handoff.taker_team),
            text(handoff.return_reason),
            text(self._wanted(row)),
            text(row.get_state_display()),
            moment(row.set_at, zone),
            moment(met_at, zone),
            days_between(row.set_at, met_at, zone),
        ]

    @staticmethod
    def _wanted(row) -> str:
        """The day, the fact or the touch; people's own words stand with the handoff."""
        if row.kind == ConditionKind.DATE:
            return formats.day(row.on)
        if row.kind == ConditionKind.FACT:
            return row.label or row.get_field_display()
        result = row.touch_result and f" · {row.get_touch_result_display()}"
        return f"{row.get_touch_kind_display()}{result}"


class ClockRows(RowsOf):
    related = ("team", "owner")

    def complete(self, rows):
        """A clock knows its lead by number only."""
        leads = Lead.objects.select_related("company").in_bulk({row.lead_id for row in rows})
        for row in rows:
            row.of_lead = leads.get(row.lead_id)

    def lead(self, row):
        return row.of_lead

    def titles(self, figure, measure):
        return [
            Column(pgettext("figures", "Promise")),
            Column(pgettext("figures", "Side")),
            Column(pgettext("figures", "Team")),
            Column(pgettext("figures", "Person")),
            Column(pgettext("figures", "Started"), "n"),
            Column(pgettext("figures", "Due"), "n"),
            Column(pgettext("figures", "Done"), "n"),
            Column(pgettext("figures", "Kept")),
        ]

    def cells(self, row, figure, measure, scope):
        zone = scope.period.zone
        late = row.is_late(scope.at)
        words = pgettext("figures", "Late") if late else pgettext("figures", "Kept")
        return [
            text(row.get_kind_display()),
            text(row.get_side_display()),
            text(row.team),
            text(row.owner.name if row.owner else None),
            self._minute(row.started_at, zone),
            self._minute(row.due_at, zone),
            self._minute(row.stopped_at, zone),
            Cell(words, words, tone="late" if late else ""),
        ]

    @staticmethod
    def _minute(value, zone) -> Cell:
        if value is None:
            return Cell(formats.NOTHING, css="n")
        local = value.astimezone(zone)
        words = f"{formats.day(local.date())} {local.hour}:{local.minute:02}"
        return Cell(words, local.strftime("%Y-%m-%d %H:%M:%S"), css="n")


class DealRows(RowsOf):
    related = ("lead__company", "lead__campaign", "step", "owner", "team")

    def titles(self, figure, measure):
        return [
            Column(pgettext("figures", "Deal")),
            Column(pgettext("figures", "Step")),
            Column(pgettext("figures", "Amount"), "n"),
            Column(pgettext("figures", "Probability"), "n"),
            Column(pgettext("figures", "Expected"), "n"),
            Column(pgettext("figures", "Won"), "n"),
            Column(pgettext("figures", "Campaign")),
            Column(pgettext("figures", "Owner")),
        ]

    def cells(self, row, figure, measure, scope):
        return [
            text(row.name),
            text(row.step),
            self._amount(row),
            number(row.probability, f"{row.probability}%"),
            day(row.expected_on),
            moment(row.won_at, scope.period.zone),
            text(row.lead.campaign),
            text(row.owner.name if row.owner else row.team),
        ]

    @staticmethod
    def _amount(row) -> Cell:
        if row.currency == "JPY" or row.amount is None:
            return number(row.amount, formats.yen(row.amount))
        return number(row.amount, f"{row.amount:,} {row.currency}")


class HearingRows(RowsOf):
    """What was asked again; never who asked."""

    related = ("lead__company", "fact")

    def titles(self, figure, measure):
        return [
            Column(pgettext("figures", "Asked about")),
            Column(pgettext("figures", "Leg")),
            Column(pgettext("figures", "Asked"), "n"),
            Column(pgettext("figures", "Known since"), "n"),
            Column(pgettext("figures", "What we knew")),
        ]

    def cells(self, row, figure, measure, scope):
        zone = scope.period.zone
        leg = pgettext("figures", "Leg %(n)s") % {"n": row.leg + 1} if row.leg is not None else ""
        return [
            text(row.label or row.get_field_display()),
            text(leg),
            moment(row.at, zone),
            moment(row.fact.at if row.fact else None, zone),
            text(row.fact.value if row.fact else None),
        ]


ROWS: dict[str, RowsOf] = {
    "leads": LeadRows(),
    "handoffs": HandoffRows(),
    "conditions": ConditionRows(),
    "clocks": ClockRows(),
    "deals": DealRows(),
    "hearings": HearingRows(),
}
