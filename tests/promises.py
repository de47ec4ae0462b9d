"""What product.md promises at any moment, read from the tables: every function lists what breaks it."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

from django.db.models import Count, Exists, F, Min, OuterRef, Q

from accounts.models import Organisation, WorkingCalendar
from handoff.models import Clock, Deal, Entrustment, Handoff, QueuedLead, ReturnCondition
from handoff.states import OPEN, ClockKind, ConditionState, DealState, State
from leads.models import Lead, LeadEvent, Question
from leads.scoring import heat_at
from leads.states import CLOSED, MILESTONES, Stage


def broken() -> list[str]:
    """Every promise that does not hold now, in words. Reads everything: for small worlds."""
    return [
        *accountability(),
        *conservation(),
        *replay(),
        *milestones(),
        *clocks(),
        *deals(),
        *kept_columns(),
        *queue(),
        *entrusted(),
        *rounds(),
        *conditions(),
    ]


def accountability():
    """A lead that is not closed has one accountable team, one open handoff per leg, one waiting."""
    for lead in Lead.objects.exclude(stage__in=CLOSED).filter(team=None):
        yield f"{lead.pk} has no accountable team"
    per_leg = Handoff.objects.open().values("lead", "leg").annotate(n=Count("pk"))
    for row in per_leg.filter(n__gt=1):
        yield f"{row['lead']} has {row['n']} open handoffs on leg {row['leg']}"
    per_lead = Handoff.objects.waiting().values("lead").annotate(n=Count("pk"))
    for row in per_lead.filter(n__gt=1):
        yield f"{row['lead']} waits {row['n']} times"
    for handoff in Handoff.objects.open().filter(lead__stage__in=CLOSED):
        yield f"{handoff.lead_id} is closed and has an open handoff {handoff.pk}"
    held = Handoff.objects.accepted().filter(next_leg__isnull=True)
    for handoff in held.exclude(lead__team=F("taker_team")).filter(lead__stage=Stage.SAL):
        yield f"{handoff.lead_id} is accepted by another team than the accountable one"


def conservation():
    """Per lane and local day: offers in the timeline = handoffs offered, whatever became of them."""
    zone = Organisation.current().zone
    told = Counter(
        (row["data"]["lane"], row["at"].astimezone(zone).date())
        for row in LeadEvent.objects.filter(verb="handoff.offer").values("data", "at")
    )
    there = Counter(
        (row["lane"], row["offered_at"].astimezone(zone).date())
        for row in Handoff.objects.values("lane", "offered_at")
    )
    for key in told.keys() | there.keys():
        if told[key] != there[key]:
            yield f"lane and day {key}: {told[key]} offers told, {there[key]} handoffs"


def queue():
    """Who waits for a manager is qualified and not on offer."""
    for row in QueuedLead.objects.exclude(lead__stage=Stage.MQL):
        yield f"{row.pk} waits for a manager and is no MQL"
    for row in QueuedLead.objects.filter(lead__handoffs__state=State.WAITING):
        yield f"{row.pk} waits for a manager and for a taker"


def replay():
    """The timeline, read from its beginning, leads to where each lead stands and who holds it."""
    stage, team = {}, {}
    for event in LeadEvent.objects.order_by("id").values("lead", "stage_to", "team", "stage_from"):
        before = stage.get(event["lead"], "")
        if event["stage_from"] and before and event["stage_from"] != before:
            yield f"{event['lead']} moved from {event['stage_from']}, but stood at {before}"
        stage[event["lead"]] = event["stage_to"] or before
        team[event["lead"]] = event["team"]
    for lead in Lead.objects.values("pk", "stage", "team"):
        if stage.get(lead["pk"]) != lead["stage"]:
            yield f"{lead['pk']} stands at {lead['stage']}, the timeline says {stage.get(lead['pk'])}"
        if team.get(lead["pk"]) != lead["team"]:
            yield f"{lead['pk']} is with team {lead['team']}, the timeline says {team.get(lead['pk'])}"


def milestones():
    """Each is the first entry to its stage or a later one; none comes before the one below it."""
    first = defaultdict(dict)
    moves = LeadEvent.objects.filter(stage_to__in=MILESTONES).exclude(verb="deal.correct")
    # A win that was taken back counts for no milestone.
    won = Deal.objects.filter(state=DealState.WON, pk=OuterRef("deal_id"), won_at=OuterRef("at"))
    moves = moves.exclude(~Exists(won), verb="deal.win")
    for event in moves.order_by("id").values("lead", "stage_to", "at"):
        for name in MILESTONES[: MILESTONES.index(event["stage_to"]) + 1]:
            known = first[event["lead"]].get(name, event["at"])
            first[event["lead"]][name] = min(known, event["at"])
    corrected = set(LeadEvent.objects.filter(verb="deal.correct").values_list("lead", flat=True))
    for lead in Lead.objects.all():
        reached = [getattr(lead, f"{name}_at") for name in MILESTONES]
        known = [moment for moment in reached if moment]
        gap = any(earlier is None and later for earlier, later in pairwise(reached))
        if gap or known != sorted(known):
            yield f"{lead.pk} has milestones out of order: {reached}"
        wanted = [first[lead.pk].get(name) for name in MILESTONES]
        upto = 3 if lead.pk in corrected else 4  # a correction takes the moment of the win back
        if reached[:upto] != wanted[:upto]:
            yield f"{lead.pk} has milestones {reached}, the timeline says {wanted}"


def clocks():
    """What is owed has one running clock, and nothing else has."""
    running = defaultdict(set)
    for clock in Clock.objects.running().exclude(handoff=None):
        running[clock.handoff_id].add(clock.kind)
    offered_on = set(Handoff.objects.waiting().values_list("previous_leg", flat=True))
    for handoff in Handoff.objects.all():
        wanted = _owed(handoff, passed_on=handoff.pk in offered_on)
        if running[handoff.pk] != wanted:
            yield f"handoff {handoff.pk} ({handoff.state}) runs {running[handoff.pk]}, not {wanted}"
    for clock in Clock.objects.filter(Q(due_at__lt=F("warn_at")) | Q(warn_at__lt=F("started_at"))):
        yield f"clock {clock.pk} is due before it warns"
    for clock in Clock.objects.all()[:2000]:
        calendar = WorkingCalendar.of(clock.calendar_id)
        spans = calendar.intervals_of(calendar.local_day(clock.due_at - timedelta(seconds=1)))
        if not any(begin <= clock.due_at <= end for begin, end in spans):
            yield f"clock {clock.pk} is due outside of working hours: {clock.due_at}"


def _owed(handoff: Handoff, *, passed_on: bool) -> set[str]:
    if handoff.state == State.WAITING:
        return {ClockKind.ACCEPT}
    if handoff.state == State.ACCEPTED:
        contact = set() if handoff.first_attempt_at else {ClockKind.CONTACT}
        return contact | (set() if passed_on else {ClockKind.DECIDE})
    if handoff.state == State.RETURNED and handoff.acknowledged_at is None:
        return {ClockKind.ACKNOWLEDGE}
    return set()


def deals():
    """A lead stands at `sql` exactly while a deal with it is open (or it was won before)."""
    with_deal = set(Deal.objects.open().values_list("lead", flat=True))
    at_sql = set(Lead.objects.filter(stage=Stage.SQL).values_list("pk", flat=True))
    for pk in at_sql - with_deal:
        yield f"{pk} stands at sql without an open deal"
    others = Lead.objects.filter(pk__in=with_deal - at_sql).exclude(stage=Stage.WON)
    for lead in others:
        yield f"{lead.pk} has an open deal and stands at {lead.stage}"
    for handoff in Handoff.objects.filter(state__in=OPEN, lead__stage=Stage.SQL):
        yield f"handoff {handoff.pk} is open though a deal is"
    for deal in Deal.objects.filter(state=DealState.WON, won_at=None):
        yield f"deal {deal.pk} is won at no moment"


def kept_columns():
    """What a lead keeps of its other rows is what those rows say."""
    offered = dict(_first("offered_at"))
    contacted = dict(_first("first_contact_at"))
    asked = set(Question.objects.unanswered().values_list("lead", flat=True))
    for lead in Lead.objects.prefetch_related("touches"):
        touches = list(lead.touches.all())
        if lead.question_open != (lead.pk in asked):
            yield f"{lead.pk} says question_open={lead.question_open}"
        if (lead.offered_at, lead.contacted_at) != (offered.get(lead.pk), contacted.get(lead.pk)):
            yield f"{lead.pk} says first offered {lead.offered_at}, contacted {lead.contacted_at}"
        heat = heat_at(touches)
        if abs(heat - lead.heat) > 1e-6 * max(1, abs(heat)):
            yield f"{lead.pk} has heat {lead.heat}, its touches give {heat}"
        latest = max((touch.at for touch in touches), default=lead.captured_at)
        if lead.last_touch_at != latest:
            yield f"{lead.pk} was touched last at {latest}, not {lead.last_touch_at}"


def entrusted():
    """What a lead says of the partner who has it is the entry of the register that runs."""
    running = dict(Entrustment.objects.running().values_list("lead", "team"))
    for pk, team in Lead.objects.exclude(entrusted_to=None).values_list("pk", "entrusted_to"):
        if running.pop(pk, None) != team:
            yield f"{pk} is entrusted to team {team}, the register says otherwise"
    for pk, team in running.items():
        yield f"{pk} is entrusted to nobody, the register says team {team}"


def rounds():
    """A round is 1 + the returned handoffs of the leg before it; an answer is given by somebody, or
    by whom the lead went further back to."""
    back = Counter()
    for handoff in Handoff.objects.order_by("offered_at", "pk"):
        leg = handoff.lead_id, handoff.leg
        if handoff.round != 1 + back[leg]:
            yield f"handoff {handoff.pk} is round {handoff.round}, after {back[leg]} returns"
        back[leg] += handoff.state == State.RETURNED
    unanswered = Handoff.objects.filter(acknowledged_by=None).exclude(acknowledged_at=None)
    further = Handoff.objects.filter(state=State.RETURNED, closed_at=OuterRef("closed_at"))
    for handoff in unanswered.exclude(Exists(further.filter(pk=OuterRef("previous_leg")))):
        yield f"the return {handoff.pk} is answered by nobody"


def conditions():
    """A lead says it is waited for exactly while one condition is watched, and is not in sales' hands
    on that leg; what is settled has its moment."""
    watched = set(ReturnCondition.objects.watching().values_list("lead", flat=True))
    waiting = set(Lead.objects.filter(awaits_condition=True).values_list("pk", flat=True))
    for pk in watched ^ waiting:
        yield f"{pk} says awaits_condition={pk in waiting}, watched is {pk in watched}"
    for lead in Lead.objects.filter(pk__in=watched, stage__in=(*CLOSED, Stage.SQL)):
        yield f"{lead.pk} stands at {lead.stage} and is waited for"
    for pk in Handoff.objects.waiting().filter(lead__in=watched).values_list("pk", flat=True):
        yield f"handoff {pk} waits though its lead is waited for"
    for one in ReturnCondition.objects.all():
        if (one.state == ConditionState.WATCHING) != (one.settled_at is None):
            yield f"the condition of {one.pk} is {one.state} at {one.settled_at}"
        if one.offered_id and one.state != ConditionState.MET:
            yield f"the condition of {one.pk} is {one.state} and was followed by an offer"


def _first(column: str):
    rows = Handoff.objects.order_by().values_list("lead")
    return rows.annotate(first=Min(column)).exclude(first=None).values_list("lead", "first")
