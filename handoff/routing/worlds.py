"""What a rule asks about people: who is away, how much they hold, who looks after a company."""

from collections import Counter
from collections.abc import Iterable
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
