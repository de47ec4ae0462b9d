"""Two thousand live leads on one leg: every list of the board full, and many times longer than it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts.models import User
from common import now
from common.copying import copy_new
from handoff.actions.clocks import clock, start_clocks
from handoff.models import Clock, Deal, Handoff, Leg, Pause, ReturnReason
from handoff.states import ClockKind, PauseReason, State
from leads.models import Company, FollowUp, Lead
from leads.states import Stage
from smarketing.bench.house import House

LIVE = 2_000
# Of every twenty live leads so many stand in each list.
SHARES = {
    "returned": 2, "ready": 3, "offered": 3, "accepted": 3, "contacted": 4, "deal": 3, "paused": 2,
}  # fmt: skip
CLOCKS = {
    "returned": ClockKind.ACKNOWLEDGE, "offered": ClockKind.ACCEPT, "accepted": ClockKind.CONTACT,
    "contacted": ClockKind.DECIDE, "paused": ClockKind.DECIDE,
}  # fmt: skip
STATES = {"returned": State.RETURNED, "offered": State.WAITING, "deal": State.CONVERTED}
STAGES = {
    "returned": Stage.NURTURING, "ready": Stage.MQL, "offered": Stage.MQL, "deal": Stage.SQL,
}  # fmt: skip
MARK = "board.example"
TABLES = ("leads_lead", "handoff_handoff", "handoff_clock", "handoff_deal", "leads_followup")


@contextmanager
def live_board(house: House) -> Iterator[Leg]:
    """Within the block the first sales team's leg has `LIVE` more live leads; gives the leg."""
    try:
        with transaction.atomic():
            leg = _lay(house)
        _analyse()
        yield leg
    finally:
        _clear()


def _lay(house: House) -> Leg:
    laid = _Laid(house, now(), ReturnReason.objects.get(code="no_budget"))
    codes = [code for code, share in SHARES.items() for _n in range(share)]
    places = [(codes[n % len(codes)], n) for n in range(LIVE)]
    companies = list(Company.objects.order_by("pk")[:LIVE])
    leads = copy_new(laid.lead(code, n, companies[n % len(companies)]) for code, n in places)
    live = [(code, n, lead) for (code, n), lead in zip(places, leads, strict=True)]
    handoffs = copy_new(laid.handoff(code, n, lead) for code, n, lead in live if code != "ready")
    of = {one.lead_id: one for one in handoffs}
    promised = [(code, of[lead.pk]) for code, _n, lead in live if code in CLOCKS]
    start_clocks(*(_clock(code, one) for code, one in promised))
    laid.rest(one for code, one in promised if code == "paused")
    copy_new(laid.deal(n, lead, of[lead.pk]) for code, n, lead in live if code == "deal")
    # Of every four that sales talks to one has no next step.
    held = [(n, lead) for code, n, lead in live if code in ("contacted", "deal") and n % 4]
    copy_new(laid.step(n, lead) for n, lead in held)
    team, lane, _people = house.sales[0]
    return Leg.objects.select_related("lane").get(lane=lane, position=0, taker=team)


def _clock(code: str, handoff: Handoff) -> Clock:
    back = code == "returned"
    team, owner = (
        (handoff.giver_team, handoff.giver) if back else (handoff.taker_team, handoff.taker)
    )
    return clock(CLOCKS[code], handoff, team=team, owner=owner, at=handoff.offered_at)


@dataclass(frozen=True)
class _Laid:
    """The rows of lead number n, which stands in the list `code`."""

    house: House
    moment: datetime
    reason: ReturnReason

    def person(self, n: int) -> User:
        people = self.house.sales[0][2]
        return people[n % len(people)]

    def lead(self, code: str, n: int, company: Company) -> Lead:
        # Within the last four days or so: some promises are broken, most are not.
        at = self.moment - timedelta(minutes=20 + n * 37 % 5700)
        stage = STAGES.get(code, Stage.SAL)
        held = stage in (Stage.SAL, Stage.SQL)
        return Lead(
            family_name="盤上", given_name=str(n), company=company, email=f"live{n}@{MARK}",
            phone=f"03-5550-{n:04}", team=self.house.sales[0][0] if held else self.house.marketing,
            marketer=self.house.marketers[n % len(self.house.marketers)],
            seller=self.person(n) if held else None,
            stage=stage, fit="ABCD"[n % 4], heat=float(n % 90), last_touch="visit:料金プラン",
            captured_at=at, stage_since=at, last_touch_at=at, created_at=at, updated_at=at,
            mql_at=at, offered_at=None if code == "ready" else at, sal_at=at if held else None,
            sql_at=at if stage == Stage.SQL else None,
        ).derive()  # fmt: skip

    def handoff(self, code: str, n: int, lead: Lead) -> Handoff:
        team, lane, _people = self.house.sales[0]
        at, named = lead.stage_since, code != "offered" or n % 2 == 0
        one = Handoff(
            lead=lead, lane=lane, leg=0, giver_team=self.house.marketing, giver=lead.marketer,
            taker_team=team, taker=self.person(n) if named else None, named=named,
            state=STATES.get(code, State.ACCEPTED), agreement_version=1, fit=lead.fit,
            engagement=60, why_now="予算の申請に、概算を間に合わせたい。",
            next_step="概算の前提を確かめる。", offered_at=at,
            answered_at=None if code == "offered" else at,
            closed_at=at if code in ("returned", "deal") else None,
        )  # fmt: skip
        if code in ("accepted", "contacted", "paused", "deal"):
            one.accepted_at = at
            one.first_attempt_at = one.first_contact_at = None if code == "accepted" else at
        if code == "returned":
            why = self.reason
            one.return_kind, one.return_reason, one.returned_by = why.kind, why, one.taker
        return one

    def rest(self, handoffs) -> None:
        """The customer asked them to wait until next week."""
        resting = Clock.objects.running().filter(handoff__in=[one.pk for one in handoffs])
        at, until = self.moment, self.moment + timedelta(days=7)
        copy_new(
            Pause(
                clock=one, reason=PauseReason.ASKED_TO_WAIT, started_at=at, until=until,
                warn_was=one.warn_at, due_was=one.due_at,
            )
            for one in resting
        )  # fmt: skip
        resting.update(paused_at=at, resumes_at=until)

    def deal(self, n: int, lead: Lead, handoff: Handoff) -> Deal:
        return Deal(
            lead=lead, handoff=handoff, name="設備台帳の導入", team=lead.team, owner=lead.seller,
            amount=1_200_000 + n * 1000, probability=40, opened_at=handoff.closed_at,
            expected_on=self.moment.date().replace(day=1), updated_at=handoff.closed_at,
        )  # fmt: skip

    def step(self, n: int, lead: Lead) -> FollowUp:
        return FollowUp(
            lead=lead, what="概算見積をお送りし、現場の見学の日取りを決める",
            due_at=self.moment + timedelta(hours=n % 90 - 10), owner=lead.seller, by=lead.seller,
            created_at=lead.stage_since,
        )  # fmt: skip


def _analyse() -> None:
    # Written by COPY a moment ago: the server would gather statistics by itself within a minute.
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")


def _clear() -> None:
    """The world is as it was: a kept database can be measured again."""
    leads = Lead.objects.filter(email__endswith=f"@{MARK}").values("pk")
    with transaction.atomic():
        Deal.objects.filter(lead__in=leads).delete()
        Handoff.objects.filter(lead__in=leads).delete()
        Lead.objects.filter(email__endswith=f"@{MARK}").delete()
