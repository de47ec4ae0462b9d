"""Deals of other systems by the thousand, with the milestones their leads must have passed.

A deal that was won somewhere else says that its lead was accepted and became a deal there: missing
`sal` and `sql` are written at the deal's date, marked as imported, with no handoff and no clock.
"""

from collections import defaultdict
from datetime import datetime

from django.db import connection, transaction

from accounts.models import Organisation, Team
from accounts.states import TeamKind
from common.copying import copy_new
from handoff.actions.captures.drafts import CLOSING, DealDraft, flags, settle_state
from handoff.actions.captures.walking import Journeys
from handoff.actions.deals import changes_told
from handoff.models import Deal, DealStep, Handoff
from handoff.states import DealState, State
from leads.actions.captures import Existing, Outcome, Terms, What
from leads.actions.captures.leads import CAPTURE_LOCK
from leads.actions.captures.touches import LeadsOfRows
from leads.history import record_many, through
from leads.models import Lead
from leads.permissions import demand
from leads.states import Stage, Via

EDITED = (
    "name", "amount", "probability", "step", "expected_on", "owner", "inside_sales", "lost_reason", "lost_note",
)  # fmt: skip


@transaction.atomic
def capture_deals(drafts: list[DealDraft], terms: Terms) -> list[Outcome]:
    """Write a set of deals down; one outcome per row, in their order.

    A deal is known by its external id, else by its lead, name and day of closing. One won before
    the lead's first contact is kept and flagged (`data["flags"]`). The same rows again change nothing.
    """
    demand(terms.by, "import")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CAPTURE_LOCK])
    with through(Via.IMPORT):
        return _Set(drafts, terms).take()


class _Set:
    """One set on its way through: whose is each deal, which are known, where their leads stand then."""

    def __init__(self, drafts: list[DealDraft], terms: Terms):
        self.drafts = drafts
        self.terms = terms
        self.leads = LeadsOfRows(drafts, lock=not terms.dry_run)
        self.first_step = DealStep.objects.first()
        self.sales = Team.objects.active().of_kind(TeamKind.SALES).filter(is_partner=False).order_by("id").first()  # fmt: skip
        self.zone = Organisation.current().zone
        self.new: list[Deal] = []
        self.changed: dict[int, Deal] = {}
        # (the moment that counts, the deal, whether it is new or has just closed)
        self.news: list[tuple[datetime, int, Deal]] = []

    def take(self) -> list[Outcome]:
        self.found = [self.leads.of(draft) for draft in self.drafts]
        self._load({one.pk: one for one in self.found if isinstance(one, Lead)})
        self.journeys = Journeys(self.terms, self.deals, self.handoffs)
        rows = zip(self.drafts, self.found, strict=True)
        outcomes = [
            one if isinstance(one, Outcome) else self._row(draft, one) for draft, one in rows
        ]
        for _at, _order, deal in sorted(self.news, key=lambda one: one[:2]):
            self.journeys.walk(deal)
        if not self.terms.dry_run:
            self._write()
        return outcomes

    def _load(self, leads: dict[int, Lead]) -> None:
        ids = {one for draft in self.drafts if (one := draft.values.get("external_id"))}
        rows = Deal.objects.select_related("owner", "inside_sales", "step", "lost_reason", "lead")
        rows = rows.order_by("pk")
        if not self.terms.dry_run:
            rows = rows.select_for_update(of=("self",))
        self.deals: dict[int, list[Deal]] = defaultdict(list)
        self.by_id: dict[str, Deal] = {}
        for deal in rows.filter(lead__in=leads):
            deal.lead = leads[deal.lead_id]
            self.deals[deal.lead_id].append(deal)
        known = rows.filter(external_id__in=ids).exclude(external_id="")
        for deal in known.exclude(lead__in=leads):
            self.by_id[deal.external_id] = deal
        for deals in self.deals.values():
            self.by_id |= {deal.external_id: deal for deal in deals if deal.external_id}
        waiting = Handoff.objects.open().filter(lead__in=leads)
        self.handoffs = defaultdict(set)
        for lead, state in waiting.values_list("lead_id", "state"):
            self.handoffs[lead].add(state)

    # --- one row ----------------------------------------------------------------------------

    def _row(self, draft: DealDraft, lead: Lead) -> Outcome:
        said = dict(draft.values)
        if wrong := self._refused(said, lead):
            return wrong
        deal = self._known(said, lead)
        if deal is None:
            return self._capture(lead, said)
        if deal.lead_id != lead.pk:
            return Outcome.rejected("deal_of_other_lead", at_fault="external_id")
        if deal.pk is not None and self.terms.existing == Existing.SKIP:
            return Outcome(What.UNCHANGED, lead)
        return self._merge(deal, said, gentle=draft.repeats or self.terms.existing == Existing.FILL)

    def _refused(self, said: dict, lead: Lead) -> Outcome | None:
        """Why the row cannot go in, with `said` completed on the way: its state, and when it closed."""
        if wrong := settle_state(said, self.terms.at):
            return wrong
        if lead.stage == Stage.DISQUALIFIED:
            return Outcome.rejected("lead_disqualified")
        if State.WAITING in self.handoffs[lead.pk]:
            return Outcome.rejected("lead_offered")
        if not said.get("owner") and self.sales is None:
            return Outcome.rejected("team_missing", at_fault="owner")
        return None

    def _known(self, said: dict, lead: Lead) -> Deal | None:
        if external := said.get("external_id"):
            return self.by_id.get(external)
        name = said.get("name", "")
        nameless = [one for one in self.deals[lead.pk] if one.imported and not one.external_id and one.name == name]  # fmt: skip
        closing = CLOSING.get(said["state"])
        same = (
            one
            for one in nameless
            if one.state == said["state"]
            and (not closing or self._same_day(getattr(one, closing), said[closing]))
        )
        opened = (one for one in nameless if one.state == DealState.OPEN)
        return next(same, None) or next(opened, None)

    def _same_day(self, one: datetime, other: datetime) -> bool:
        """A spreadsheet drops seconds, and another system the time of day: the day must be the same."""
        return one.astimezone(self.zone).date() == other.astimezone(self.zone).date()

    def _capture(self, lead: Lead, said: dict) -> Outcome:
        owner = said.get("owner")
        closed_at = said.get("won_at") or said.get("lost_at")
        opened_at = said.get("opened_at") or closed_at or self.terms.at
        deal = Deal(
            lead=lead,
            team=_team_of(owner) or self.sales,
            state=said["state"],
            opened_at=min(opened_at, closed_at) if closed_at else opened_at,
            won_at=said.get("won_at"),
            lost_at=said.get("lost_at"),
            external_id=said.get("external_id", ""),
            imported=True,
            updated_at=self.terms.at,
            **{name: said[name] for name in EDITED if name in said},
        )
        deal.step = deal.step or (self.first_step if deal.state == DealState.OPEN else None)
        deal.probability = self._probability(deal, said)
        self.new.append(deal)
        self.deals[lead.pk].append(deal)
        if deal.external_id:
            self.by_id[deal.external_id] = deal
        self._note_news(deal)
        return Outcome(What.NEW, lead, data=flags(deal))

    def _probability(self, deal: Deal, said: dict) -> int:
        if deal.state != DealState.OPEN:
            return 100 if deal.state == DealState.WON else 0
        if "probability" in said:
            return said["probability"]
        return deal.step.probability if deal.step else 0

    def _merge(self, deal: Deal, said: dict, *, gentle: bool) -> Outcome:
        changes: list[tuple] = []
        state, closing = said["state"], CLOSING.get(said["state"])
        if deal.state != DealState.OPEN:
            if state != deal.state or not self._same_day(getattr(deal, closing), said[closing]):
                return Outcome.rejected("deal_closed_otherwise", at_fault=closing or "state")
        elif state != DealState.OPEN:
            changes.append(("state", deal.state, state))
            deal.state = state
            setattr(deal, closing, said[closing])
            deal.probability = self._probability(deal, said)
            self._note_news(deal)
        for name in EDITED:
            before, value = getattr(deal, name), said.get(name)
            is_set = before not in (None, "") and (name, before) != ("probability", 0)
            closed = name == "probability" and deal.state != DealState.OPEN
            if value in (None, "") or value == before or (gentle and is_set) or closed:
                continue
            setattr(deal, name, value)
            changes.append((name, before, value))
        if changes and deal.pk:
            deal.updated_at = self.terms.at
            self.changed[deal.pk] = deal
            self.journeys.note(
                deal,
                "deal.edit",
                at=self.terms.at,
                fields=sorted(one[0] for one in changes),
                changes=changes_told({name: (before, after) for name, before, after in changes}),
            )
        what = What.UPDATED if changes else What.UNCHANGED
        return Outcome(what, deal.lead, changes=changes, data=flags(deal) if changes else {})

    def _note_news(self, deal: Deal) -> None:
        at = deal.won_at or deal.lost_at or deal.opened_at
        self.news.append((at, len(self.news), deal))

    # --- writing ----------------------------------------------------------------------------

    def _write(self) -> None:
        copy_new(self.new)
        Deal.objects.bulk_create(
            [self.changed[pk] for pk in sorted(self.changed)],
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=[*EDITED, "state", "won_at", "lost_at", "handoff", "updated_at"],
        )
        Lead.objects.bulk_create(
            [self.journeys.moved[pk] for pk in sorted(self.journeys.moved)],
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=[
                "stage", "stage_since", "mql_at", "sal_at", "sql_at", "won_at", "team", "seller", "updated_at",
            ],
        )  # fmt: skip
        record_many(self.journeys.events())


def _team_of(owner) -> Team | None:
    return owner.team if owner is not None and owner.team_id else None
