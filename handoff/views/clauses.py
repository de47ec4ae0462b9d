"""The clauses of a version as a page shows them: value, how it was kept, what is said about it."""

from dataclasses import dataclass, field

from accounts.models import Organisation, User
from accounts.permissions import can as allowed
from accounts.states import Side
from common.clock import page_now
from handoff.clauses import BY_SYSTEM, Group, Said, say_clauses
from handoff.measures import (
    KEPT_DAYS,
    Counted,
    Kept,
    clause_counts,
    kept_from,
    promises_kept,
    qualified_count,
)
from handoff.models import Agreement, Proposal, ProposalComment, Terms
from handoff.permissions import sides_signed_by


@dataclass(frozen=True)
class Row:
    """A clause on the page: `kept` where it sets a clock, `counted` where rows can be counted."""

    said: Said
    target: int
    kept: Kept | None = None
    counted: Counted | None = None
    agreed: int = 0
    by_system: bool = False
    sides: dict[str, Kept] = field(default_factory=dict)
    comments: list[ProposalComment] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.said.clause.code

    @property
    def is_missed(self) -> bool:
        return bool(self.kept and self.kept.due and self.kept.percent < self.target)


def pact(
    terms: Terms, *, user: User, base: Terms | None = None, figures: bool = False, comments=()
) -> dict:
    """What the contract shows: {group: rows}, compared with `base`, with figures where wanted."""
    moment = page_now()
    kept = promises_kept(at=moment) if figures else {}
    counted = clause_counts(at=moment) if figures and allowed(user, "agreement.history") else {}
    rows = {
        group: [_row(said, terms, kept, counted, comments, figures) for said in clauses]
        for group, clauses in say_clauses(terms, base=base).items()
    }
    return {
        "groups": rows,
        "returns": rows[Group.RETURNS],
        "qualified": qualified_count(at=moment) if counted else None,
        "changes": sum(row.said.is_changed for found in rows.values() for row in found),
        "days": KEPT_DAYS,
        "since": kept_from(moment).date(),
        "may_see_kpi": allowed(user, "kpi.view"),
        "may_see_history": allowed(user, "agreement.history"),
    }


def _row(said: Said, terms: Terms, kept, counted, comments, figures: bool) -> Row:
    clause = said.clause
    return Row(
        said,
        terms.target_kept,
        kept=kept.get((clause.clock, clause.side), Kept()) if figures and clause.clock else None,
        counted=counted.get(clause.figure),
        agreed=getattr(terms, clause.code, 0) if clause.code.startswith("volume") else 0,
        by_system=figures and clause.figure == BY_SYSTEM and _asks_for_something(said, terms),
        sides=_sides(kept) if figures and clause.figure == "sides" else {},
        comments=[one for one in comments if one.clause == clause.code],
    )


def _asks_for_something(said: Said, terms: Terms) -> bool:
    """Whether anything is agreed there: a list that is empty asks for nothing."""
    return any(getattr(terms, name) for name in said.clause.fields)


def _sides(kept: dict[tuple[str, str], Kept]) -> dict[str, Kept]:
    """All promises of each side together."""
    return {
        side.value: Kept(
            sum(one.kept for (_kind, whose), one in kept.items() if whose == side),
            sum(one.due for (_kind, whose), one in kept.items() if whose == side),
        )
        for side in Side
    }


@dataclass(frozen=True)
class Signature:
    """One half of the last line: who signs for a side, when they did, and what the reader may do."""

    code: str
    head: User | None
    at: object
    may_sign: bool = False
    may_unsign: bool = False


def signatures(thing: Agreement | Proposal, user: User, *, is_open: bool) -> list[Signature]:
    """Both signatures of a version or a proposal; `is_open`: it can be signed now."""
    organisation = Organisation.current()
    mine = sides_signed_by(user, organisation) if is_open else []
    named = _heads(organisation) if is_open else {}
    return [
        Signature(
            code="mk" if side == Side.MARKETING else "sl",
            head=getattr(thing, f"{side}_head") or named.get(side),
            at=thing.signed_at(side),
            may_sign=side in mine and not thing.signed_at(side),
            may_unsign=bool(thing.signed_at(side)) and getattr(thing, f"{side}_head_id") == user.pk,
        )
        for side in Side
    ]


def _heads(organisation: Organisation) -> dict[Side, User]:
    ids = {side: getattr(organisation, f"{side}_head_id") for side in Side}
    people = User.objects.select_related("team").in_bulk([pk for pk in ids.values() if pk])
    return {side: people[pk] for side, pk in ids.items() if pk in people}
