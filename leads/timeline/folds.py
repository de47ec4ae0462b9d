"""Small noise in one line: six page views, five mails of a mailing, a row of small changes."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import formats
from leads.states import TouchKind
from leads.timeline.touches import MAILS, MOVES, VISITS

NAMED = 3


@dataclass(frozen=True)
class Fold:
    """One line for many entries, which open below it."""

    icon: str
    head: str
    by: str
    span: str
    lines: list


def fold_of(family: str, items: list) -> Fold:
    """The fold of a run of items of one family, newest first."""
    icon, words = {VISITS: ("page", _visits), MAILS: ("mail", _mails), MOVES: ("edit", _moves)}[
        family
    ]
    head, by = words(items)
    return Fold(icon, head, by, _span(items[-1].at, items[0].at), items)


def _visits(items) -> tuple[str, str]:
    n = len(items)
    head = ngettext("%(n)s page view", "%(n)s page views", n) % {"n": n}
    pages = Counter(" ".join(item.text.split()) for item in items if item.text)
    named = [f"{page} {count}" for page, count in pages.most_common(NAMED)]
    return head, formats.joined(named)


def _mails(items) -> tuple[str, str]:
    kinds = Counter(item.code for item in items)
    counts = {
        kind: kinds.get(kind.value, 0)
        for kind in (TouchKind.MAIL_SENT, TouchKind.MAIL_OPENED, TouchKind.MAIL_CLICKED)
    }
    said = [f"{kind.label} {n}" for kind, n in counts.items() if n]
    return _("Mailings"), formats.joined(said)


def _moves(items) -> tuple[str, str]:
    n = len(items)
    head = ngettext("%(n)s small change", "%(n)s small changes", n) % {"n": n}
    return head, formats.joined(list(dict.fromkeys(item.head for item in items))[:NAMED])


def _span(first, last) -> str:
    """9:05–9:24 within a day, else the two days."""
    if formats.local_day(first) != formats.local_day(last):
        return f"{formats.short_day(first)}–{formats.short_day(last)}"
    begin, end = formats.clock_time(first), formats.clock_time(last)
    return begin if begin == end else f"{begin}–{end}"
