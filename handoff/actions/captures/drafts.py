"""What a row says about a deal, and what its dates and words make of its state."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handoff.models import Deal
from handoff.states import DealState
from leads.actions.captures import Outcome

CLOSING: dict[str, str] = {DealState.WON: "won_at", DealState.LOST: "lost_at"}


@dataclass(slots=True)
class DealDraft:
    """What one row says about a deal, and about whose it is."""

    lead: dict[str, str] = field(default_factory=dict)  # external_id, email, name
    values: dict[str, Any] = field(default_factory=dict)
    repeats: bool = False


def settle_state(said: dict, at: datetime) -> Outcome | None:
    """Completes `said` with the deal's state and the moment it closed; gives why that cannot be."""
    closed_at, state = said.pop("closed_at", None), said.get("state", "")
    if said.get("won_at") and said.get("lost_at"):
        return Outcome.rejected("deal_won_and_lost", at_fault="lost_at")
    dated = "won" if said.get("won_at") else "lost" if said.get("lost_at") else ""
    if state and dated and state != dated:
        return Outcome.rejected("deal_won_and_lost", at_fault="state")
    state = state or dated
    closing = CLOSING.get(state)
    if closing and not said.get(closing):
        said[closing] = closed_at
    if closing and said[closing] and said[closing] > at:
        return Outcome.rejected(
            "date_in_future", at_fault=closing, value=f"{said[closing]:%Y-%m-%d}"
        )
    if not closing and closed_at:
        said.setdefault("expected_on", closed_at.date())
    is_open = state == DealState.OPEN or any(said.get(one) for one in ("opened_at", "step", "expected_on"))  # fmt: skip
    if (closing and not said[closing]) or not (closing or is_open):
        return Outcome.rejected("deal_without_moment", at_fault=closing or "won_at")
    said["state"] = state or DealState.OPEN
    if expected := said.get("expected_on"):
        said["expected_on"] = expected.replace(day=1)
    return None


def flags(deal: Deal) -> dict:
    early = deal.won_at and deal.won_at < deal.lead.captured_at
    return {"flags": ["won_before_captured"]} if early else {}
