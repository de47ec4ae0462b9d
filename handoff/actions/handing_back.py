"""Handing a seat back: everything a partner holds goes where returns go, in one move."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import Team, User
from common import jobs, now
from common.models import Job
from common.refusals import Malformed, NotAllowed, Refusal
from common.states import JobState
from handoff.actions.clocks import stop_clocks
from handoff.actions.entrustments import entrust
from handoff.actions.follow_ups import pass_on_follow_ups
from handoff.actions.locks import open_handoffs
from handoff.actions.offers import close_waiting, tell_takers
from handoff.actions.returns import close_returned
from handoff.models import Handoff, ReturnReason
from handoff.permissions import may_hand_back
from handoff.states import Acknowledgement, ClockKind, ReturnKind, State
from leads.actions.stages import lock_lead
from leads.history import record
from leads.models import Lead

KIND = "hand_back"
# Leads a step of the job takes: each is some dozen statements.
AT_ONCE = 20
REASON = "handed_back"


def held_by(team: Team) -> QuerySet[Lead]:
    """The leads a partner has in hand, or still owes an answer about."""
    owed = Handoff.objects.to_acknowledge().filter(giver_team=team).values("lead")
    return Lead.objects.filter(Q(entrusted_to=team) | Q(pk__in=owed)).order_by("pk")


def hand_back_all(team: Team, *, by: User | None, why: str, here: bool = False) -> Job:
    """Begin to take everything that `team`, a partner, holds out of its hands, with a reason in words.

    Offers to it are withdrawn (by the partner: returned), what it accepted is returned, what it
    offered on is withdrawn first; clocks settle as with every return. A job, so that a thousand
    leads survive a killed worker; with `here` the caller runs it. One at a time: begun again while
    it runs, it is the same job. Raises `NotAllowed`, `Malformed` without a reason.
    """
    if by is not None and not may_hand_back(by, team):
        raise NotAllowed
    if not why.strip():
        raise Malformed(_("Say in a sentence why the seat is handed back."), field="why")
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        running = Job.objects.open().filter(kind=KIND, payload__team=team.pk).first()
        payload = {"team": team.pk, "why": why.strip()}
        return running or jobs.start_job(KIND, by=by, payload=payload, here=here)


def hand_back_step(job: Job) -> bool:
    """Some leads of the job. True when nothing of the partner's is left."""
    team = Team.objects.get(pk=job.payload["team"])
    left = held_by(team).filter(pk__gt=job.cursor.get("after", 0))
    if job.total is None:
        job.total = left.count()
    pks = list(left.values_list("pk", flat=True)[:AT_ONCE])
    for pk in pks:
        try:
            hand_back_lead(pk, team, by=job.by, why=job.payload["why"])
        except Refusal as refusal:
            job.result.setdefault("refused", []).append([pk, str(refusal)])
        job.cursor, job.done = {"after": pk}, job.done + 1
    return len(pks) < AT_ONCE


@transaction.atomic
def hand_back_lead(pk: int, team: Team, *, by: User | None, why: str) -> None:
    """Take one lead out of the hands of `team`: whatever handoffs of theirs are open close."""
    lead, moment = lock_lead(pk), now()
    # A return opens the leg before again, which may be the partner's too: looked for anew.
    while (handoff := _open_of(lead, team)) is not None:
        _close(handoff, team, by=by, why=why, at=moment)
    for returned in Handoff.objects.to_acknowledge().filter(lead=lead, giver_team=team):
        _acknowledge(returned, by=by, at=moment)
    entrust(lead, None, by=by, at=moment)
    # Owed by who looks after the lead, else by who takes it back.
    pass_on_follow_ups(lead, team, lead.marketer, lead.seller, by)


def _open_of(lead: Lead, team: Team) -> Handoff | None:
    """The open handoff that the partner takes, or gives and that still waits: a waiting one first."""
    for one in open_handoffs(lead):
        given = one.state == State.WAITING and one.giver_team_id == team.pk
        if given or one.taker_team_id == team.pk:
            return one
    return None


def _close(handoff: Handoff, team: Team, *, by: User | None, why: str, at: datetime) -> None:
    by_them = by is not None and by.team_id == team.pk
    if handoff.state == State.WAITING and not (by_them and handoff.taker_team_id == team.pk):
        close_waiting(handoff, State.WITHDRAWN, "handoff.withdraw", by=by, at=at, reason=why)
        if handoff.taker_team_id != team.pk:
            tell_takers(handoff, "handoff.withdrawn", by=by)
        return
    close_returned(handoff, by=by, reason=_reason(), note=why, revisit_on=None, at=at)


def _reason() -> ReturnReason:
    """Of the list "not now", retired from the beginning: nobody chooses it for one lead."""
    return ReturnReason.objects.get_or_create(
        code=REASON,
        defaults={
            "name": "席の返却",
            "name_en": "Seat handed back",
            "kind": ReturnKind.RECYCLED,
            "position": 99,
            "retired_at": now(),
        },
    )[0]


def _acknowledge(handoff: Handoff, *, by: User | None, at: datetime) -> None:
    """A return to a partner who is not there any more is answered with what follows: nurturing."""
    handoff.acknowledged_at, handoff.acknowledged_by = at, by
    handoff.acknowledgement = Acknowledgement.NURTURE
    handoff.save(update_fields=["acknowledged_at", "acknowledged_by", "acknowledgement"])
    stop_clocks(handoff, ClockKind.ACKNOWLEDGE, at=at)
    record(
        handoff.lead,
        "handoff.acknowledge",
        by=by,
        at=at,
        handoff_id=handoff.pk,
        version=handoff.agreement_version,
        answer=Acknowledgement.NURTURE.value,
    )


def hand_back_ended(job: Job) -> None:
    """Tell our managers once that it is done, instead of a notice for every lead."""
    if job.state == JobState.DONE:
        ours = User.objects.active().managers().filter(team__is_partner=False)
        team = job.payload["team"]
        tell(ours, "seat.handed_back", by=job.by, path=f"/handoffs/seats/{team}/", seat=team)


jobs.register(jobs.Kind(KIND, hand_back_step, hand_back_ended))
