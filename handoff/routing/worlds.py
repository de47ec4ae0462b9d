"""What a rule asks about people: who is away, how much they hold, who looks after a company."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Absence, Organisation, Team, User
from accounts.permissions import can as allowed
from handoff.models import Deal, Handoff, RoutingShare
from handoff.routing.plans import Rule
from leads.models import Lead
from leads.states import Stage


class World:
    """The world as it is now, and what `promise` added to it: so a batch is tried without writing."""

    def __init__(self, *, at: datetime):
        self.at = at
        self.today: date = at.astimezone(Organisation.current().zone).date()
        self._away: dict[int, User | None] | None = None
        self._promised: Counter[int] = Counter()

    # -- who can take ------------------------------------------------------------------------

    def away(self) -> dict[int, User | None]:
        """Everybody who is away today, with who stands in. One query."""
        if self._away is None:
            rows = Absence.objects.on(self.today).select_related("stand_in__team")
            self._away = {row.person_id: row.stand_in for row in rows.order_by("id")}
        return self._away

    def obstacle(self, person: User, team: Team) -> str:
        """Why `person` cannot take a lead of `team` now; empty where they can."""
        if not person.is_active:
            return "inactive"
        if person.team_id != team.pk:
            return "moved"
        if not allowed(person, "handoff.accept", taker=team.pk, named=person.pk):
            return "takes_none"
        return "absent" if person.pk in self.away() else ""

    def stand_in(self, person: User, team: Team) -> User | None:
        """Who takes what would be for `person`, if they are away and have somebody who can."""
        found = self.away().get(person.pk)
        return found if found and not self.obstacle(found, team) else None

    # -- how much they hold ------------------------------------------------------------------

    def loads(self, people: Iterable[int]) -> Counter[int]:
        """Open leads of each: offers that wait for them by name, and what they hold without a deal."""
        rows = Handoff.objects.open().filter(taker__in=list(people))
        return Counter(rows.values_list("taker", flat=True)) + self._promised

    def promise(self, person: User) -> None:
        """Count one more for `person`, though nothing is written."""
        self._promised[person.pk] += 1

    # -- whose turn it is --------------------------------------------------------------------

    def shares(self, rule: Rule) -> list[RoutingShare]:
        """The shares of a rule with what each was given so far."""
        return rule.shares

    # -- who knows the company ---------------------------------------------------------------

    def owners(self, lead: Lead, team: Team) -> list[User]:
        """People of `team` who look after the lead's company, who is closest to a sale first:
        by an open deal, by a lead they hold, by an offer that waits for them, as its owner."""
        if lead.company_id is None:
            return []
        deals = Deal.objects.open().filter(lead__company=lead.company_id, owner__team=team)
        held = Lead.objects.filter(
            company=lead.company_id, stage__in=(Stage.SAL, Stage.SQL), seller__team=team
        ).exclude(pk=lead.pk)
        asked = Handoff.objects.waiting().filter(
            lead__company=lead.company_id, taker__team=team, taker_team=team
        )
        ids = [
            *deals.order_by("-opened_at", "-pk").values_list("owner", flat=True),
            *held.order_by("-stage_since", "-pk").values_list("seller", flat=True),
            *asked.order_by("-offered_at", "-pk").values_list("taker", flat=True),
        ]
        if lead.company.owner_id:
            ids.append(lead.company.owner_id)
        return self._people(ids)

    def _people(self, ids: list[int]) -> list[User]:
        found = User.objects.select_related("team").in_bulk(set(ids)) if ids else {}
        return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


class BatchWorld(World):
    """The world for many leads at once: asked once, whatever their number."""

    def __init__(self, leads: Iterable[Lead], *, at: datetime):
        super().__init__(at=at)
        companies = {lead.company_id: lead.company for lead in leads if lead.company_id}
        self._owned = _owned(companies.keys())
        of_companies = {one.owner_id for one in companies.values() if one.owner_id}
        self._company_owners = User.objects.select_related("team").in_bulk(of_companies)
        self._loads: Counter[int] | None = None

    def loads(self, people: Iterable[int]) -> Counter[int]:
        if self._loads is None:
            rows = Handoff.objects.open().filter(taker__isnull=False)
            self._loads = Counter(rows.values_list("taker", flat=True))
        return self._loads + self._promised

    def owners(self, lead: Lead, team: Team) -> list[User]:
        if lead.company_id is None:
            return []
        found = [row.who for row in self._owned[lead.company_id] if row.holds(lead, self.at)]
        if lead.company.owner_id in self._company_owners:
            found.append(self._company_owners[lead.company.owner_id])
        return [user for user in dict.fromkeys(found) if user.team_id == team.pk]


@dataclass(frozen=True)
class Held:
    """That somebody looked after a lead of a company, from when until when."""

    who: User
    lead: int
    start: datetime
    end: datetime | None

    def holds(self, lead: Lead, at: datetime) -> bool:
        return self.start < at and (self.end is None or self.end > at) and self.lead != lead.pk


def _owned(companies: Iterable[int]) -> dict[int, list[Held]]:
    """Who looked after leads of these companies: by deals, then by handoffs, the latest first."""
    found: dict[int, list[Held]] = defaultdict(list)
    companies = list(companies)
    deals = Deal.objects.filter(lead__company__in=companies, owner__isnull=False)
    for deal in deals.select_related("lead", "owner__team").order_by("-opened_at", "-pk"):
        end = deal.won_at or deal.lost_at
        held = Held(deal.owner, deal.lead_id, deal.opened_at, end)
        found[deal.lead.company_id].append(held)
    rows = Handoff.objects.filter(lead__company__in=companies, taker__isnull=False)
    for one in rows.select_related("lead", "taker__team").order_by("-offered_at", "-pk"):
        held = Held(one.taker, one.lead_id, one.offered_at, one.closed_at)
        found[one.lead.company_id].append(held)
    return found


class LockedWorld(World):
    """The world in which an offer is really made: shares are locked until it is committed.

    Locked after the lead, and all shares of these people in the plan in the order of their ids, so
    that two offers never wait for each other and a cap holds across rules.
    """

    def shares(self, rule: Rule) -> list[RoutingShare]:
        people = [share.person_id for share in rule.shares]
        rows = RoutingShare.objects.select_for_update().filter(
            rule__plan=rule.row.plan_id, person__in=people
        )
        fresh = {row.pk: row for row in rows.order_by("id")}
        found = [share for share in rule.shares if share.pk in fresh]
        for share in found:
            share.given = fresh[share.pk].given
        return found
