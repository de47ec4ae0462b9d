"""The giver's answer to a return."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import User
from common import now
from common.refusals import Malformed, Refusal
from handoff.actions.clocks import stop_clocks
from handoff.actions.locks import lock_handoff, refuse_unless_open
from handoff.models import Handoff
from handoff.states import Acknowledgement, ClockKind, State
from leads.history import record


@transaction.atomic
def acknowledge_return(handoff: Handoff, *, by: User, answer: str, note: str = "") -> Handoff:
    """The giver's answer to a return: seen, and what will be done. Stops their clock.

    `disagree` needs words. Repeating it with the same answer changes nothing.
    """
    handoff = lock_handoff(handoff)
    if handoff.acknowledged_at:
        said = (handoff.acknowledgement, handoff.acknowledgement_note)
        if handoff.acknowledged_by_id == by.pk and said == (answer, note.strip()):
            return handoff
    refuse_acknowledged(handoff)
    refuse_unless_open("acknowledge", handoff, by=by)
    if answer not in Acknowledgement.values:
        raise Malformed(_("Say what you will do with the lead."), field="answer")
    if answer == Acknowledgement.DISAGREE and not note.strip():
        raise Malformed(_("Say in a sentence why you see it differently."), field="note")
    moment = now()
    handoff.acknowledged_at, handoff.acknowledged_by = moment, by
    handoff.acknowledgement, handoff.acknowledgement_note = answer, note.strip()
    handoff.save(
        update_fields=[
            "acknowledged_at",
            "acknowledged_by",
            "acknowledgement",
            "acknowledgement_note",
        ]
    )
    _answer_for_later_legs(handoff)
    stop_clocks(handoff, ClockKind.ACKNOWLEDGE, at=moment)
    record(
        handoff.lead,
        "handoff.acknowledge",
        by=by,
        at=moment,
        handoff_id=handoff.pk,
        version=handoff.agreement_version,
        answer=answer,
    )
    _tell_of_acknowledgement(handoff, by=by, answer=answer)
    return handoff


def refuse_acknowledged(handoff: Handoff) -> None:
    """Raises where the return has its answer, or is answered by somebody further back."""
    if handoff.acknowledged_at is None:
        return
    if handoff.acknowledged_by is None:
        raise Refusal(_("This lead went further back. Marketing answers this return."))
    words = _("%(name)s has already acknowledged this return.")
    raise Refusal(words % {"name": handoff.acknowledged_by.name})


def _answer_for_later_legs(handoff: Handoff) -> None:
    """A lead that came back through several teams is answered once: for all of them."""
    through = {"state": State.RETURNED, "closed_at": handoff.closed_at, "acknowledged_by": None}
    on_the_way = [handoff.pk]
    while on_the_way:
        later = Handoff.objects.filter(previous_leg__in=on_the_way, **through)
        on_the_way = list(later.values_list("pk", flat=True))
        Handoff.objects.filter(pk__in=on_the_way).update(
            acknowledged_by=handoff.acknowledged_by,
            acknowledgement=handoff.acknowledgement,
            acknowledgement_note=handoff.acknowledgement_note,
        )


def _tell_of_acknowledgement(handoff: Handoff, *, by: User, answer: str) -> None:
    to = [handoff.returned_by] if handoff.returned_by else []
    if answer == Acknowledgement.DISAGREE:
        # A disagreement is not settled between the two alone: both managers hear of it.
        teams = {handoff.giver_team_id, handoff.taker_team_id}
        teams |= {one.team_id for one in to if one.team_id}
        to += list(User.objects.active().managers().filter(team__in=teams))
    tell(
        to,
        "handoff.acknowledged",
        by=by,
        lead=handoff.lead,
        path=f"/handoffs/{handoff.pk}/",
        answer=answer,
    )
