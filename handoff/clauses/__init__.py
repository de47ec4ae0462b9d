"""The clauses of an agreement in words: what pages, comparisons and discussions are about.

A clause is one or more fields of `Terms` that are agreed together. Its value is a list of words;
two versions are compared word by word, so that a list shows what came in and what went out.
"""

from handoff.clauses.catalogue import BY_SYSTEM, CLAUSES, Clause, Group
from handoff.clauses.comparing import Said, Word, changed_clauses, say_clauses
from handoff.clauses.words import day_minutes

__all__ = [
    "BY_SYSTEM",
    "CLAUSES",
    "Clause",
    "Group",
    "Said",
    "Word",
    "changed_clauses",
    "day_minutes",
    "say_clauses",
]
