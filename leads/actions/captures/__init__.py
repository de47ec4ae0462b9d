"""The set forms of writing leads and touches down: the same rules as the single verbs, by the thousand."""

from leads.actions.captures.drafts import Existing, LeadDraft, Outcome, Terms, TouchDraft, What
from leads.actions.captures.leads import capture_leads
from leads.actions.captures.touches import capture_touches

__all__ = [
    "Existing",
    "LeadDraft",
    "Outcome",
    "Terms",
    "TouchDraft",
    "What",
    "capture_leads",
    "capture_touches",
]
