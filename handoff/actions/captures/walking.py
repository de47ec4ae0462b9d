"""Where the leads of imported deals stand then: by the moves every lead makes, each in the ledger."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from accounts.models import Team
from accounts.states import Side
from handoff.actions.deals import convert_handoffs
from handoff.models import Deal
from handoff.states import DealState, State
from leads.actions.captures import Terms
from leads.history import event, milestones
from leads.models import Lead, LeadEvent
from leads.states import MOVES, Stage


class Journeys:
    """Takes the leads of a set along as their deals say; `moved` and `events()` are what to write."""

    def __init__(self, terms: Terms, deals: dict[int, list[Deal]], handoffs: dict[int, set[str]]):
        self.terms = terms
        self.deals = deals
        self.handoffs = handoffs
        self.moved: dict[int, Lead] = {}
        self.noted: list[tuple[Deal, dict]] = []

    def note(self, deal: Deal, verb: str, **what) -> None:
        if self.terms.job:
            what["job"] = self.terms.job
        self.noted.append((deal, {"verb": verb, "team_id": deal.lead.team_id, **what}))

    def walk(self, deal: Deal) -> None:
        """Bring the lead to where this deal says it is, by the moves every lead makes."""
        lead = deal.lead
        self._hand_over(lead, deal)
        at = deal.won_at or deal.lost_at or deal.opened_at
        target = self._target(lead, deal)
        if target is None:
            for name, moment in milestones(lead, _reached(deal), at).items():
                setattr(lead, name, moment)
            self.note(deal, "deal.import", at=at, state=deal.state)
            return
        for stage in way(lead.stage, target):
            moment = at if stage in (Stage.WON, Stage.LOST) else min(deal.opened_at, at)
            self._move(deal, stage, moment)

    def _target(self, lead: Lead, deal: Deal) -> Stage | None:
        """The stage the lead has with this deal; None if it stands there already, or further."""
        if deal.state == DealState.OPEN:
            return Stage.SQL if lead.stage != Stage.SQL else None
        if deal.state == DealState.WON:
            return Stage.WON if lead.stage != Stage.WON else None
        others = any(one.state == DealState.OPEN for one in self.deals[lead.pk])
        if lead.stage in (Stage.WON, Stage.LOST) or (others and lead.stage == Stage.SQL):
            return None
        return Stage.SQL if others else Stage.LOST

    def _move(self, deal: Deal, stage: Stage, at: datetime) -> None:
        lead = deal.lead
        for name, moment in milestones(lead, stage, at).items():
            setattr(lead, name, moment)
        frm, lead.stage, lead.stage_since = lead.stage, stage, at
        self.note(
            deal,
            "deal.import",
            at=at,
            stage_from=frm,
            stage_to=stage,
            imported=True,
            reached=stage,
        )

    def _hand_over(self, lead: Lead, deal: Deal) -> None:
        if lead.pk not in self.moved and State.ACCEPTED in self.handoffs[lead.pk]:
            self._convert(lead, deal)
        self.moved[lead.pk] = lead
        if deal.owner is not None:
            lead.seller = deal.owner
        if deal.team is not None and (deal.owner is not None or lead.team_id is None or _is_marketing(lead.team)):  # fmt: skip
            lead.team = deal.team
        lead.updated_at = self.terms.at

    def _convert(self, lead: Lead, deal: Deal) -> None:
        """What an opened deal does to the handoff it came from, also when the deal came by file."""
        if not self.terms.dry_run:
            deal.handoff = convert_handoffs(lead, at=self.terms.at)

    def events(self) -> Iterator[LeadEvent]:
        """What happened, once the deals have their ids."""
        for deal, noted in self.noted:
            yield self._event(deal, dict(noted))

    def _event(self, deal: Deal, what: dict) -> LeadEvent:
        team_id = what.pop("team_id")
        row = event(
            deal.lead,
            what.pop("verb"),
            by=self.terms.by,
            recorded_at=self.terms.at,
            deal_id=deal.pk,
            **what,
        )
        row.team_id = team_id
        return row


def _reached(deal: Deal) -> Stage:
    return Stage.WON if deal.state == DealState.WON else Stage.SQL


def _is_marketing(team: Team) -> bool:
    return team.side == Side.MARKETING


@cache
def way(frm: str, to: Stage) -> tuple[Stage, ...]:
    """The shortest way from stage to stage by the allowed moves, without its beginning."""
    ways: deque[tuple[Stage, tuple[Stage, ...]]] = deque([(Stage(frm), ())])
    seen = {Stage(frm)}
    while ways:
        stage, way = ways.popleft()
        if stage == to:
            return way
        for following in Stage:
            if (
                following in MOVES[stage]
                and following not in seen
                and following != Stage.DISQUALIFIED
            ):
                seen.add(following)
                ways.append((following, (*way, following)))
    return ()
