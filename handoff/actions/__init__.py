"""The verbs of the handoff: every write that has a rule."""

from handoff.actions.acknowledgements import acknowledge_return
from handoff.actions.answers import accept_lead, reassign_handoff
from handoff.actions.conditions import Condition
from handoff.actions.contacts import log_contact, read_brief, withdraw_contact
from handoff.actions.corrections import correct_win
from handoff.actions.deals import edit_deal, lose_deal, open_deal, win_deal
from handoff.actions.introductions import introduce_taker
from handoff.actions.offers import lapse_offer, offer_lead, offer_leads, withdraw_offer
from handoff.actions.own_leads import take_own_lead
from handoff.actions.pauses import pause_clocks, resume_clocks
from handoff.actions.questions import answer_question, ask_question
from handoff.actions.returns import return_lead
from handoff.actions.routing import route_lead, route_leads
from handoff.actions.stages import (
    disqualify_lead,
    nurture_lead,
    qualify_lead,
    recycle_lead,
    reinstate_lead,
)

__all__ = [
    "Condition",
    "accept_lead",
    "acknowledge_return",
    "answer_question",
    "ask_question",
    "correct_win",
    "disqualify_lead",
    "edit_deal",
    "introduce_taker",
    "lapse_offer",
    "log_contact",
    "lose_deal",
    "nurture_lead",
    "offer_lead",
    "offer_leads",
    "open_deal",
    "pause_clocks",
    "qualify_lead",
    "read_brief",
    "reassign_handoff",
    "recycle_lead",
    "reinstate_lead",
    "resume_clocks",
    "return_lead",
    "route_lead",
    "route_leads",
    "take_own_lead",
    "win_deal",
    "withdraw_contact",
    "withdraw_offer",
]
