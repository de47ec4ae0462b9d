"""The timeline as people read it: days, their items, small noise folded into one line each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from accounts.models import User
from accounts.notices import names_of
from common import formats
from leads.timeline.changes import Names, change_words, people_changed, step_names
from leads.timeline.entries import COMMENT, EVENT, QUESTION, TOUCH, Entry
from leads.timeline.folds import Fold, fold_of
from leads.timeline.people import People
from leads.timeline.rails import Journey
from leads.timeline.sentences import BAND, MINOR, PLAIN, sentence_for
from leads.timeline.touches import MOVES, family_of
from leads.timeline.words import event_words, question_words, touch_words

# Moves a person says something with, beside the reason they choose.
WITH_WORDS = ("handoff.return", "handoff.acknowledge")


@dataclass
class Item:
    """One line of the timeline. `kind` is touch, event, comment, question or fold."""

    kind: str
    at: datetime
    icon: str
    side: str
    head: str
    by: str = ""
    text: str = ""
    weight: str = PLAIN
    pk: int = 0
    by_id: int | None = None
    tags: list[str] = field(default_factory=list)
    handoff: int | None = None
    deal: int | None = None
    question: dict | None = None
    fold: Fold | None = None
    rails: str = ""
    family: str = ""
    code: str = ""
    can_withdraw: bool = False
    is_last: bool = False


@dataclass
class Day:
    """The items of one day in the reader's time zone."""

    day: date
    items: list[Item]

    @property
    def rails(self) -> str:
        return self.items[0].rails

    @property
    def words(self) -> str:
        return formats.day(self.day)

    @property
    def near(self) -> str:
        """Today, yesterday: said before the date."""
        return formats.near_day(self.day)


def tell_story(
    entries: Iterable[Entry], *, journey: Journey, people: People, reader: User
) -> list[Day]:
    """The entries as days with their items. One query for the names of reasons, where there are any,
    and one for what people wrote with their moves."""
    entries = list(entries)
    reasons = _reasons(entries, reader)
    items = [_item(entry, people, reasons) for entry in entries]
    _add_what_changed(items, entries, people, reader)
    _add_what_was_written(items, entries, reader)
    items = _folded(items)
    for item in items:
        item.rails = _rails(item, journey)
    return [
        Day(day, list(group))
        for day, group in groupby(items, lambda one: formats.local_day(one.at))
    ]


def people_in(entries: Iterable[Entry]) -> set[int | None]:
    """The ids of everybody these entries name."""
    found: set[int | None] = set()
    for entry in entries:
        found |= {entry.what.get("by"), entry.what.get("answered_by")}
        if entry.kind == EVENT:
            found.add(entry.what["data"].get("to"))
            found |= people_changed(entry.what["data"])
    return found


def _reasons(entries: list[Entry], reader: User) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for namer, verbs in (
        ("reason", ("handoff.return",)),
        ("deal.lost.reason", ("deal.lose", "deal.recycle")),
    ):
        codes = {
            entry.what["data"].get("reason")
            for entry in entries
            if entry.kind == EVENT and entry.what["verb"] in verbs
        } - {None}
        names = names_of(namer, reader, codes)
        found |= {(verb, code): name for verb in verbs for code, name in names.items()}
    return found


def _add_what_changed(items: list[Item], entries: list[Entry], people: People, reader: User):
    """From what to what a deal was changed. Who does not see deals is not told."""
    edits = [entry.kind == EVENT and entry.what["verb"] == "deal.edit" for entry in entries]
    if reader.is_partner or not any(edits):
        return
    told = [entry.what["data"] for entry, edit in zip(entries, edits, strict=True) if edit]
    names = Names(people, step_names(told, reader))
    for item, entry, edit in zip(items, entries, edits, strict=True):
        if edit:
            item.text = change_words(entry.what["data"], names)


def _add_what_was_written(items: list[Item], entries: list[Entry], reader: User) -> None:
    """The words that came with a move. They stand beside the move, never in it: a move is forever."""
    places = [(entry.what["verb"], entry.what["handoff"]) for entry in entries if _has_words(entry)]
    written = names_of("handoff.words", reader, set(places))
    for item, entry in zip(items, entries, strict=True):
        if _has_words(entry):
            words = written.get((entry.what["verb"], entry.what["handoff"]), "")
            item.text = "\n".join(filter(None, (item.text, words)))


def _has_words(entry: Entry) -> bool:
    return entry.kind == EVENT and entry.what["verb"] in WITH_WORDS


def _rails(item: Item, journey: Journey) -> str:
    """Who held the lead then; a team that did something is there, whoever held it."""
    held = journey.rails_at(item.at)
    wanted = {"mk", "sl"} if item.side == "hd" else {item.side}
    both = wanted | set(held.split())
    return "mk sl" if len(both) == 2 else both.pop()


def _item(entry: Entry, people: People, reasons) -> Item:
    return _MAKERS[entry.kind](entry, people, reasons)


def _touch(entry: Entry, people: People, _reasons) -> Item:
    what = entry.what
    words = touch_words(what, people)
    family = family_of(what)
    return Item(
        "touch",
        entry.at,
        side=people.side(what["by"]),
        weight=MINOR if family else PLAIN,
        family=family,
        pk=entry.pk,
        by_id=what["by"],
        code=what["kind"],
        **words,
    )


def _event(entry: Entry, people: People, reasons) -> Item:
    what = entry.what
    sentence = sentence_for(what["verb"])
    reason = reasons.get((what["verb"], what["data"].get("reason")), "")
    return Item(
        "event",
        entry.at,
        icon=sentence.icon,
        side=sentence.side or people.side(what["by"]),
        weight=sentence.weight,
        family=MOVES if sentence.weight == MINOR else "",
        pk=entry.pk,
        handoff=what["handoff"] if sentence.weight == BAND else None,
        deal=what["deal"],
        **event_words(what, sentence, people, reason),
    )


def _comment(entry: Entry, people: People, _reasons) -> Item:
    what = entry.what
    sentence = sentence_for("comment.write")
    return Item(
        "comment",
        entry.at,
        icon=sentence.icon,
        side=people.side(what["by"]),
        head=str(sentence.head),
        by=people.name(what["by"]),
        text=what["text"],
        pk=entry.pk,
        by_id=what["by"],
    )


def _question(entry: Entry, people: People, _reasons) -> Item:
    what = entry.what
    return Item(
        "question",
        entry.at,
        icon="question",
        side=people.side(what["by"]),
        pk=entry.pk,
        **question_words(what, people),
    )


_MAKERS = {TOUCH: _touch, EVENT: _event, COMMENT: _comment, QUESTION: _question}


def _folded(items: list[Item]) -> list[Item]:
    """Runs of noise of one family become one item each; a single one stays as it is."""
    found: list[Item] = []
    for family, run in groupby(items, lambda one: one.family):
        same = list(run)
        if not family or len(same) == 1:
            found += same
            continue
        fold = fold_of(family, same)
        found.append(
            Item("fold", same[0].at, fold.icon, same[0].side, fold.head, fold.by, fold=fold)
        )
    if found:
        found[-1].is_last = True
    return found
