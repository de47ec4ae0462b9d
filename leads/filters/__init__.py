"""Filters of the list of leads: kept in the address, shared by page and export."""

from leads.filters.finding import Found, chosen_ids, find_leads
from leads.filters.leads import LeadFilter
from leads.filters.tabs import BY_CODE, TABS, Tab

__all__ = ["BY_CODE", "TABS", "Found", "LeadFilter", "Tab", "chosen_ids", "find_leads"]
