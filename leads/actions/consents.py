"""Consents: what a lead allowed or forbade on a channel, when, and how we know."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import now
from common.refusals import Malformed
from leads.actions.stages import lock_lead
from leads.history import record
from leads.models import Consent, Lead
from leads.permissions import demand
from leads.states import Channel

# Channels whose latest word is kept on the lead, so that lists filter by it.
KEPT = (Channel.EMAIL, Channel.PHONE)


@transaction.atomic
def record_consent(
    lead: Lead,
    *,
    by: User | None,
    channel: str,
    granted: bool,
    evidence: str,
    at: datetime | None = None,
) -> Consent:
    """Keep what the lead said about a channel, with how we know. The latest word by time holds.

    The same word at the same moment again changes nothing. Raises `Malformed` without evidence.
    """
    lead = lock_lead(lead)
    demand(by, "consent", lead)
    moment = now()
    evidence = evidence.strip()
    if channel not in Channel.values:
        raise Malformed(_("Choose the channel."), field="channel")
    if not evidence:
        raise Malformed(
            _("Say how we know: a form, a call, a card, and where it is."), field="evidence"
        )
    if at and at > moment:
        raise Malformed(_("This moment lies in the future."), field="at")
    same = lead.consents.filter(channel=channel, granted=granted, evidence=evidence, at=at).first()
    if at and same:
        return same
    consent = Consent.objects.create(
        lead=lead,
        channel=channel,
        granted=granted,
        at=at or moment,
        evidence=evidence[:300],
        by=by,
        recorded_at=moment,
    )
    settle_consents([lead.pk])
    record(
        lead,
        "consent.record",
        by=by,
        at=consent.at,
        channel=channel,
        granted=granted,
        consent=consent.pk,
    )
    return consent


def settle_consents(lead_ids: Iterable[int]) -> None:
    """Puts the latest word of each kept channel on these leads: also for sets of new consents."""
    columns = {}
    for channel in KEPT:
        latest = Consent.objects.filter(lead=OuterRef("pk"), channel=channel).order_by("-at", "-id")
        columns[f"consent_{channel.value}"] = Subquery(latest.values("granted")[:1])
    Lead.objects.filter(pk__in=list(lead_ids)).update(**columns)
