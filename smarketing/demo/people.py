"""A lead while marketing works with it: kept in memory, written in sets.

Thousands of machine-made touches through the verbs would take minutes. Until a lead is touched by
a verb of its own, its touches are scored here by the same functions and written at once; the touch
that makes it an MQL, and all that follows, goes through the verbs.
"""

import random
from dataclasses import dataclass, field

from common import now
from common.copying import copy_new
from leads.actions.consents import record_consent, settle_consents
from leads.actions.touches import log_touch, touch_line
from leads.history import event, record_many
from leads.models import CampaignMember, Consent, Interaction, Lead, LeadEvent
from leads.scoring import (
    definition_in_force,
    heat_added,
    points_in_set,
    qualifies,
    triggers,
)
from leads.states import Direction, Stage, TouchKind
from smarketing.demo.books import Book
from smarketing.demo.campaigns import Effort
from smarketing.demo.companies import Home


@dataclass
class Person:
    """One lead of the demo with what shapes its story."""

    lead: Lead
    home: Home
    effort: Effort
    book: Book
    rng: random.Random
    warmth: float
    is_live: bool = False
    touches: list[Interaction] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    memberships: dict[int, CampaignMember] = field(default_factory=dict)
    events: list[LeadEvent] = field(default_factory=list)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def captured(self) -> None:
        """The lead comes in: the ledger begins."""
        self.home.people.append(self)
        self.events.append(event(self.lead, "lead.create", by=None, stage_to=Stage.NEW))

    def refresh(self) -> None:
        """What the verbs have made of the lead."""
        self.lead.refresh_from_db(fields=["stage", "marketer", "seller", "team"])

    def with_marketing(self) -> bool:
        """Whether marketing still works with it: others may have taken it out meanwhile."""
        if self.is_live:
            self.refresh()
        return self.lead.stage in (Stage.NEW, Stage.NURTURING)

    def touched(self, kind: str, words: str = "", **what) -> None:
        """A touch, now, by a machine unless `by` somebody; it may make the lead an MQL."""
        direction = Direction.OUTBOUND if kind == TouchKind.MAIL_SENT else Direction.INBOUND
        what = {"kind": kind, "words": words, "direction": direction, "by": None, **what}
        if self.is_live:
            log_touch(self.lead, machine=what["by"] is None, **what)
            self.refresh()
            return
        touch = Interaction(lead=self.lead, at=now(), recorded_at=now(), **what)
        touch.by_machine = touch.by is None
        points_in_set([touch], self.touches)
        if self._qualifies_with(touch):
            self.go_live()
            self.touched(**what)
            return
        self.touches.append(touch)
        self.lead.heat += heat_added(touch.points, at=touch.at)
        self.lead.last_touch_at, self.lead.last_touch = touch.at, touch_line(touch)

    def _qualifies_with(self, touch: Interaction) -> bool:
        if self.lead.stage not in (Stage.NEW, Stage.NURTURING):
            return False
        heat = self.lead.heat
        self.lead.heat += heat_added(touch.points, at=touch.at)
        found = triggers(touch) or qualifies(
            self.lead, at=touch.at, definition=definition_in_force()
        )
        self.lead.heat = heat
        return found

    def nurtured(self) -> None:
        """The marketer takes the new lead into nurturing: what `nurture_lead` does, in memory."""
        lead = self.lead
        self.events.append(
            event(
                lead,
                "lead.nurture",
                by=lead.marketer,
                stage_from=Stage.NEW,
                stage_to=Stage.NURTURING,
                reason="",
            )
        )
        lead.stage, lead.stage_since, lead.updated_at = Stage.NURTURING, now(), now()

    def allowed(self, channel: str, granted: bool, evidence: str) -> None:
        what = {"channel": channel, "granted": granted, "evidence": evidence}
        if self.is_live:
            record_consent(self.lead, by=None, **what)
        else:
            self.consents.append(Consent(lead=self.lead, at=now(), recorded_at=now(), **what))

    def joined(self, campaign, status: str) -> None:
        """How far the lead went with a campaign."""
        if self.is_live:
            CampaignMember.objects.update_or_create(
                campaign=campaign, lead=self.lead, defaults={"status": status, "at": now()}
            )
            return
        member = CampaignMember(campaign=campaign, lead=self.lead, status=status, at=now())
        self.memberships[campaign.pk] = member

    def go_live(self) -> Lead:
        """Write everything so far: from now on the verbs work with this lead.

        Its colleagues are written with it, so that a brief knows them; they stay in memory.
        """
        if not self.is_live:
            colleagues = [
                one for one in self.home.people if one.lead.pk is None and one is not self
            ]
            copy_new(one.lead for one in colleagues)
            write([self])
        return self.lead


CHANGED = ["stage", "stage_since", "heat", "last_touch_at", "last_touch", "updated_at"]


def write(people: list[Person]) -> None:
    """Write people with all that was kept in memory; the verbs take over from here."""
    copy_new(one.lead for one in people if one.lead.pk is None)
    Lead.objects.bulk_update([one.lead for one in people], CHANGED, batch_size=500)
    copy_new(touch for one in people for touch in one.touches)
    copy_new(row for one in people for row in one.memberships.values())
    consents = copy_new(row for one in people for row in one.consents)
    settle_consents({consent.lead_id for consent in consents})
    record_many(row for one in people for row in one.events)
    record_many(_consent_event(consent) for consent in consents)
    for one in people:
        one.is_live = True


def _consent_event(consent: Consent) -> LeadEvent:
    return event(
        consent.lead,
        "consent.record",
        by=None,
        at=consent.at,
        recorded_at=consent.at,
        channel=consent.channel,
        granted=consent.granted,
        consent=consent.pk,
    )
