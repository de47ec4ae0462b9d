"""Deals: opened while sales holds the lead, edited, won or lost."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import now
from common.refusals import Malformed, Refusal
from handoff.actions.clocks import release_answers, settle_clocks
from handoff.actions.conditions import drop_condition
from handoff.actions.locks import lock_deal, moved_last, open_handoffs, refuse_unless_deal
from handoff.actions.telling import tell_giver
from handoff.models import Deal, DealStep, Handoff, LostReason
from handoff.permissions import demand
from handoff.states import DEAL_OPENS_AT, DealState, State
from leads.actions.stages import back_to_marketing, lock_lead, move_lead
from leads.actions.touches import EARLIEST_YEAR
from leads.history import milestones, record
from leads.models import Lead
from leads.states import Stage

MOST_YEN = 10**15
# What a change's event keeps from and to.
TOLD = frozenset({"amount", "step", "probability", "expected_on", "owner", "inside_sales"})


@transaction.atomic
def open_deal(
    lead: Lead,
    *,
    by: User,
    amount: int | None = None,
    step: DealStep | None = None,
    probability: int | None = None,
    expected_on: date | None = None,
    name: str = "",
) -> Deal:
    """Open a deal with the lead; the accepted handoff becomes *converted*, the lead `sql`.

    `amount` in whole yen; `probability` defaults to the step's. A lead already in a deal, or
    won, may have another one. The same deal opened twice in a row by one person is one deal.
    """
    lead = lock_lead(lead)
    demand(by, "open_deal", lead)
    if lead.stage not in DEAL_OPENS_AT:
        raise Refusal(
            _("A deal is opened after the lead was accepted; this one is at “%(stage)s”.")
            % {"stage": lead.get_stage_display()}
        )
    _refuse_malformed(amount, probability)
    step = step or DealStep.objects.first()
    asked = {
        "name": name.strip(),
        "step": step,
        "amount": amount,
        "probability": usual_probability(probability, step),
        "expected_on": expected_on.replace(day=1) if expected_on else None,
    }
    if (same := _just_opened(lead, by, asked)) is not None:
        return same
    moment = now()
    drop_condition(lead, by=by, at=moment)
    handoff = convert_handoffs(lead, at=moment)
    deal = Deal.objects.create(
        lead=lead,
        handoff=handoff or _latest_converted(lead),
        team=lead.team,
        owner=lead.seller or by,
        inside_sales=_inside_sales(handoff),
        opened_at=moment,
        updated_at=moment,
        **asked,
    )
    what: dict[str, Any] = {
        "by": by,
        "at": moment,
        "deal_id": deal.pk,
        "handoff_id": handoff.pk if handoff else None,
    }
    if lead.stage == Stage.SQL:
        record(lead, "deal.open", **what)
    else:
        version = handoff.agreement_version if handoff else None
        move_lead(lead, "deal.open", Stage.SQL, version=version, **what)
    if handoff:
        tell_giver(handoff, "deal.opened", by=by, deal=deal.pk)
    return deal


def _just_opened(lead: Lead, by: User, asked: dict) -> Deal | None:
    """The deal that the same press opened a moment ago: nothing has happened to the lead since."""
    latest = lead.events.order_by("-recorded_at", "-id").first()
    if latest is None or latest.verb != "deal.open" or latest.by_id != by.pk:
        return None
    return lead.deals.open().filter(pk=latest.deal_id, **asked).first()


def convert_handoffs(lead: Lead, *, at: datetime) -> Handoff | None:
    """Close the accepted handoffs of a *locked* lead as *converted*; gives the one the deal came from."""
    held = open_handoffs(lead)
    if held and held[0].state == State.WAITING:
        raise Refusal(_("This lead is offered on to the next team. Withdraw that offer first."))
    for handoff in held:
        settle_clocks(handoff, at=at)
        handoff.state, handoff.closed_at = State.CONVERTED, at
        handoff.save(update_fields=["state", "closed_at"])
    return held[0] if held else None


def _latest_converted(lead: Lead) -> Handoff | None:
    return Handoff.objects.filter(lead=lead, state=State.CONVERTED).order_by("-closed_at").first()


def _inside_sales(handoff: Handoff | None) -> User | None:
    return handoff.previous_leg.taker if handoff and handoff.previous_leg_id else None


def usual_probability(given: int | None, step: DealStep | None) -> int:
    """`given`, else what is usual for the step."""
    return given if given is not None else (step.probability if step else 0)


def _refuse_malformed(amount: int | None, probability: int | None) -> None:
    if amount is not None and not 0 <= amount <= MOST_YEN:
        raise Malformed(_("Give the amount in whole yen."), field="amount")
    if probability is not None and not 0 <= probability <= 100:
        raise Malformed(_("A probability lies between 0 and 100."), field="probability")


@transaction.atomic
def edit_deal(deal: Deal, *, by: User, **changes) -> Deal:
    """Change name, amount, step, probability, expected month, people of an open deal.

    Only what is named is changed. A new step brings its usual probability unless one is given.
    """
    deal = lock_deal(deal)
    demand(by, "edit", deal)
    refuse_unless_deal("edit", deal)
    _refuse_malformed(changes.get("amount"), changes.get("probability"))
    unknown = changes.keys() - {
        "name",
        "amount",
        "step",
        "probability",
        "expected_on",
        "owner",
        "inside_sales",
    }
    if unknown:
        raise TypeError(f"edit_deal does not change {sorted(unknown)}")
    if changes.get("expected_on"):
        changes["expected_on"] = changes["expected_on"].replace(day=1)
    moved = "step" in changes and changes["step"] != deal.step
    if changes.get("probability") is None and (moved or "probability" in changes):
        changes["probability"] = usual_probability(None, changes.get("step", deal.step))
    changed = {name: value for name, value in changes.items() if getattr(deal, name) != value}
    if not changed:
        return deal
    _let_lead_follow(deal, changed)
    told = changes_told({name: (getattr(deal, name), value) for name, value in changed.items()})
    for name, value in changed.items():
        setattr(deal, name, value)
    deal.updated_at = now()
    deal.save(update_fields=[*changed, "updated_at"])
    step = deal.step.code if "step" in changed and deal.step else None
    record(
        deal.lead,
        "deal.edit",
        by=by,
        at=deal.updated_at,
        deal_id=deal.pk,
        fields=sorted(changed),
        changes=told,
        step=step,
    )
    return deal


def changes_told(changes: dict[str, tuple]) -> dict[str, list]:
    """From what to what, as the event keeps it for ever: codes, ids and amounts. A deal's
    name is free text and may be a person's: of that, the event keeps only that it changed."""
    return {
        name: [_plain(before), _plain(after)]
        for name, (before, after) in changes.items()
        if name in TOLD
    }


def _plain(value):
    if isinstance(value, DealStep):
        return value.code
    if isinstance(value, User):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value


def _let_lead_follow(deal: Deal, changed: dict) -> None:
    """Who takes over the deal of whoever holds the lead holds the lead: there is no other way to give it."""
    to = changed.get("owner")
    if to and deal.lead.stage == Stage.SQL and deal.lead.seller_id in (None, deal.owner_id):
        deal.lead.seller = to
        Lead.objects.filter(pk=deal.lead_id).update(seller=to)


@transaction.atomic
def win_deal(
    deal: Deal, *, by: User, amount: int | None = None, at: datetime | None = None
) -> Deal:
    """The customer said yes. `amount` (yen) is what was sold, if it differs from what was expected."""
    deal = lock_deal(deal)
    if (
        deal.state == DealState.WON
        and moved_last(by, deal.lead, "deal.win", deal_id=deal.pk)
        and amount in (None, deal.amount)
        and at in (None, deal.won_at)
    ):
        return deal
    demand(by, "win", deal)
    refuse_unless_deal("win", deal)
    _refuse_malformed(amount, None)
    moment = at or now()
    if moment > now():
        raise Malformed(_("This moment lies in the future."), field="won_on")
    if moment.year < EARLIEST_YEAR:
        raise Malformed(_("This date lies too far in the past."), field="won_on")
    deal.state, deal.won_at, deal.probability = DealState.WON, moment, 100
    deal.amount = deal.amount if amount is None else amount
    deal.updated_at = now()
    deal.save(update_fields=["state", "won_at", "probability", "amount", "updated_at"])
    what: dict[str, Any] = {
        "by": by,
        "at": moment,
        "deal_id": deal.pk,
        "handoff_id": deal.handoff_id,
    }
    if deal.lead.stage == Stage.SQL:
        move_lead(deal.lead, "deal.win", Stage.WON, **what)
        release_answers(deal.lead, at=now())
    else:
        # Another deal of a lead that is won: the first of all its wins is the milestone.
        Lead.objects.filter(pk=deal.lead_id).update(**milestones(deal.lead, Stage.WON, moment))
        record(deal.lead, "deal.win", **what)
    if deal.handoff:
        tell_giver(deal.handoff, "deal.won", by=by, deal=deal.pk)
    return deal


@transaction.atomic
def lose_deal(
    deal: Deal,
    *,
    by: User,
    reason: LostReason,
    note: str = "",
    recycle: bool = False,
    at: datetime | None = None,
) -> Deal:
    """The deal is lost, with a reason. With its last open deal the lead is `lost`; or, with
    `recycle`, goes back to marketing to be nurtured."""
    deal = lock_deal(deal)
    if (
        deal.state == DealState.LOST
        and moved_last(by, deal.lead, "deal.lose", "deal.recycle", deal_id=deal.pk)
        and (deal.lost_reason, deal.lost_note) == (reason, note.strip())
    ):
        return deal
    demand(by, "lose", deal)
    refuse_unless_deal("lose", deal)
    if reason is None or reason.retired_at:
        raise Malformed(_("Choose why the deal was lost."), field="reason")
    moment = at or now()
    close_lost(deal, reason=reason, note=note, at=moment)
    what: dict[str, Any] = {
        "by": by,
        "at": moment,
        "deal_id": deal.pk,
        "handoff_id": deal.handoff_id,
        "reason": reason.code,
    }
    lead = deal.lead
    if lead.stage == Stage.SQL and not lead.deals.open().exists():
        if recycle:
            move_lead(
                lead, "deal.recycle", Stage.NURTURING, changes=back_to_marketing(lead), **what
            )
        else:
            move_lead(lead, "deal.lose", Stage.LOST, **what)
            release_answers(lead, at=now())
    else:
        record(lead, "deal.lose", **what)
    if deal.handoff:
        tell_giver(deal.handoff, "deal.lost", by=by, deal=deal.pk, reason=reason.code)
    return deal


def close_lost(deal: Deal, *, reason: LostReason | None, note: str, at: datetime) -> None:
    """Close a *locked* open deal as lost."""
    deal.state, deal.lost_at, deal.probability = DealState.LOST, at, 0
    deal.lost_reason, deal.lost_note, deal.updated_at = reason, note.strip(), now()
    deal.save(
        update_fields=["state", "lost_at", "probability", "lost_reason", "lost_note", "updated_at"]
    )
