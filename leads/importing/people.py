"""Whom of us a file means: by e-mail, by the name an earlier file used, or by their name."""

from collections import defaultdict

from django.utils.translation import gettext_lazy as _

from accounts.actions import is_stand_in, save_stand_ins, stand_in
from accounts.models import Team, User
from accounts.states import TeamKind
from common.refusals import Refusal
from leads.actions.captures.matching import person_key
from leads.importing.problems import Bad
from leads.importing.values import shown

NEXT_BEST = {TeamKind.INSIDE_SALES: (TeamKind.INSIDE_SALES, TeamKind.SALES)}


class People:
    """Everybody of ours, by all they may be called. With `create`, unknown names become stand-ins."""

    def __init__(self, *, create: bool = False):
        self.create = create
        self.new: list[User] = []
        self.moved: list[User] = []
        self.called: dict[str, list[User]] = defaultdict(list)
        self.teams: dict[str, Team] = {}
        for person in User.objects.select_related("team").order_by("pk"):
            self._learn(person)

    def _learn(self, person: User) -> None:
        names = {
            person.email.casefold(),
            person.external_name.casefold(),
            person_key(person.family_name, person.given_name),
            person_key(person.given_name, person.family_name),
        }
        for name in names - {""}:
            self.called[name].append(person)

    def find(self, text: str, kind: str) -> User:
        """The person a cell means, of teams of `kind` where several are called so.

        Raises `Bad` for an unknown or unclear name; a stand-in is not saved before `save_new`.
        """
        found = self.called.get(text.casefold()) or self.called.get(person_key(text, "")) or []
        kinds = NEXT_BEST.get(kind, (kind,))
        fitting = [one for one in found if one.team_id and one.team.kind in kinds]
        if len(fitting or found) > 1:
            raise Bad("person_unclear", value=shown(text))
        if not found and not self.create:
            raise Bad("person_unknown", value=shown(text))
        if not found:
            return self._stand_in(text, kind)
        return self._in_place((fitting or found)[0], kind)

    def _stand_in(self, name: str, kind: str) -> User:
        person = stand_in(name, team=self._team(kind))
        self.new.append(person)
        self._learn(person)
        return person

    def _in_place(self, person: User, kind: str) -> User:
        """A stand-in first met as inside sales who turns out to sell belongs to sales."""
        sells = kind == TeamKind.SALES and person.team and person.team.kind == TeamKind.INSIDE_SALES
        if self.create and sells and is_stand_in(person):
            person.team = self._team(kind)
            self.moved.append(person)
        return person

    def _team(self, kind: str) -> Team:
        if kind not in self.teams:
            kinds = NEXT_BEST.get(kind, (kind,))
            teams = list(
                Team.objects.active().of_kind(*kinds).filter(is_partner=False).order_by("id")
            )
            teams.sort(key=lambda team: kinds.index(team.kind))
            if not teams:
                raise Refusal(_("There is no active team these people could belong to."))
            self.teams[kind] = teams[0]
        return self.teams[kind]

    def save_new(self) -> list[User]:
        """Save the stand-ins met since the last time; gives them."""
        new, moved = self.new, [person for person in self.moved if person.pk]
        self.new, self.moved = [], []
        save_stand_ins([*new, *moved])
        return new
