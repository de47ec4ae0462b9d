"""The brief: written by the system from the record, frozen at the offer, marked with what came later.

The content is plain data (ids, codes, words, ISO moments): the page makes the sentences in the
reader's language. Nine items make a brief complete; see `completeness`.
"""

from handoff.brief.content import who_of, write_brief
from handoff.brief.items import completeness, completeness_of, items_of_content
from handoff.brief.later import Later, later

__all__ = [
    "Later",
    "completeness",
    "completeness_of",
    "items_of_content",
    "later",
    "who_of",
    "write_brief",
]
