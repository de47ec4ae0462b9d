"""A small random world written straight into the tables, moments near midnight in plenty."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from accounts.states import Role, Side, TeamKind
from handoff.models import Clock, Deal, DealStep, Handoff, Lane, ReturnCondition, ReturnReason
from handoff.states import ClockKind, DealState, State
from leads.models import Campaign, Hearing, Lead, Source
from leads.states import Stage
from tests.factories import a_team, a_user, the_defaults, the_team

TOKYO = ZoneInfo("Asia/Tokyo")
# "Now" of this world: nothing in it happened later, but some promises are due later.
NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)


CONDITIONS = (
    {"kind": "fact", "field": "budget"},
    {"kind": "touch", "touch_kind": "form", "touch_result": "demo"},
    {"kind": "date", "on": NOW.date()},
)


@dataclass
class World:
    leads: list[Lead] = field(default_factory=list)
    handoffs: list[Handoff] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    hearings: list[Hearing] = field(default_factory=list)
    conditions: list[ReturnCondition] = field(default_factory=list)


class Maker:
    """Makes one world out of a seed."""

    def __init__(self, seed: int, leads: int = 90):
        self.chance = random.Random(seed)
        self.world = World()
        the_defaults()
        self.marketing = the_team(TeamKind.MARKETING)
        self.sellers_teams = [the_team(TeamKind.SALES), a_team(TeamKind.SALES, "Second")]
        self.marketers = [a_user(n, kind=TeamKind.MARKETING) for n in ("Mai", "Moe")]
        self.sellers = [
            a_user(n, team=team, role=role)
            for n, team, role in zip(
                ("Sho", "Sen", "Sui"),
                (*self.sellers_teams, self.sellers_teams[0]),
                (Role.MEMBER, Role.MEMBER, Role.MANAGER),
                strict=True,
            )
        ]
        self.sources = [Source.objects.get_or_create(name=n)[0] for n in ("search", "unknown")]
        today = NOW.date()
        self.world.campaigns = [
            Campaign.objects.create(name="Fair", cost=900_000, created_at=NOW,
                                    starts_on=today - timedelta(days=60), ends_on=today - timedelta(days=58)),
            Campaign.objects.create(name="Old", cost=100_000, created_at=NOW,
                                    starts_on=today - timedelta(days=300), ends_on=today - timedelta(days=200)),
            Campaign.objects.create(name="Always", cost=0, created_at=NOW),
        ]  # fmt: skip
        self.lanes = list(Lane.objects.all())
        self.reasons = list(ReturnReason.objects.all())
        for _ in range(leads):
            self._lead()
        self._write()

    def _moment(self, after: datetime | None = None, within: int = 200) -> datetime | None:
        """Some moment, often within a minute of a midnight in Tokyo; None if it is not over yet."""
        if after is None:
            at = NOW - timedelta(days=self.chance.random() * within)
        else:
            at = after + timedelta(
                days=self.chance.choice([0, 0.1, 1, 3, 20, 60]) * self.chance.random()
            )
        if self.chance.random() < 0.4:
            midnight = datetime.combine(at.astimezone(TOKYO).date(), time(), TOKYO)
            at = midnight + timedelta(minutes=self.chance.choice([-1, 0, 1]))
            if after is not None and at < after:
                at = after
        return at.astimezone(UTC) if at < NOW else None

    def _lead(self):
        captured = self._moment() or NOW - timedelta(days=1)
        lead = Lead(
            family_name=f"L{len(self.world.leads)}",
            source=self.chance.choice([None, *self.sources]),
            campaign=self.chance.choice([None, *self.world.campaigns]),
            captured_at=captured,
            stage=self.chance.choice([Stage.NEW, Stage.NURTURING, Stage.DISQUALIFIED]),
            stage_since=captured,
            team=self.marketing,
            marketer=self.chance.choice([None, *self.marketers]),
            last_touch_at=captured,
            created_at=captured,
            updated_at=captured,
        ).derive()
        self.world.leads.append(lead)
        if self.chance.random() < 0.75:
            self._qualify(lead)

    def _qualify(self, lead: Lead):
        lead.mql_at = self._moment(lead.captured_at)
        if lead.mql_at is None:
            return
        lead.stage = Stage.MQL
        if self.chance.random() < 0.15:  # Won by an import, some before the first contact.
            self._deal(lead, None, lead.captured_at + timedelta(days=self.chance.randint(-3, 9)))
            return
        at = lead.mql_at
        for turn in range(1, 3):
            at = at and self._moment(at)
            if at is None or not self._offer(lead, turn, at):
                return

    def _offer(self, lead: Lead, turn: int, at: datetime) -> bool:
        """Offers it; whether it came back and may be offered once more."""
        taker = self.chance.choice(self.sellers)
        handoff = Handoff(
            lead=lead, lane=self.chance.choice(self.lanes), leg=self.chance.choice([0, 0, 0, 1]),
            round=turn, giver_team=self.marketing, giver=lead.marketer, taker_team=taker.team,
            taker=taker, state=State.WAITING, agreement_version=1, offered_at=at,
            fit=self.chance.choice("ABCD"), engagement=self.chance.choice([0, 19.9, 20, 55, 79, 80, 140]),
        )  # fmt: skip
        self.world.handoffs.append(handoff)
        answer = self._moment(at)
        self._clock(ClockKind.ACCEPT, handoff, Side.SALES, at, answer)
        if answer is None:
            return False
        handoff.closed_at = answer
        if self.chance.random() < 0.15:
            handoff.state = self.chance.choice([State.WITHDRAWN, State.LAPSED])
            self.world.clocks[-1].void = handoff.state == State.WITHDRAWN
            return False
        handoff.answered_at = answer
        if self.chance.random() < 0.3:
            return self._return(handoff, answer)
        return self._accept(lead, handoff, answer)

    def _return(self, handoff: Handoff, at: datetime) -> bool:
        handoff.state, handoff.closed_at = State.RETURNED, at
        handoff.return_reason = self.chance.choice(self.reasons)
        handoff.return_kind = handoff.return_reason.kind
        self._clock(ClockKind.ACKNOWLEDGE, handoff, Side.MARKETING, at, self._moment(at))
        return True

    def _accept(self, lead: Lead, handoff: Handoff, at: datetime) -> bool:
        handoff.state, handoff.accepted_at, handoff.closed_at = State.ACCEPTED, at, None
        lead.sal_at = min(filter(None, (lead.sal_at, at)))
        lead.stage, lead.team, lead.seller = Stage.SAL, handoff.taker_team, handoff.taker
        attempt = self._moment(at)
        self._clock(ClockKind.CONTACT, handoff, Side.SALES, at, attempt)
        if attempt is None:
            return False
        handoff.first_attempt_at = attempt
        handoff.speed_minutes = self.chance.choice([0, 30, 45.5, 600, 5000])
        contact = self._moment(attempt)
        if contact is None:
            return False
        handoff.first_contact_at = contact
        handoff.contact_brief_read = self.chance.random() < 0.6
        if self.chance.random() < 0.2:
            return self._return(handoff, contact)
        opened = self._moment(contact)
        if opened and self.chance.random() < 0.8:
            handoff.state, handoff.closed_at = State.CONVERTED, opened
            self._deal(lead, handoff, self._moment(opened), opened)
        return False

    def _deal(self, lead: Lead, handoff: Handoff | None, won: datetime | None, opened=None):
        opened = opened or won
        if handoff and self.chance.random() < 0.3:
            won = None  # Still open.
        lead.sal_at = min(filter(None, (lead.sal_at, opened)))
        lead.sql_at = min(filter(None, (lead.sql_at, opened)))
        owner = handoff.taker if handoff else self.chance.choice(self.sellers)
        step = self.chance.choice(DealStep.objects.all())
        deal = Deal(
            lead=lead, handoff=handoff, team=owner.team, owner=owner, state=DealState.OPEN, step=step,
            amount=self.chance.choice([None, 300_000, 1_234_567]), opened_at=opened, updated_at=NOW,
            probability=step.probability, currency=self.chance.choice(["JPY", "JPY", "JPY", "USD"]),
            expected_on=self.chance.choice([None, NOW.date().replace(day=1)]),
        )  # fmt: skip
        lead.stage, lead.seller, lead.team = Stage.SQL, owner, owner.team
        if won and self.chance.random() < 0.7:
            deal.state, deal.won_at = DealState.WON, won
            lead.stage, lead.won_at = Stage.WON, won
        elif won:
            deal.state, deal.lost_at = DealState.LOST, won
            lead.stage = Stage.LOST
        self.world.deals.append(deal)

    def _clock(self, kind, handoff, side, started, stopped):
        due = started + timedelta(days=self.chance.choice([0.2, 1, 3]))
        owner = handoff.taker if side == Side.SALES else handoff.giver
        self.world.clocks.append(
            Clock(
                kind=kind,
                handoff=handoff,
                side=side,
                owner=owner,
                agreement_version=1,
                minutes=480,
                team=handoff.taker_team if side == Side.SALES else handoff.giver_team,
                started_at=started,
                warn_at=due,
                due_at=due,
                stopped_at=stopped,
            )
        )

    def _reach(self):
        """The milestones of handoffs that a lead keeps."""
        for handoff in self.world.handoffs:
            lead = handoff.lead
            lead.offered_at = _earliest(lead.offered_at, handoff.offered_at)
            lead.contacted_at = _earliest(lead.contacted_at, handoff.first_contact_at)

    def _write(self):
        world = self.world
        self._reach()
        Lead.objects.bulk_create(world.leads)
        Handoff.objects.bulk_create(world.handoffs)
        for clock in world.clocks:
            clock.lead_id = clock.handoff.lead_id
        Clock.objects.bulk_create(world.clocks)
        Deal.objects.bulk_create(world.deals)
        self._hear()
        Hearing.objects.bulk_create(world.hearings)
        self._await()
        ReturnCondition.objects.bulk_create(world.conditions)

    def _hear(self):
        """What was asked of known facts: of accepted leads, and now and then of others."""
        for handoff in self.world.handoffs:
            at = self._moment(handoff.offered_at)
            if at is None:
                continue
            held = handoff.accepted_at or self.chance.random() < 0.3
            self.world.hearings += [
                Hearing(
                    lead=handoff.lead,
                    field=self.chance.choice(["need", "budget", "other"]),
                    outcome=self.chance.choice(["again", "again", "confirmed", "changed"]),
                    handoff_id=handoff.pk if held else None,
                    leg=handoff.leg if held else None,
                    at=at,
                )
                for _ in range(self.chance.choice([0, 1, 2]))
            ]

    def _await(self):
        """What some returns wait for; of one lead at most one is still watched."""
        watched = set()
        for handoff in self.world.handoffs:
            if handoff.state != State.RETURNED or self.chance.random() < 0.2:
                continue
            settled = self._moment(handoff.closed_at)
            if settled is None and handoff.lead_id in watched:
                continue
            state = self.chance.choice(["met", "met", "expired", "dropped"])
            if settled is None:
                state = "watching"
                watched.add(handoff.lead_id)
            self.world.conditions.append(
                ReturnCondition(
                    handoff=handoff,
                    lead=handoff.lead,
                    **self.chance.choice(CONDITIONS),
                    state=state,
                    set_at=handoff.closed_at,
                    settled_at=settled,
                )
            )


def _earliest(*moments: datetime | None) -> datetime | None:
    return min(filter(None, moments), default=None)


def a_world(seed: int = 1, leads: int = 90) -> World:
    return Maker(seed, leads).world


def a_manager() -> User:
    return User.objects.get(family_name="Sui")
