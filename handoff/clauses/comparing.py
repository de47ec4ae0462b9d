"""The clauses of a version with their words, compared with another version where there is one."""

from dataclasses import dataclass, replace
from itertools import zip_longest

from handoff.clauses.catalogue import CLAUSES, Clause, Group
from handoff.models import Terms


@dataclass(frozen=True)
class Word:
    """One word of a clause's value: the same in both versions, come in, or gone."""

    words: str
    state: str = "same"  # "same", "ins", "del"


@dataclass(frozen=True)
class Said:
    """A clause with its value, compared with another version where there is one."""

    clause: Clause
    words: tuple[Word, ...]

    @property
    def is_changed(self) -> bool:
        return any(word.state != "same" for word in self.words)


def say_clauses(terms: Terms, *, base: Terms | None = None) -> dict[str, list[Said]]:
    """{group: its clauses}, each with what `terms` says; with `base` also what was there before."""
    found: dict[str, list[Said]] = {group.value: [] for group in Group}
    for clause in CLAUSES.values():
        found[clause.group].append(_said(clause, terms, base))
    return found


def changed_clauses(base: Terms, terms: Terms) -> list[Clause]:
    """The clauses that differ between two versions."""
    return [clause for clause in CLAUSES.values() if _part(clause, base) != _part(clause, terms)]


def _part(clause: Clause, terms: Terms):
    """What `terms` holds of the clause."""
    if clause.group == Group.RETURNS:
        return terms.reasons_of(clause.code)
    return [getattr(terms, name) for name in clause.fields]


def _said(clause: Clause, terms: Terms, base: Terms | None) -> Said:
    new = clause.say(terms)
    if base is None:
        return Said(clause, tuple(Word(words) for words in new))
    old = clause.say(base)
    if clause.many:
        return Said(clause, tuple(_of_list(old, new)))
    # The same minutes are the same promise, whatever the length of a working day was.
    alike = clause.say(replace(base, day_minutes=terms.day_minutes))
    old = [now if like == now else before for before, like, now in _places(old, alike, new)]
    return Said(clause, tuple(_by_place(old, new)))


def _places(*lists: list[str]):
    return zip_longest(*lists, fillvalue="")


def _of_list(old: list[str], new: list[str]) -> list[Word]:
    kept = [Word(words, "same" if words in old else "ins") for words in new]
    return kept + [Word(words, "del") for words in old if words not in new]


def _by_place(old: list[str], new: list[str]) -> list[Word]:
    found = []
    for before, after in zip_longest(old, new):
        if before == after:
            found.append(Word(after))
            continue
        found += [Word(before, "del")] if before else []
        found += [Word(after, "ins")] if after else []
    return found
