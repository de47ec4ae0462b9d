"""Pages of the handoff: each fetches what the person may see, calls one verb, and answers."""

from handoff.views.agreement import agreement
from handoff.views.answers import acceptance, acknowledgement, return_, taker, withdrawal
from handoff.views.brief import detail, reading
from handoff.views.deals import (
    deal,
    deal_correction,
    deal_edit,
    deal_loss,
    deal_new,
    deal_win,
    deals,
)
from handoff.views.leads import of_lead
from handoff.views.lists import handoffs
from handoff.views.offers import offer_new
from handoff.views.stages import lead_move
from handoff.views.touches import answer, question_new, touch_new

__all__ = [
    "acceptance",
    "acknowledgement",
    "agreement",
    "answer",
    "deal",
    "deal_correction",
    "deal_edit",
    "deal_loss",
    "deal_new",
    "deal_win",
    "deals",
    "detail",
    "handoffs",
    "lead_move",
    "of_lead",
    "offer_new",
    "question_new",
    "reading",
    "return_",
    "taker",
    "touch_new",
    "withdrawal",
]
