"""Taking back what was entered by mistake: by another event, never by editing the past."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import User
from common import now
from common.refusals import Malformed
from handoff.actions.deals import usual_probability
from handoff.actions.locks import lock_deal, refuse_unless_deal
from handoff.models import Deal, DealStep
from handoff.permissions import demand
from handoff.states import DealState
from leads.actions.stages import move_lead
from leads.history import record
from leads.models import Lead
from leads.states import MILESTONES, Stage


@transaction.atomic
def correct_win(deal: Deal, *, by: User, why: str) -> Deal:
    """A win entered by mistake becomes an open deal again, by an event that says so; managers only.

    The past is not edited: the ledger keeps the win and its correction.
    """
    deal = lock_deal(deal)
    demand(by, "correct", deal)
    refuse_unless_deal("correct", deal)
    if not why.strip():
        raise Malformed(_("Say why the win is taken back."), field="why")
    moment, was = now(), deal.won_at
    step = deal.step or DealStep.objects.first()
    deal.state, deal.won_at, deal.probability = DealState.OPEN, None, usual_probability(None, step)
    deal.updated_at = moment
    deal.save(update_fields=["state", "won_at", "probability", "updated_at"])
    lead = deal.lead
    _take_back(lead, was)
    what: dict[str, Any] = {"by": by, "at": moment, "deal_id": deal.pk}
    if lead.stage == Stage.WON and lead.won_at is None:
        move_lead(lead, "deal.correct", Stage.SQL, **what)
    else:
        record(lead, "deal.correct", **what)
    lead.comments.create(text=why.strip(), by=by, at=moment)
    path = f"/handoffs/deals/{deal.pk}/"
    managers = User.objects.active().managers()
    tell(managers, "deal.corrected", by=by, lead=lead, path=path, deal=deal.pk)
    return deal


def _take_back(lead: Lead, was: datetime) -> None:
    """Set the milestones of a *locked* lead as if the win at the moment `was` had not been.

    An earlier day of the order had pulled the stages before it along; they get back the moments
    of the moves that remain.
    """
    won = dict(lead.deals.won().values_list("pk", "won_at"))
    columns = {"won_at": min(won.values(), default=None)}
    moves = [
        (MILESTONES.index(Stage(stage)), at)
        for stage, verb, deal, at in lead.events.filter(stage_to__in=MILESTONES).values_list(
            "stage_to", "verb", "deal_id", "at"
        )
        if verb != "deal.win" or won.get(deal) == at
    ]
    for place, name in enumerate(MILESTONES[:-1]):
        moments = [at for reached, at in moves if reached >= place]
        if getattr(lead, f"{name}_at") == was and moments:
            columns[f"{name}_at"] = min(moments)
    for column, at in columns.items():
        setattr(lead, column, at)
    Lead.objects.filter(pk=lead.pk).update(**columns)
