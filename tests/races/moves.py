"""Every verb on leads, handoffs and deals as one press of a button by anybody, on whatever is there."""

import random
from collections.abc import Callable
from datetime import timedelta

from common import now
from handoff.actions import (
    Condition,
    accept_lead,
    acknowledge_return,
    answer_question,
    ask_question,
    correct_win,
    disqualify_lead,
    edit_deal,
    log_contact,
    lose_deal,
    nurture_lead,
    offer_lead,
    open_deal,
    pause_clocks,
    qualify_lead,
    read_brief,
    reassign_handoff,
    recycle_lead,
    reinstate_lead,
    resume_clocks,
    return_lead,
    route_lead,
    win_deal,
    withdraw_offer,
)
from handoff.models import Deal, DealStep, Handoff, Lane, LostReason, ReturnReason
from handoff.states import Acknowledgement
from leads.actions import assign_lead, comment_on_lead, learn_fact, log_touch
from leads.models import Lead, Question
from leads.states import TouchKind, TouchResult

Press = Callable[[random.Random, Lead, object, list], object]


def latest(rows, lead: Lead):
    """The newest of `rows` about the lead; a lead without one is no news to anybody."""
    return rows.filter(lead=lead).order_by("-pk").first()


def on(rows, verb: Callable) -> Press:
    """`verb` on the newest row of the lead, where there is one."""

    def press(rng, lead, by, people):
        row = latest(rows(), lead)
        return row and verb(rng, row, by, people)

    return press


def _offer(rng, lead, by, people):
    lane = rng.choice(list(Lane.objects.all()))
    taker = rng.choice([None, None, rng.choice(people)])
    return offer_lead(lead, by=by, lane=lane, taker=taker, unchanged_because=rng.choice(["", "x"]))


def _return(rng, handoff, by, people):
    reason = rng.choice(list(ReturnReason.objects.filter(needs_revisit=False)))
    day = (now() + timedelta(days=rng.choice([1, 9]))).date()
    condition = rng.choice(
        [
            None,
            Condition("fact", field="budget", on=rng.choice([None, day])),
            Condition("touch", touch_kind="form", touch_result=rng.choice(["", "demo"])),
            Condition("date", on=day),
        ]
    )
    return return_lead(handoff, by=by, reason=reason, note="Words.", condition=condition)


def _acknowledge(rng, handoff, by, people):
    return acknowledge_return(
        handoff, by=by, answer=rng.choice(Acknowledgement.values), note="Seen."
    )


def _pause(rng, handoff, by, people):
    until = now() + timedelta(minutes=rng.choice([0.001, 60, 60 * 24]))
    return pause_clocks(handoff, by=by, reason="asked", until=until)


def _contact(rng, lead, by, people):
    return log_contact(
        lead,
        by=by,
        kind=rng.choice([TouchKind.CALL, TouchKind.WEB_MEETING, TouchKind.MAIL_SENT]),
        result=rng.choice([TouchResult.REACHED, TouchResult.NO_ANSWER, ""]),
        words="Spoke.",
        question=rng.choice(["", "", "Does it work offline?"]),
    )


def _touch(rng, lead, by, people):
    kind, result = rng.choice([("visit", ""), ("download", ""), ("form", ""), ("form", "demo")])
    return log_touch(lead, by=None, kind=kind, result=result, machine=True)


def _lose(rng, deal, by, people):
    reason = LostReason.objects.first()
    return lose_deal(deal, by=by, reason=reason, recycle=rng.random() < 0.4)


def _edit(rng, deal, by, people):
    step = rng.choice(list(DealStep.objects.all()))
    return edit_deal(deal, by=by, step=step, amount=rng.randint(1, 9) * 100_000)


MOVES: dict[str, Press] = {
    "touch": _touch,
    "contact": _contact,
    "nurture": lambda rng, lead, by, people: nurture_lead(lead, by=by),
    "qualify": lambda rng, lead, by, people: qualify_lead(lead, by=by, judgement="Met them."),
    "offer": _offer,
    "route": lambda rng, lead, by, people: route_lead(lead, by=rng.choice([by, None])),
    "withdraw": on(
        Handoff.objects.all, lambda rng, handoff, by, people: withdraw_offer(handoff, by=by)
    ),
    "accept": on(Handoff.objects.all, lambda rng, handoff, by, people: accept_lead(handoff, by=by)),
    "read": on(Handoff.objects.all, lambda rng, handoff, by, people: read_brief(handoff, by=by)),
    "return": on(Handoff.objects.open, _return),
    "pause": on(Handoff.objects.accepted, _pause),
    "resume": on(
        Handoff.objects.accepted, lambda rng, handoff, by, people: resume_clocks(handoff, by=by)
    ),
    "acknowledge": on(Handoff.objects.to_acknowledge, _acknowledge),
    "reassign": on(
        Handoff.objects.open,
        lambda rng, handoff, by, people: reassign_handoff(
            handoff, by=by, taker=rng.choice([None, *people])
        ),
    ),
    "open_deal": lambda rng, lead, by, people: open_deal(lead, by=by, amount=1_000_000),
    "edit_deal": on(Deal.objects.open, _edit),
    "win": on(Deal.objects.open, lambda rng, deal, by, people: win_deal(deal, by=by)),
    "lose": on(Deal.objects.open, _lose),
    "correct": on(
        Deal.objects.won, lambda rng, deal, by, people: correct_win(deal, by=by, why="A slip.")
    ),
    "disqualify": lambda rng, lead, by, people: disqualify_lead(lead, by=by, reason="A student."),
    "reinstate": lambda rng, lead, by, people: reinstate_lead(lead, by=by),
    "recycle": lambda rng, lead, by, people: recycle_lead(lead, by=by),
    "ask": lambda rng, lead, by, people: ask_question(lead, by=by, text="How much?"),
    "answer": on(
        Question.objects.all,
        lambda rng, question, by, people: answer_question(question, by=by, answer="That much."),
    ),
    "assign": lambda rng, lead, by, people: assign_lead(lead, by=by, to=rng.choice(people)),
    "comment": lambda rng, lead, by, people: comment_on_lead(lead, by=by, text=f"At {now()}."),
    "fact": lambda rng, lead, by, people: learn_fact(
        lead, by=by, field="budget", value=f"{rng.randint(1, 3)} million"
    ),
}
