"""Teams: made, renamed, retired."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Team, User
from accounts.permissions import demand
from accounts.states import TeamKind
from common.refusals import Malformed, Refusal

_REASONS: list[Callable[[Team], str | None]] = []


def keep_team_while(reason: Callable[[Team], str | None]) -> None:
    """Have `reason(team)` say why a team cannot be retired now, or None.

    The apps above know what a team still has to do; they register when they start.
    """
    _REASONS.append(reason)


@transaction.atomic
def create_team(*, by: User | None, name: str, kind: str, is_partner: bool = False) -> Team:
    """A new team. What kind it is of, and whether it is an outside partner, stays."""
    demand(by, "people.manage")
    team = Team(name=name.strip(), kind=TeamKind(kind), is_partner=is_partner)
    _save_named(team)
    return team


@transaction.atomic
def edit_team(team: Team, *, by: User | None, name: str) -> Team:
    """Rename a team."""
    demand(by, "people.manage")
    team = _lock(team)
    team.name = name.strip()
    _save_named(team, update_fields=["name"])
    return team


@transaction.atomic
def retire_team(team: Team, *, by: User | None) -> Team:
    """Take a team out of use: it keeps its past, and takes nothing over any more.

    Refused while people belong to it, or while it still has something to do.
    """
    demand(by, "people.manage")
    team = _lock(team)
    if not team.is_active:
        return team
    people = team.people.active().count()
    if people:
        raise Refusal(
            ngettext(
                "%(n)s person belongs to this team. Move them to another team first.",
                "%(n)s people belong to this team. Move them to another team first.",
                people,
            )
            % {"n": people}
        )
    for reason in _REASONS:
        if (sentence := reason(team)) is not None:
            raise Refusal(sentence)
    team.is_active = False
    team.save(update_fields=["is_active"])
    return team


@transaction.atomic
def restore_team(team: Team, *, by: User | None) -> Team:
    """Take a retired team into use again."""
    demand(by, "people.manage")
    team = _lock(team)
    team.is_active = True
    team.save(update_fields=["is_active"])
    return team


def _lock(team: Team) -> Team:
    return Team.objects.select_for_update().get(pk=team.pk)


def _save_named(team: Team, **how) -> None:
    if not team.name:
        raise Malformed(_("A team needs a name."), field="name")
    try:
        with transaction.atomic():
            team.save(**how)
    except IntegrityError as taken:
        raise Malformed(_("There is already a team of this name."), field="name") from taken
