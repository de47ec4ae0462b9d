"""Campaigns: written, edited side by side, and the leads they reached."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import demand
from common import now
from common.refusals import Malformed
from leads.actions.edits import cleaned, columns_of, put, save_checked, settle_edit
from leads.actions.stages import lock_lead
from leads.history import event, record, record_many
from leads.models import Campaign, CampaignMember, Lead
from leads.states import MemberStatus

EDITABLE = frozenset({"name", "kind", "starts_on", "ends_on", "cost", "plan", "result", "owner"})


@transaction.atomic
def create_campaign(*, by: User | None, **fields) -> Campaign:
    """Write a campaign down, with a name of its own."""
    demand(by, "campaign.edit")
    campaign = Campaign(created_at=now())
    for name, value in cleaned(fields, allowed=EDITABLE, model=Campaign).items():
        put(campaign, name, value)
    _refuse_malformed(campaign)
    _save(campaign, force_insert=True)
    return campaign


@transaction.atomic
def edit_campaign(
    campaign: Campaign, *, by: User | None, seen: dict | None = None, **changes
) -> Campaign:
    """Change fields of the campaign, as `edit_lead` does."""
    demand(by, "campaign.edit")
    campaign = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    changed = settle_edit(campaign, cleaned(changes, allowed=EDITABLE, model=Campaign), seen)
    if changed:
        _refuse_malformed(campaign)
        _save(campaign, update_fields=columns_of(changed))
    return campaign


def _refuse_malformed(campaign: Campaign) -> None:
    if not campaign.name:
        raise Malformed(_("Give the campaign a name."), field="name")
    if campaign.starts_on and campaign.ends_on and campaign.ends_on < campaign.starts_on:
        raise Malformed(_("A campaign cannot end before it starts."), field="ends_on")


def _save(campaign: Campaign, **how) -> None:
    if Campaign.objects.filter(name=campaign.name).exclude(pk=campaign.pk).exists():
        raise Malformed(_("There is already a campaign of this name."), field="name")
    save_checked(campaign, **how)


@transaction.atomic
def add_members(
    campaign: Campaign,
    leads: Iterable[Lead],
    *,
    by: User | None,
    status: str = MemberStatus.RESPONDED,
) -> int:
    """Note that the campaign reached these leads; gives how many were not in it before.

    Who is in it already keeps their status.
    """
    demand(by, "campaign.edit")
    if status not in MemberStatus.values:
        raise Malformed(_("Choose how far the leads went with it."), field="status")
    ids = sorted({lead.pk for lead in leads})
    locked = Lead.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    rows = {lead.pk: lead for lead in locked}
    there = set(campaign.members.filter(lead__in=ids).values_list("lead_id", flat=True))
    new = [lead for pk, lead in rows.items() if pk not in there]
    moment = now()
    CampaignMember.objects.bulk_create(
        CampaignMember(campaign=campaign, lead=lead, status=status, at=moment) for lead in new
    )
    record_many(
        event(lead, "campaign.add", by=by, recorded_at=moment, campaign=campaign.pk, status=status)
        for lead in new
    )
    return len(new)


@transaction.atomic
def remove_member(campaign: Campaign, lead: Lead, *, by: User | None) -> None:
    """Take a lead out of a campaign's list. The campaign that brought a lead in stays on the lead."""
    demand(by, "campaign.edit")
    lead = lock_lead(lead)
    gone, _kinds = CampaignMember.objects.filter(campaign=campaign, lead=lead).delete()
    if gone:
        record(lead, "campaign.remove", by=by, campaign=campaign.pk)
