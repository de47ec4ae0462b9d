"""What a partner's seat hides, applied where rows are loaded: one place, below every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection, models

from accounts.models.seats import Seat
from accounts.models.users import User

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sight:
    """What one reader does not see. `people` are their own team: own words are never hidden."""

    hidden: frozenset[str]
    people: frozenset[int]
    depth: int


_sight: ContextVar[Sight | None] = ContextVar("sight", default=None)


@contextmanager
def seen_by(user: User) -> Iterator[None]:
    """Rows loaded within are as `user` may see them: for a page, a mail, a list of notices.

    Inside a transaction that is begun meanwhile rows are whole: a verb judges and copies what is
    there, not what its actor sees.
    """
    token = _sight.set(_sight_of(user))
    try:
        yield
    finally:
        _sight.reset(token)


def _sight_of(user: User) -> Sight | None:
    codes = hidden_from(user)
    if not codes:
        return None
    people = frozenset(User.objects.filter(team=user.team_id).values_list("pk", flat=True))
    return Sight(codes, people, len(connection.atomic_blocks))


def hidden_from(user: User | None) -> frozenset[str]:
    """What the seat of `user` hides: codes of `Maskable`. A query for partners, none for others."""
    if not getattr(user, "is_partner", False):  # nobody, or not signed in
        return NOTHING
    masked = Seat.objects.filter(team=user.team_id).values_list("masked", flat=True).first()
    return frozenset(masked or ())


def hidden() -> frozenset[str]:
    """What is hidden from whom this is being made for."""
    sight = _sight.get()
    if sight is None or len(connection.atomic_blocks) > sight.depth:
        return NOTHING
    return sight.hidden


def is_own(person: int | None) -> bool:
    """Whether the person of this id is of the reader's own team."""
    sight = _sight.get()
    return sight is not None and person in sight.people


class MaskedModel(models.Model):
    """A row of which a seat may hide columns.

    `masks`: what hides (codes of `Maskable`) → columns with what stands in them instead.
    """

    masks: ClassVar[dict[str, dict[str, Any]]] = {}
    is_masked = False

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        row = super().from_db(db, field_names, values)
        if codes := hidden():
            row.mask(codes)
        return row

    def mask(self, codes: frozenset[str]) -> None:
        """Hide what `codes` say. A column that is not loaded is filled too: it must not be fetched."""
        for code in codes & self.masks.keys():
            for column, instead in self.masks[code].items():
                setattr(self, column, instead() if callable(instead) else instead)
            self.is_masked = True
