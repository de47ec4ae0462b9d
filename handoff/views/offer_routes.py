"""Offering by the rules, in the dialog: who it would be, before anything is sent."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.refusals import Refusal
from handoff.actions import route_lead, route_leads
from handoff.models import QueuedLead, RoutingPlan
from handoff.routing import Choice, case_of, choose, plan_in_force
from handoff.routing.words import people_of, queue_words, queue_words_of, route_words
from handoff.routing.worlds import BatchWorld
from leads.states import Stage


def may_route(leads) -> bool:
    """Whether the rules have a say: of what is qualified, where a plan is in force. One query."""
    qualified = all(lead.stage == Stage.MQL for lead in leads)
    return qualified and RoutingPlan.objects.filter(in_force=True).exists()


def expected_routes(leads, moment) -> list[str]:
    """Sentences: of one lead to whom and why, of many how many to each."""
    plan, world = plan_in_force(), BatchWorld(leads, at=moment)
    found = [_would(plan, lead, world) for lead in leads]
    if len(found) == 1:
        return _one(found[0])
    counts = Counter(_to_whom(one) for one in found)
    return [
        ngettext("%(n)s lead: %(who)s", "%(n)s leads: %(who)s", n) % {"n": n, "who": who}
        for who, n in counts.most_common()
    ]


def _would(plan, lead, world):
    would = choose(plan, case_of(lead, at=world.at), world)
    if isinstance(would, Choice):
        would.give()
        if would.taker:
            world.promise(would.taker)
    return would


def _one(would) -> list[str]:
    trace = would.trace()
    people = people_of([trace])
    if not isinstance(would, Choice):
        return [_to_whom(would), queue_words_of(would.reason, trace, people)]
    return [_to_whom(would), route_words(trace, people)]


def _to_whom(would) -> str:
    if not isinstance(would, Choice):
        return _("waits for a manager")
    if would.taker:
        return would.taker.name
    return _("the pool of %(team)s") % {"team": would.rule.team.name}


def route_now(user, leads, words):
    """[(lead, handoff, queued lead or refusal)]; a single refusal is raised for the form."""
    if len(leads) > 1:
        return route_leads(leads, by=user, note=words.get("note", ""))
    return [(leads[0], route_lead(leads[0], by=user, **words))]


def in_refusals(answers):
    """The answers with what waits for a manager as a refusal that says why."""
    rows = [answer for _lead, answer in answers if isinstance(answer, QueuedLead)]
    people = people_of(row.data for row in rows)
    return [
        (lead, Refusal(queue_words(answer, people)) if answer in rows else answer)
        for lead, answer in answers
    ]
