"""The one timeline of a lead: touches, moves, comments and questions of both teams, read together."""

from leads.timeline.entries import Entry, Filter, Slice, read_timeline
from leads.timeline.people import People
from leads.timeline.rails import Baton, Journey, batons
from leads.timeline.stories import Day, Item, tell_story

__all__ = [
    "Baton",
    "Day",
    "Entry",
    "Filter",
    "Item",
    "Journey",
    "People",
    "Slice",
    "batons",
    "read_timeline",
    "tell_story",
]
