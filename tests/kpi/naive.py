"""The figures of product.md told a second time, in plain Python over plain lists.

Nothing of kpi is used here but the names of its views: what is compared must not share a slip.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations
from statistics import median

from handoff.states import DealState, State
from leads.states import CLOSED
from tests.kpi.world import NOW, TOKYO, World

STEPS = ("leads", "mql", "offered", "sal", "contacted", "sql", "won")


@dataclass
class Told:
    """A figure as it should be: the ids of its list, those that count, its value."""

    ids: list[int]
    part: list[int] | None
    value: float | None


@dataclass
class Asked:
    cohort: bool
    first: date | None
    end: date | None

    def holds(self, at: datetime | None) -> bool:
        if at is None:
            return False
        day = at.astimezone(TOKYO).date()
        return (self.first is None or day >= self.first) and (self.end is None or day < self.end)


def _handoffs_of(world: World) -> dict[int, list]:
    found: dict[int, list] = {lead.pk: [] for lead in world.leads}
    for handoff in world.handoffs:
        found[handoff.lead_id].append(handoff)
    return found


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min(filter(None, moments), default=None)


def _reached(world: World) -> dict[int, dict[str, datetime | None]]:
    handoffs = _handoffs_of(world)
    return {
        lead.pk: {
            "leads": lead.captured_at,
            "mql": lead.mql_at,
            "offered": _first(h.offered_at for h in handoffs[lead.pk]),
            "sal": lead.sal_at,
            "contacted": _first(h.first_contact_at for h in handoffs[lead.pk]),
            "sql": lead.sql_at,
            "won": lead.won_at,
        }
        for lead in world.leads
    }


def days(a: datetime, b: datetime) -> int:
    return (b.astimezone(TOKYO).date() - a.astimezone(TOKYO).date()).days


def percentile(values: list[float], share: float) -> float | None:
    if not values:
        return None
    values = sorted(values)
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def _count(rows) -> Told:
    return Told([row.pk for row in rows], None, len(rows))


def _ratio(rows, counts: Callable) -> Told:
    part = [row.pk for row in rows if counts(row)]
    return Told([row.pk for row in rows], part, len(part) / len(rows) if rows else None)


def _sum(rows, amount: Callable) -> Told:
    yen = [amount(row) for row in rows if row.currency == "JPY" and row.amount is not None]
    return Told([row.pk for row in rows], None, round(sum(yen)))


def _span(leads, reached, a, b, share) -> Told:
    spans = [days(reached[row.pk][a], reached[row.pk][b]) for row in leads]
    value = percentile(spans, share)
    if value is not None and value < 2:
        hours = [(reached[r.pk][b] - reached[r.pk][a]).total_seconds() / 3600 for r in leads]
        value = percentile(hours, share)
    return Told([row.pk for row in leads], None, value)


def tell(world: World, asked: Asked) -> dict[str, Told]:
    """Every figure by its name."""
    return (
        _tell_funnel(world, asked)
        | _tell_handoffs(world, asked)
        | _tell_promises(world, asked)
        | _tell_money(world, asked)
        | _tell_hearings(world, asked)
        | _tell_rounds(world, asked)
    )


def _tell_funnel(world: World, asked: Asked) -> dict[str, Told]:
    reached = _reached(world)

    def those(*needed, moment):
        """Leads that reached all of `needed`, in the cohort or with `moment` in the period."""
        moment = "leads" if asked.cohort else moment
        return [
            lead
            for lead in world.leads
            if all(reached[lead.pk][step] for step in needed)
            and asked.holds(reached[lead.pk][moment])
        ]

    told = {step: _count(those(step, moment=step)) for step in STEPS}
    for a, b in combinations(STEPS, 2):
        of_a = those(a, moment=a)
        told[f"conversion_{a}_{b}"] = _ratio(of_a, lambda row, b=b: reached[row.pk][b])
        both = those(a, b, moment=b)
        told[f"velocity_{a}_{b}"] = _span(both, reached, a, b, 0.5)
        told[f"velocity_{a}_{b}_p90"] = _span(both, reached, a, b, 0.9)
    told["unaccounted"] = _count(
        [lead for lead in world.leads if lead.team_id is None and lead.stage not in CLOSED]
    )
    return told


def _tell_handoffs(world: World, asked: Asked) -> dict[str, Told]:
    def those(moment):
        return [
            h
            for h in world.handoffs
            if getattr(h, moment)
            and asked.holds(h.lead.captured_at if asked.cohort else getattr(h, moment))
        ]

    answered, contacts = those("answered_at"), those("first_contact_at")
    first_leg = [h for h in answered if h.leg == 0]
    speed = those("first_attempt_at")
    return {
        "acceptance_rate": _ratio(answered, lambda h: h.accepted_at),
        "return_rate": _ratio(answered, lambda h: h.state == State.RETURNED),
        "returned": _count([h for h in answered if h.state == State.RETURNED]),
        "speed_to_lead": Told(
            [h.pk for h in speed],
            None,
            median(h.speed_minutes for h in speed) if speed else None,
        ),
        "brief_read": _ratio(contacts, lambda h: h.contact_brief_read),
        "score_honesty": _ratio(
            first_leg,
            lambda h: (
                h.state == State.CONVERTED and h.lead.won_at and h.lead.won_at >= h.offered_at
            ),
        ),
        "score_honesty_accepted": _ratio(first_leg, lambda h: h.accepted_at),
    }


def _tell_promises(world: World, asked: Asked) -> dict[str, Told]:
    due = [
        c
        for c in world.clocks
        if not c.void
        and c.due_at <= NOW
        and asked.holds(c.handoff.lead.captured_at if asked.cohort else c.due_at)
    ]
    return {"sla_kept": _ratio(due, lambda c: c.stopped_at and c.stopped_at <= c.due_at)}


def _tell_hearings(world: World, asked: Asked) -> dict[str, Told]:
    def there(row, moment):
        return moment and asked.holds(row.lead.captured_at if asked.cohort else moment)

    again = [h for h in world.hearings if h.outcome == "again" and h.handoff_id and there(h, h.at)]
    taken = sum(1 for h in world.handoffs if there(h, h.accepted_at))
    value = len(again) / taken * 100 if taken else None
    return {"repeat_questions": Told([h.pk for h in again], None, value)}


def _tell_rounds(world: World, asked: Asked) -> dict[str, Told]:
    def there(row, moment):
        return moment and asked.holds(row.lead.captured_at if asked.cohort else moment)

    asked_for = [c for c in world.conditions if there(c, c.set_at)]
    met = [c for c in world.conditions if c.state == "met" and there(c, c.settled_at)]
    value = percentile([days(c.set_at, c.settled_at) for c in met], 0.5)
    if value is not None and value < 2:
        spans = [(c.settled_at - c.set_at).total_seconds() / 3600 for c in met]
        value = percentile(spans, 0.5)
    later = [h for h in world.handoffs if h.round > 1 and there(h, h.answered_at)]
    return {
        "conditions_met": _ratio(asked_for, lambda c: c.state == "met"),
        "condition_days": Told([c.pk for c in met], None, value),
        "second_round_win_rate": _ratio(
            later,
            lambda h: (
                h.state == State.CONVERTED and h.lead.won_at and h.lead.won_at >= h.offered_at
            ),
        ),
    }


def _tell_money(world: World, asked: Asked) -> dict[str, Told]:
    def in_period(deal, moment):
        return asked.holds(deal.lead.captured_at if asked.cohort else moment)

    won = [d for d in world.deals if d.state == DealState.WON and in_period(d, d.won_at)]
    still = [
        d
        for d in world.deals
        if d.state == DealState.OPEN and (not asked.cohort or in_period(d, None))
    ]
    brought = [d for d in won if d.lead.campaign_id]
    amount = _sum(brought, lambda d: d.amount).value
    cost = sum(
        c.cost
        for c in world.campaigns
        if _ran(c, asked) or any(d.lead.campaign_id == c.pk for d in brought)
    )
    return {
        "won_amount": _sum(won, lambda d: d.amount),
        "campaign_return": Told([d.pk for d in brought], None, amount / cost if cost else None),
        "pipeline": _sum(still, lambda d: d.amount),
        "forecast": _sum(still, lambda d: d.amount * d.probability / 100),
    }


def _ran(campaign, asked: Asked) -> bool:
    begun = asked.end is None or campaign.starts_on is None or campaign.starts_on < asked.end
    over = asked.first and campaign.ends_on and campaign.ends_on < asked.first
    return begun and not over


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)


def day_before(day: date) -> date:
    return day - timedelta(days=1)
