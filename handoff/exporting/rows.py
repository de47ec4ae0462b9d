"""Deals and handoffs as files, by the filters of their lists. How anybody reads briefs is never in them."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.refusals import Malformed
from handoff.filters import DealFilter, HandoffFilter
from handoff.models import Deal, Handoff
from handoff.states import DealState
from leads.exporting.exports import Column, Export, person


def _lead(name: str, label, value) -> Column:
    return Column(f"lead.{name}", label, lambda row: value(row.lead))


def _shown(row, name: str) -> str:
    return str(getattr(row, f"get_{name}_display")())


def _plain(name: str, label) -> Column:
    return Column(name, label, lambda row: getattr(row, name))


def _called(name: str, label) -> Column:
    return Column(name, label, lambda row: str(getattr(row, name) or ""))


def _who(name: str, label) -> Column:
    return Column(name, label, lambda row: person(getattr(row, name)))


WHOSE = [
    _lead("external_id", _("Lead's external id"), lambda lead: lead.external_id),
    _lead("email", _("Lead's e-mail"), lambda lead: lead.email),
    _lead("name", _("Lead's name"), lambda lead: lead.name),
    _lead("company", _("Company name"), lambda lead: lead.company.name if lead.company else ""),
]
DEALS = [
    *WHOSE,
    _plain("external_id", _("External id")),
    _plain("name", _("Deal name")),
    Column("state", _("Open, won or lost"), lambda deal: _shown(deal, "state")),
    _called("step", _("Step")),
    _plain("amount", _("Amount")),
    _plain("currency", _("Currency")),
    _plain("probability", _("Probability")),
    _plain("expected_on", _("Expected month")),
    _plain("opened_at", _("Opened on")),
    _plain("won_at", _("Won on")),
    _plain("lost_at", _("Lost on")),
    _called("lost_reason", _("Lost reason")),
    _plain("lost_note", _("Note on the loss")),
    _who("owner", _("Sales person")),
    _who("inside_sales", _("Inside sales")),
    _called("team", _("Team")),
]
HANDOFFS = [
    *WHOSE,
    _called("lane", _("Lane")),
    Column("leg", _("Leg"), lambda handoff: handoff.leg + 1),
    _plain("round", _("Round")),
    Column("state", _("State"), lambda handoff: _shown(handoff, "state")),
    _called("giver_team", _("Giving team")),
    _who("giver", _("Given by")),
    _called("taker_team", _("Receiving team")),
    _who("taker", _("Received by")),
    _plain("fit", _("Fit at the offer")),
    Column("engagement", _("Engagement at the offer"), lambda handoff: round(handoff.engagement)),
    _plain("offered_at", _("Offered at")),
    _plain("answered_at", _("Answered at")),
    _plain("accepted_at", _("Accepted at")),
    _plain("first_attempt_at", _("First attempt at")),
    _plain("first_contact_at", _("First contact at")),
    _plain("closed_at", _("Closed at")),
    Column(
        "return_kind",
        _("Kind of return"),
        lambda handoff: _shown(handoff, "return_kind") if handoff.return_kind else "",
    ),
    _called("return_reason", _("Return reason")),
    _plain("return_note", _("Note on the return")),
    _plain("revisit_on", _("Revisit on")),
    _plain("acknowledged_at", _("Acknowledged at")),
    _plain("agreement_version", _("Version of the agreement")),
]


def _filtered(filters, params: QueryDict, rows):
    found = filters(params, rows)
    if not found.is_valid():
        name, errors = next(iter(found.form.errors.items()))
        raise Malformed(f"{found.form.fields[name].label}: {errors[0]}", field=name)
    return found.qs


def _deals(params: QueryDict, user: User):
    rows = Deal.objects.visible_to(user)
    # The list of deals keeps its states apart by tabs.
    state = params.get("state", "")
    if state and state not in DealState.values:
        raise Malformed(_("There is no such state."), field="state")
    return _filtered(DealFilter, params, rows.filter(state=state) if state else rows)


def _handoffs(params: QueryDict, user: User):
    return _filtered(HandoffFilter, params, Handoff.objects.visible_to(user))


_LEAD = ("lead__company",)
DEAL_EXPORT = Export(
    "deals",
    _("Deals"),
    lambda: DEALS,
    _deals,
    lambda: {"state", *DealFilter.base_filters},
    related=(*_LEAD, "step", "lost_reason", "owner", "inside_sales", "team"),
)
HANDOFF_EXPORT = Export(
    "handoffs",
    _("Handoffs"),
    lambda: HANDOFFS,
    _handoffs,
    lambda: set(HandoffFilter.base_filters),
    related=(*_LEAD, "lane", "giver_team", "giver", "taker_team", "taker", "return_reason"),
)
