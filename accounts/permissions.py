"""The permission table: `permissions.toml`, read once. Deny by default."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from accounts.models.sight import hidden_from
from accounts.states import Role, TeamKind
from common.refusals import NotAllowed

WORDS = frozenset({"all", "accountable", "giver", "taker", "marketing", "sales", "own"})


@cache
def table() -> dict[str, dict[str, frozenset[str]]]:
    """{"lead.edit": {"member": {"all"}, …}, …} as `permissions.toml` says it.

    Raises ValueError for a role or word that does not exist: a slip must not open or close a door.
    """
    nouns = tomllib.loads(Path(__file__).with_name("permissions.toml").read_text(encoding="utf-8"))
    return {
        f"{noun}.{verb}": {_role(role): _words(words) for role, words in roles.items()}
        for noun, verbs in nouns.items()
        for verb, roles in verbs.items()
    }


def _role(name: str) -> str:
    return Role(name).value


def _words(words: str | list[str]) -> frozenset[str]:
    found = frozenset([words] if isinstance(words, str) else words)
    if not found <= WORDS:
        raise ValueError(f"Unknown words in permissions.toml: {sorted(found - WORDS)}")
    return found


def words_for(user, verb: str) -> frozenset[str]:
    """On which things `user` may do `verb`: words of the table; empty means never.

    Raises KeyError for a verb that the table does not name.
    """
    roles = table()[verb]
    if not (user and user.is_active):
        return frozenset()
    return roles.get(user.role, frozenset())


def can(
    user, verb: str, *, accountable=None, giver=None, taker=None, named=None, own=False
) -> bool:
    """Whether the table lets `user` do `verb`, given the team ids around the thing.

    `named` is the id of the person an offer is addressed to: then only that person or a manager
    of the taking team acts as taker. The apps above wrap this with what they know of the thing.
    """
    words = words_for(user, verb)
    if "all" in words or ("own" in words and own):
        return True
    team = user.team_id if words else None
    if team is None:
        return False
    kind = user.team.kind
    return (
        ("accountable" in words and accountable == team)
        or ("giver" in words and giver == team)
        or ("taker" in words and taker == team and (named in (None, user.pk) or user.is_manager))
        or ("marketing" in words and kind == TeamKind.MARKETING)
        or ("sales" in words and kind != TeamKind.MARKETING)
    )


def demand_shown(user, codes: Iterable[str]) -> None:
    """Raises `NotAllowed` where the seat of `user` hides one of `codes`: what one does not see, one
    does not change."""
    if hidden_from(user) & set(codes):
        raise NotAllowed(_("This is not shown to your team, so it cannot be changed by you."))


def demand(user, verb: str, **around) -> None:
    """Raises `NotAllowed` unless `can(user, verb, …)`. `user` None is the system itself (a command)."""
    if user is not None and not can(user, verb, **around):
        raise NotAllowed
