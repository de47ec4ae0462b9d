"""What a file can be a file of. Apps above add theirs when they start."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from leads.actions.captures import Outcome, Terms
from leads.importing.fields import Field


@dataclass(frozen=True)
class Target:
    """One kind of rows.

    `fields()` are its columns; `draft()` begins a row and `put(draft, name, value)` fills it;
    `incomplete(draft)` gives a code and a field where the row says too little; `keys(draft)` are
    (known by from now on, known by if it repeats an earlier row); `capture` is the set verb.
    """

    name: str
    label: Any
    fields: Callable[[], list[Field]]
    draft: Callable[[], Any]
    put: Callable[[Any, str, Any], None]
    incomplete: Callable[[Any], tuple[str, str] | None]
    keys: Callable[[Any], tuple[list[str], list[str]]]
    capture: Callable[[list, Terms], list[Outcome]]
    # Headings that no other kind of file has: how the kind is guessed.
    telling: frozenset[str] = field(default_factory=frozenset)
    # Columns every system adds and nobody needs here.
    ignored: tuple[str, ...] = ()
    # What is said for the whole file stands in every row that does not say it; else the verb decides.
    whole_in_rows: bool = True

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields() if one.name == name), None)


TARGETS: dict[str, Target] = {}
# The order in which people are asked; apps start in another.
_ORDER = ("leads", "touches", "deals")


def register_target(target: Target) -> Target:
    """Make a kind of rows known; called when the apps are ready."""
    found = {**TARGETS, target.name: target}
    TARGETS.clear()
    TARGETS.update(sorted(found.items(), key=lambda one: _ORDER.index(one[0])))
    return target
