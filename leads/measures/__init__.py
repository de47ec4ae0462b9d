"""What the pages of leads read: one query each, nothing that writes."""

from leads.measures.campaigns import CampaignResult, campaign_results
from leads.measures.cards import Card, read_card
from leads.measures.hearings import unheard, with_confirmations
from leads.measures.rows import rows_of, weekly_engagement

__all__ = [
    "CampaignResult",
    "Card",
    "campaign_results",
    "read_card",
    "rows_of",
    "unheard",
    "weekly_engagement",
    "with_confirmations",
]
