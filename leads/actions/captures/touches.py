"""Touches by the thousand: logged with their points, each at most once however often the file comes."""

import hashlib
from collections import defaultdict

from django.db import connection, transaction

from common.copying import copy_new
from leads.actions.captures.drafts import Outcome, Terms, TouchDraft, What
from leads.actions.captures.leads import CAPTURE_LOCK
from leads.actions.captures.matching import person_key
from leads.actions.captures.names import campaigns_named
from leads.actions.stages import qualify_by_definition
from leads.actions.touches import QUALIFIABLE, record_awaited, touch_line, usual_direction
from leads.history import through
from leads.models import Campaign, Interaction, Lead
from leads.permissions import demand
from leads.scoring import (
    definition_in_force,
    excluded_as,
    heat_added,
    held_back,
    points_in_set,
    qualifies,
    rules_in_force,
    triggers,
)
from leads.scoring.engagement import WEEK
from leads.states import TouchKind, Via

# Marks the ids of touches that had none in their file: made from what the row says.
MADE_ID = "import:"


@transaction.atomic
def capture_touches(drafts: list[TouchDraft], terms: Terms) -> list[Outcome]:
    """Log a set of touches; one outcome per row, in their order.

    The rules are those of `log_touch`: points by the rules in force, the latest touch on the lead,
    qualifying by definition. A touch known by its id, or by all it says, changes nothing.
    """
    demand(terms.by, "import")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CAPTURE_LOCK])
    with through(Via.IMPORT):
        return _Set(drafts, terms).take()


class _Set:
    """One set on its way through: whose is each touch, which are new, what they do to their leads."""

    def __init__(self, drafts: list[TouchDraft], terms: Terms):
        self.drafts = drafts
        self.terms = terms
        self.campaigns = campaigns_named(
            (one.campaign for one in drafts), by=terms.by, at=terms.at, dry_run=terms.dry_run
        )
        self.leads = LeadsOfRows(drafts, lock=not terms.dry_run)

    def take(self) -> list[Outcome]:
        touches = [self._touch(draft) for draft in self.drafts]
        made = [one for one in touches if isinstance(one, Interaction)]
        known = set(
            Interaction.objects.filter(external_id__in={one.external_id for one in made})
            .exclude(external_id="")
            .values_list("external_id", flat=True)
        )
        outcomes, new = [], []
        for draft, touch in zip(self.drafts, touches, strict=True):
            if isinstance(touch, Outcome):
                outcomes.append(touch)
            elif touch.external_id in known or (self.terms.dry_run and draft.repeats):
                outcomes.append(Outcome(What.UNCHANGED, touch.lead))
            else:
                known.add(touch.external_id)
                new.append(touch)
                outcomes.append(Outcome(What.NEW, touch.lead))
        if not self.terms.dry_run:
            self._write(new)
        return outcomes

    def _touch(self, draft: TouchDraft) -> Interaction | Outcome:
        lead = self.leads.of(draft)
        if isinstance(lead, Outcome):
            return lead
        said = draft.values
        if wrong := _incomplete(said):
            return wrong
        campaign = self.campaigns.get(draft.campaign[:120]) if draft.campaign else None
        if draft.campaign and campaign is None:
            return Outcome.rejected("campaign_unknown", at_fault="campaign", value=draft.campaign)
        return Interaction(
            lead=lead,
            kind=said["kind"],
            direction=said.get("direction") or usual_direction(said["kind"]),
            at=said["at"],
            recorded_at=self.terms.at,
            campaign=campaign,
            result=said.get("result", ""),
            words=said.get("words", ""),
            minutes=said.get("minutes"),
            by=draft.by or None,
            by_machine=draft.by is None,
            external_id=said.get("external_id") or made_id(lead, said, campaign),
        )

    def _write(self, touches: list[Interaction]) -> None:
        if not touches:
            return
        self._score(touches)
        copy_new(touches)
        by_lead = defaultdict(list)
        for touch in touches:
            by_lead[touch.lead].append(touch)
        for lead, theirs in by_lead.items():
            self._settle(lead, theirs)
        Lead.objects.bulk_create(
            sorted(by_lead, key=lambda lead: lead.pk),
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=["heat", "last_touch_at", "last_touch", "updated_at"],
        )
        for lead, theirs in by_lead.items():
            if lead.awaits_condition:
                record_awaited(lead, theirs[-1])
            self._qualify(lead, theirs)

    def _score(self, touches: list[Interaction]) -> None:
        leads = {touch.lead for touch in touches}
        times = [touch.at for touch in touches]
        before = Interaction.objects.filter(
            lead__in=leads, at__gt=min(times) - WEEK, at__lte=max(times)
        ).exclude(points=0)
        points_in_set(touches, before.only("lead_id", "kind", "at", "points"), rules_in_force())

    def _settle(self, lead: Lead, touches: list[Interaction]) -> None:
        for touch in touches:
            lead.heat += heat_added(touch.points, at=touch.at)
            if touch.at >= lead.last_touch_at:
                lead.last_touch_at, lead.last_touch = touch.at, touch_line(touch)
        lead.updated_at = self.terms.at

    def _qualify(self, lead: Lead, touches: list[Interaction]) -> None:
        """As one touch would: by a trigger at its moment, else by the score as it is now."""
        if lead.stage not in QUALIFIABLE or held_back(lead, at=self.terms.at):
            return
        definition = definition_in_force()
        trigger = next((one for one in touches if triggers(one, definition)), None)
        if trigger and not excluded_as(lead, definition):
            at = max(trigger.at, lead.stage_since)
            qualify_by_definition(lead, at=at, because="trigger", silent=True)
        elif qualifies(lead, at=self.terms.at, definition=definition):
            qualify_by_definition(lead, at=self.terms.at, because="score", silent=True)


class LeadsOfRows:
    """Whose rows these are: by the lead's external id, else by e-mail (and name, where several share it)."""

    def __init__(self, drafts: list, *, lock: bool):
        ids = {one for draft in drafts if (one := draft.lead.get("external_id"))}
        emails = {one for draft in drafts if (one := draft.lead.get("email"))}
        pks: set[int] = set()
        for wanted, name in ((ids, "external_id"), (emails, "email")):
            if wanted:
                rows = Lead.objects.filter(**{f"{name}__in": wanted}).exclude(**{name: ""})
                pks.update(rows.values_list("pk", flat=True))
        rows = Lead.objects.filter(pk__in=pks).select_related("team", "marketer").order_by("pk")
        self.by_id: dict[str, Lead] = {}
        self.by_email: dict[str, list[Lead]] = defaultdict(list)
        for lead in rows.select_for_update(of=("self",)) if lock else rows:
            if lead.external_id:
                self.by_id[lead.external_id] = lead
            if lead.email:
                self.by_email[lead.email].append(lead)

    def of(self, draft) -> Lead | Outcome:
        """The lead, or the outcome that says why there is none."""
        external, address = draft.lead.get("external_id", ""), draft.lead.get("email", "")
        if external:
            found = self.by_id.get(external)
            return found or Outcome.rejected(
                "lead_unknown", at_fault="lead.external_id", value=external
            )
        if not address:
            return Outcome.rejected("lead_not_named", at_fault="lead.external_id")
        same = self.by_email.get(address, [])
        if len(same) > 1 and (name := draft.lead.get("name")):
            wanted = {person_key(name, "")}
            same = [one for one in same if _names(one) & wanted] or same
        if not same:
            return Outcome.rejected("lead_unknown", at_fault="lead.email", value=address)
        if len(same) > 1:
            return Outcome.rejected("lead_unclear", at_fault="lead.email", value=address)
        return same[0]


def _names(lead: Lead) -> set[str]:
    return {
        person_key(lead.family_name, lead.given_name),
        person_key(lead.given_name, lead.family_name),
    }


def _incomplete(said: dict) -> Outcome | None:
    if not said.get("kind"):
        return Outcome.rejected("touch_without_kind", at_fault="kind")
    if not said.get("at"):
        return Outcome.rejected("touch_without_moment", at_fault="at")
    if said["kind"] == TouchKind.NOTE and not said.get("words"):
        return Outcome.rejected("note_without_words", at_fault="words")
    return None


def made_id(lead: Lead, said: dict, campaign: Campaign | None) -> str:
    """An id from all a row says: the same row, from whichever file, is the same touch."""
    parts = (
        str(lead.pk),
        said["kind"],
        said.get("direction", ""),
        said["at"].isoformat(),
        said.get("result", ""),
        said.get("words", ""),
        campaign.name if campaign else "",
    )
    return MADE_ID + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]
