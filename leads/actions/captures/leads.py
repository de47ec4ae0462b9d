"""Leads by the thousand: each row becomes a new lead, adds to one we have, or is refused with a reason."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.states import TeamKind
from common.copying import copy_new
from common.refusals import Refusal
from leads.actions.captures.columns import MOVED, NAMES, SAVED, columns_of, says_less
from leads.actions.captures.companies import Companies
from leads.actions.captures.drafts import Existing, LeadDraft, Outcome, Terms, What
from leads.actions.captures.extras import Extras
from leads.actions.captures.matching import KnownLeads, Unclear, import_key
from leads.actions.captures.names import campaigns_named, sources_named
from leads.actions.companies import refresh_leads_of
from leads.history import event, milestones, record_many, through
from leads.models import Lead, LeadEvent
from leads.permissions import demand
from leads.scoring import fit_of, rules_in_force
from leads.states import MOVES, Stage, Via

# Sets of leads come one after another: two at once would both write the same new person down.
CAPTURE_LOCK = 7_300_003

# What a file of leads may say its rows are: marketing holds these, or nobody does.
IMPORTABLE = (Stage.NEW, Stage.NURTURING, Stage.MQL, Stage.DISQUALIFIED)
_VERBS: dict[str, str] = {
    Stage.NURTURING: "lead.nurture",
    Stage.MQL: "lead.qualify",
    Stage.DISQUALIFIED: "lead.disqualify",
}
# Who stands further on already is not moved back; "disqualified" is only said of new leads.
_FORWARD: dict[str, frozenset[str]] = {
    Stage.NURTURING: frozenset({Stage.NEW}),
    Stage.MQL: frozenset({Stage.NEW, Stage.NURTURING}),
}


@transaction.atomic
def capture_leads(drafts: list[LeadDraft], terms: Terms) -> list[Outcome]:
    """Write a set of rows down; one outcome per row, in their order.

    Matching is exact: external id, else e-mail and the same person. A blank never overwrites, what
    is said for the whole file only fills gaps, and the same rows again change nothing. Raises
    `NotAllowed` for who may not import.
    """
    demand(terms.by, "import")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CAPTURE_LOCK])
    with through(Via.IMPORT):
        return _Set(drafts, terms).take()


class _Set:
    """One set on its way through: look up, judge each row, write."""

    def __init__(self, drafts: list[LeadDraft], terms: Terms):
        self.drafts = drafts
        self.terms = terms
        self.whole = terms.whole
        dry = terms.dry_run
        self.companies = Companies(drafts, at=terms.at)
        self.known = KnownLeads(drafts, lock=not dry)
        said = [*drafts, self.whole]
        self.sources = sources_named((one.source for one in said), dry_run=dry)
        self.campaigns = campaigns_named(
            (one.campaign for one in said), by=terms.by, at=terms.at, dry_run=dry
        )
        self.team = _marketing_team(terms.by)
        self.new: list[Lead] = []
        self.before: dict[int, tuple[Lead, dict]] = {}
        self.events: list[tuple[Lead, dict]] = []
        self.extras = Extras(terms)

    def take(self) -> list[Outcome]:
        self.extras.load(self.drafts, [lead.pk for lead in self.known.loaded])
        outcomes = [self._row(draft) for draft in self.drafts]
        if not self.terms.dry_run:
            self._write()
        return outcomes

    def _row(self, draft: LeadDraft) -> Outcome:
        try:
            lead = self.known.find(draft)
        except Unclear:
            return Outcome.rejected("email_of_several", at_fault="email")
        if draft.campaign and draft.campaign[:120] not in self.campaigns:
            return Outcome.rejected("campaign_unknown", at_fault="campaign", value=draft.campaign)
        if lead is None and draft.stage and draft.stage not in IMPORTABLE:
            stage = Stage(draft.stage).label
            return Outcome.rejected("stage_not_importable", at_fault="stage", value=str(stage))
        if lead is None:
            # Nobody of an earlier set is missing here but in a dry run, which writes none of them.
            if draft.repeats and self.terms.dry_run:
                return Outcome(What.UNCHANGED)
            return self._capture(draft)
        if lead.pk is not None and self.terms.existing == Existing.SKIP:
            return Outcome(What.UNCHANGED, lead)
        return self._merge(lead, draft)

    # --- a new lead -------------------------------------------------------------------------

    def _capture(self, draft: LeadDraft) -> Outcome:
        terms, whole = self.terms, self.whole
        captured_at = draft.moment or whole.moment or terms.at
        marketer = draft.marketer or whole.marketer
        lead = Lead(
            **draft.values | {"captured_at": captured_at},
            import_key=import_key(draft),
            attributes=dict(draft.attributes),
            company=self.companies.of(draft)[0],
            source=self._source(draft.source or whole.source),
            campaign=self._campaign(draft.campaign or whole.campaign),
            marketer=marketer,
            team=marketer.team if marketer else self.team,
            stage_since=captured_at,
            last_touch_at=captured_at,
            created_at=terms.at,
            updated_at=terms.at,
        )
        self.new.append(lead)
        self.known.learn(lead)
        self._note(lead, "lead.create", at=captured_at, stage_to=Stage.NEW)
        self._move(lead, draft.stage or whole.stage, at=captured_at)
        self.extras.of(lead, draft, self._campaign(draft.campaign or whole.campaign))
        return Outcome(What.NEW, lead)

    def _source(self, name: str):
        return self.sources.get(name[:100])

    def _campaign(self, name: str):
        return self.campaigns.get(name[:120])

    def _note(self, lead: Lead, verb: str, **what) -> None:
        if self.terms.job:
            what["job"] = self.terms.job
        self.events.append((lead, {"verb": verb, "team_id": lead.team_id, **what}))

    def _move(self, lead: Lead, stage: str, *, at: datetime) -> bool:
        if not stage or stage == lead.stage or stage not in MOVES[Stage(lead.stage)]:
            return False
        frm, lead.stage, lead.stage_since = lead.stage, stage, at
        for name, moment in milestones(lead, stage, at).items():
            setattr(lead, name, moment)
        self._note(lead, _VERBS[stage], at=at, stage_from=frm, stage_to=stage, imported=True)
        return True

    # --- one we have ------------------------------------------------------------------------

    def _merge(self, lead: Lead, draft: LeadDraft) -> Outcome:
        gentle = draft.repeats or lead.pk is None or self.terms.existing == Existing.FILL
        changes: list[tuple] = []
        for name, value in draft.values.items():
            self._set(lead, name, value, gentle, changes)
        self._merge_company(lead, draft, gentle, changes)
        self._set(lead, "source", self._source(draft.source), gentle, changes)
        self._set(lead, "campaign", self._campaign(draft.campaign), gentle, changes)
        self._set(lead, "source", self._source(self.whole.source), True, changes)
        self._set(lead, "campaign", self._campaign(self.whole.campaign), True, changes)
        self._merge_marketer(lead, draft, gentle, changes)
        self._merge_attributes(lead, draft, gentle, changes)
        changes += self._advance(lead, draft)
        self.known.learn(lead)
        campaign = self._campaign(draft.campaign or self.whole.campaign)
        changes += self.extras.of(lead, draft, campaign, gentle=gentle)
        return Outcome(What.UPDATED if changes else What.UNCHANGED, lead, changes=changes)

    def _keep(self, lead: Lead) -> None:
        """Remember how a lead was before the first row that changes it."""
        if lead.pk is not None and lead.pk not in self.before:
            self.before[lead.pk] = (lead, columns_of(lead))

    def _set(self, lead: Lead, name: str, value, gentle: bool, changes: list) -> None:
        before = getattr(lead, name)
        if value in (None, "") or value == before or (gentle and before not in (None, "")):
            return
        if name == "external_id" and value in self.known.by_id:
            return
        if name == "captured_at" and says_less(value, before):
            return
        self._keep(lead)
        setattr(lead, name, value)
        changes.append((name, before, value))

    def _merge_company(self, lead: Lead, draft: LeadDraft, gentle: bool, changes: list) -> None:
        company, gained = self.companies.of(draft)
        if company is None:
            return
        is_theirs = company is lead.company or (company.pk and company.pk == lead.company_id)
        if not is_theirs:
            self._set(lead, "company", company, gentle, changes)
        elif gained:
            lead.company = company
            changes += [(f"company.{one}", "", getattr(company, one)) for one in sorted(gained)]

    def _merge_marketer(self, lead: Lead, draft: LeadDraft, gentle: bool, changes: list) -> None:
        for marketer, only_gap in ((draft.marketer, gentle), (self.whole.marketer, True)):
            if marketer and lead.stage in (Stage.NEW, Stage.NURTURING, Stage.MQL):
                self._set(lead, "marketer", marketer, only_gap, changes)
                lead.team = lead.marketer.team if lead.marketer_id == marketer.pk else lead.team

    def _merge_attributes(self, lead: Lead, draft: LeadDraft, gentle: bool, changes: list) -> None:
        for code, value in draft.attributes.items():
            before = lead.attributes.get(code)
            if value != before and not (gentle and before is not None):
                self._keep(lead)
                lead.attributes = {**lead.attributes, code: value}
                changes.append((f"attributes.{code}", before, value))

    def _advance(self, lead: Lead, draft: LeadDraft) -> list[tuple]:
        """The stage a file says somebody has reached, if they were never that far."""
        stage = draft.stage or self.whole.stage
        if lead.stage not in _FORWARD.get(stage, ()) or (stage == Stage.MQL and lead.mql_at):
            return []
        before = lead.stage
        self._keep(lead)
        at = max(draft.moment or self.whole.moment or self.terms.at, lead.stage_since)
        return [("stage", before, stage)] if self._move(lead, stage, at=at) else []

    # --- writing ----------------------------------------------------------------------------

    def _write(self) -> None:
        regraded = self.companies.write()
        changed = self._changed()
        rules = rules_in_force()
        for lead in [*self.new, *changed]:
            lead.fit_points, lead.fit = fit_of(lead, rules)
            lead.derive()
        copy_new(self.new)
        self._save(changed)
        for company in regraded:
            refresh_leads_of(company)
        self._record()
        self.extras.write()

    def _changed(self) -> list[Lead]:
        """The leads that differ from before, each with its event."""
        found = []
        for lead, before in self.before.values():
            names = {name for name, value in columns_of(lead).items() if value != before[name]}
            if names:
                lead.updated_at = self.terms.at
                found.append(lead)
            if edited := names - MOVED:
                fields = sorted(NAMES[name] for name in edited)
                self._note(lead, "lead.edit", at=self.terms.at, fields=fields)
        return sorted(found, key=lambda lead: lead.pk)

    def _save(self, changed: list[Lead]) -> None:
        if not changed:
            return
        Lead.objects.bulk_create(
            changed,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=SAVED,
        )

    def _record(self) -> None:
        record_many(_event(lead, dict(what), self.terms) for lead, what in self.events)


def _event(lead: Lead, what: dict, terms: Terms) -> LeadEvent:
    team_id = what.pop("team_id")
    row = event(lead, what.pop("verb"), by=terms.by, recorded_at=terms.at, **what)
    row.team_id = team_id
    return row


def _marketing_team(by: User | None) -> Team:
    """The team that holds what comes in: of who imports, if that is marketing, else the first."""
    if by and by.team_id and by.team.kind == TeamKind.MARKETING and not by.is_partner:
        return by.team
    team = Team.objects.active().of_kind(TeamKind.MARKETING).order_by("id").first()
    if team is None:
        raise Refusal(_("There is no active marketing team to hold this lead."))
    return team
