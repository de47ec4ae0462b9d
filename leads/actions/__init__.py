"""The verbs of the lead: every write that has a rule."""

from leads.actions.attributes import (
    define_attribute,
    edit_attribute,
    restore_attribute,
    retire_attribute,
)
from leads.actions.campaigns import add_members, create_campaign, edit_campaign, remove_member
from leads.actions.comments import comment_on_lead, withdraw_comment
from leads.actions.companies import create_company, edit_company
from leads.actions.consents import record_consent
from leads.actions.facts import forget_fact, learn_fact
from leads.actions.follow_ups import (
    finish_follow_up,
    plan_follow_up,
    postpone_follow_up,
    reopen_follow_up,
)
from leads.actions.hearings import ask_again, change_fact, confirm_fact, hear
from leads.actions.profile import assign_lead, assign_leads, create_lead, edit_lead
from leads.actions.sheets import drop_sheet, save_sheet
from leads.actions.stages import nurture_lead, qualify_lead
from leads.actions.touches import log_touch, withdraw_touch

__all__ = [
    "add_members",
    "ask_again",
    "assign_lead",
    "assign_leads",
    "change_fact",
    "comment_on_lead",
    "confirm_fact",
    "create_campaign",
    "create_company",
    "create_lead",
    "define_attribute",
    "drop_sheet",
    "edit_attribute",
    "edit_campaign",
    "edit_company",
    "edit_lead",
    "finish_follow_up",
    "forget_fact",
    "hear",
    "learn_fact",
    "log_touch",
    "nurture_lead",
    "plan_follow_up",
    "postpone_follow_up",
    "qualify_lead",
    "record_consent",
    "remove_member",
    "reopen_follow_up",
    "restore_attribute",
    "retire_attribute",
    "save_sheet",
    "withdraw_comment",
    "withdraw_touch",
]
