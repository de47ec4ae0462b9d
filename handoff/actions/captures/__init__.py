"""The set form of writing deals down: those of other systems, by the thousand."""

from handoff.actions.captures.deals import capture_deals
from handoff.actions.captures.drafts import DealDraft

__all__ = ["DealDraft", "capture_deals"]
