"""Moving a lead from stage to stage: one place that knows what may follow what."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import Team, User
from accounts.states import TeamKind
from common import now
from common.locking import lock_row
from common.refusals import Malformed, Refusal
from leads.history import milestones, record
from leads.models import Lead, LeadEvent
from leads.permissions import demand
from leads.scoring import definition_in_force
from leads.states import MOVES, VERBS, Stage


def lock_lead(lead: Lead | int) -> Lead:
    """The lead's row, locked and fresh: the lock for everything about the lead. Taken first."""
    if isinstance(lead, int):
        return lock_row(Lead, lead)
    return lock_row(Lead, lead.pk, known=lead)


def move_lead(
    lead: Lead,
    verb: str,
    to: Stage | str,
    *,
    by: User | None,
    at: datetime,
    changes: dict | None = None,
    **what,
) -> LeadEvent:
    """Put a *locked* `lead` to the stage `to`, with `changes` of other columns, and record `verb`.

    Milestones are set, the ledger gets its one entry. `what` goes to `history.record`.
    Raises `Refusal` where MOVES does not allow it.
    """
    frm = Stage(lead.stage)
    if to not in MOVES[frm]:
        raise Refusal(
            _("A lead at “%(from)s” cannot go to “%(to)s”.")
            % {"from": frm.label, "to": Stage(to).label}
        )
    columns = {"stage": to, **milestones(lead, to, at), **(changes or {})}
    if to != frm:
        columns["stage_since"] = at
    columns["updated_at"] = what.get("recorded_at") or at
    for name, value in columns.items():
        setattr(lead, name, value)
    Lead.objects.filter(pk=lead.pk).update(**columns)
    return record(lead, verb, by=by, at=at, stage_from=frm, stage_to=to, **what)


def reach(lead: Lead, milestone: str, at: datetime) -> None:
    """Keep on a *locked* `lead` when it first reached `offered_at` or `contacted_at`.

    Like the milestones of stages: the earliest moment stays.
    """
    was = getattr(lead, milestone)
    if was is None or at < was:
        setattr(lead, milestone, at)
        Lead.objects.filter(pk=lead.pk).update(**{milestone: at})


def refuse_unless(verb: str, lead: Lead) -> None:
    """Raises `Refusal` where `lead` stands at a stage from which `verb` does not lead."""
    if lead.stage not in VERBS[verb].frm:
        raise Refusal(
            _("This cannot be done while the lead is at “%(stage)s”.")
            % {"stage": lead.get_stage_display()}
        )


def already(lead: Lead, verb: str, by: User | None) -> bool:
    """Whether the latest move of `lead` was this very verb by the same person: repeated, not refused."""
    latest = lead.events.filter(stage_to__gt="").order_by("-recorded_at", "-id").first()
    return bool(
        by
        and latest
        and latest.verb == f"lead.{verb}"
        and latest.by_id == by.pk
        and latest.stage_to == lead.stage
    )


def marketing_team_for(lead: Lead) -> Team:
    """The team a lead goes back to: its marketer's, else the first active marketing team."""
    marketer = lead.marketer
    if marketer and marketer.team and marketer.team.kind == TeamKind.MARKETING:
        return marketer.team
    team = Team.objects.active().of_kind(TeamKind.MARKETING).order_by("id").first()
    if team is None:
        raise Refusal(_("There is no active marketing team to hold this lead."))
    return team


def back_to_marketing(lead: Lead, *, team: Team | None = None, **more) -> dict:
    """The columns of a lead that marketing holds again: `team`, or the one that looks after it."""
    team = team or marketing_team_for(lead)
    return {"team": team, "seller": None, **more}


@transaction.atomic
def nurture_lead(lead: Lead, *, by: User | None, reason: str = "") -> Lead:
    """Take a new lead, or one that no longer qualifies, into nurturing."""
    lead = lock_lead(lead)
    if already(lead, "nurture", by):
        return lead
    demand(by, "nurture", lead)
    refuse_unless("nurture", lead)
    moment = now()
    move_lead(lead, "lead.nurture", Stage.NURTURING, by=by, at=moment)
    if reason.strip():
        _keep_words(lead, reason, by, moment)
    return lead


@transaction.atomic
def qualify_lead(
    lead: Lead, *, by: User | None, judgement: str, at: datetime | None = None
) -> Lead:
    """Make an MQL of a lead by a marketer's stated judgement: `judgement` says why, in words.

    Raises `Malformed` without a judgement.
    """
    lead = lock_lead(lead)
    if already(lead, "qualify", by):
        return lead
    demand(by, "qualify", lead)
    refuse_unless("qualify", lead)
    judgement = judgement.strip()
    if not judgement:
        raise Malformed(_("Say in a sentence why this lead is qualified."), field="judgement")
    version = definition_in_force().agreement_version
    changes: dict[str, Any] = {"revisit_on": None, "awaits_condition": False}
    if by and lead.marketer_id is None:
        changes["marketer"] = by
    move_lead(
        lead,
        "lead.qualify",
        Stage.MQL,
        by=by,
        at=at or now(),
        changes=changes,
        version=version,
        judgement=True,
    )
    _keep_words(lead, judgement, by, now())
    return lead


def _keep_words(lead: Lead, words: str, by: User | None, at: datetime) -> None:
    # Words about a person do not belong into the ledger, which cannot be erased.
    lead.comments.create(text=words.strip(), by=by, at=at)


def qualify_by_definition(lead: Lead, *, at: datetime, because: str, silent: bool = False) -> None:
    """Make an MQL of a *locked* lead that meets the definition; `because` is "score" or "trigger".

    The marketer is told, unless `silent`: an import tells once of all it did.
    """
    version = definition_in_force().agreement_version
    move_lead(
        lead,
        "lead.qualify",
        Stage.MQL,
        by=None,
        at=at,
        version=version,
        because=because,
        fit=lead.fit,
    )
    if lead.marketer and not silent:
        tell(lead.marketer, "lead.qualified", lead=lead, path=f"/leads/{lead.pk}/", because=because)
