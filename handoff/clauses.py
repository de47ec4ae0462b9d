"""The clauses of an agreement in words: what pages, comparisons and discussions are about.

A clause is one or more fields of `Terms` that are agreed together. Its value is a list of words;
two versions are compared word by word, so that a list shows what came in and what went out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.models import WorkingCalendar
from accounts.states import Side
from common.formats import joined, span
from handoff.models import Terms
from handoff.states import BriefItem, ClockKind, ReturnKind, Tier
from leads.states import Exclusion, FactField, Grade, TouchKind, TouchResult


class Group(TextChoices):
    """Where on the page a clause stands, in this order."""

    DEFINITION = "definition", gettext_lazy("What a qualified lead is")
    TIERS = "tiers", pgettext_lazy("agreement", "Hot leads")
    MARKETING = "marketing", gettext_lazy("What marketing promises")
    SALES = "sales", gettext_lazy("What sales promises")
    RETURNS = "returns", gettext_lazy("Reasons to return a lead")
    WATCH = "watch", gettext_lazy("How promises are watched")


Say = Callable[[Terms], list[str]]
# The figure of a clause that nobody can break: the system does as it says.
BY_SYSTEM = "system"


@dataclass(frozen=True)
class Clause:
    """`clock` is the promise it sets, `side` who keeps it (none: both), `figure` what is counted.

    Of a list (`many`) words come in and go out; other values are compared place by place.
    """

    code: str
    group: Group
    title: str | Promise
    fields: tuple[str, ...]
    say: Say
    clock: ClockKind | None = None
    side: Side | None = None
    figure: str = ""
    many: bool = False


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
    old = new if base is None else clause.say(base)
    return Said(clause, tuple(_of_list(old, new) if clause.many else _by_place(old, new)))


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


# ── how values are said ─────────────────────────────────────────────────────────────────────────


def day_minutes() -> int:
    """Business minutes of a usual working day, by the default working calendar."""
    return WorkingCalendar.default().usual_minutes or 8 * 60


def duration(minutes: int) -> str:
    """Business minutes in words, and in working days where they are whole ones."""
    words = _("%(span)s of business time") % {"span": span(minutes, business=True)}
    days, rest = divmod(minutes, day_minutes())
    if rest or days < 1:
        return words
    text = _("%(time)s (one working day)") if days == 1 else _("%(time)s (%(days)s working days)")
    return text % {"time": words, "days": days}


def grades(lowest: str) -> str:
    letters = Grade.values
    return " · ".join(letters[: letters.index(lowest) + 1])


def _within(kind: ClockKind) -> Say:
    def say(terms: Terms) -> list[str]:
        usual = _("within %(time)s") % {"time": duration(terms.within(kind))}
        hot = terms.within(kind, Tier.HOT)
        if kind not in (ClockKind.ACCEPT, ClockKind.CONTACT):
            return [usual]
        return [usual, _("hot: within %(time)s") % {"time": duration(hot)}]

    return say


def _labels(choices: type[TextChoices], name: str, nothing: Callable[[], str]) -> Say:
    def say(terms: Terms) -> list[str]:
        codes = getattr(terms, name)
        return [str(choices(code).label) for code in choices.values if code in codes] or [nothing()]

    return say


def _triggers(terms: Terms) -> list[str]:
    words = [
        f"{TouchResult(result).label} ({TouchKind(kind).label})" for kind, result in terms.triggers
    ]
    return words or [_("None: only fit and engagement count")]


def _volume(name: str) -> Say:
    def say(terms: Terms) -> list[str]:
        n = getattr(terms, name)
        return [_("%(n)s leads a month") % {"n": f"{n:,}"} if n else _("no number agreed")]

    return say


def _lapses(terms: Terms) -> list[str]:
    after = _("lapses after %(time)s") % {"time": duration(terms.lapses_after)}
    then = _("is offered once more") if terms.lapsed_is_offered_again else _("goes to the managers")
    return [after, then]


def _automatic(terms: Terms) -> list[str]:
    if terms.offered_automatically:
        return [_("at once, by the routing rules")]
    return [_("by hand, by whoever looks after it")]


def _hot(terms: Terms) -> list[str]:
    number = f"{terms.hot_engagement:g}"
    return [
        _("fit %(fit)s") % {"fit": grades(terms.hot_fit)},
        _("engagement %(n)s or more") % {"n": number},
    ]


def _ladder(terms: Terms) -> list[str]:
    words = {
        "remind": _("%(n)s%%: its owner is reminded"),
        "manager": _("%(n)s%%: the manager is told"),
        "another": _("%(n)s%%: it goes to another, or to the pool"),
    }
    return [words[step] % {"n": share} for step, share in terms.ladder]


def _pauses(terms: Terms) -> list[str]:
    if not terms.pauses_at_most:
        return [_("not at all")]
    text = _("%(n)s times, %(time)s together at most")
    return [text % {"n": terms.pauses_at_most, "time": duration(terms.pause_at_most)}]


def _reasons(kind: ReturnKind) -> Say:
    def say(terms: Terms) -> list[str]:
        return [_reason(one) for one in terms.reasons_of(kind)]

    return say


def _reason(one) -> str:
    marks = [
        *([_("with a date")] if one.needs_revisit else []),
        *([_("back to marketing")] if one.to_marketing else []),
    ]
    return f"{one} ({joined(marks)})" if marks else str(one)


def _clock(code: str, group: Group, title, *fields: str) -> Clause:
    kind = ClockKind(code)
    fields = fields or (f"{kind.value}_within",)
    side = Side(group.value)
    return Clause(
        f"{side.value}_{code}", group, title, fields, _within(kind), clock=kind, side=side
    )


_ANSWER = gettext_lazy("Answer a customer's question while we hold the lead")
_ACKNOWLEDGE = gettext_lazy("Acknowledge a return and say what will be done")

_ALL = (
    Clause(
        "fit",
        Group.DEFINITION,
        gettext_lazy("Fit"),
        ("min_fit",),
        lambda terms: [grades(terms.min_fit)],
    ),
    Clause(
        "engagement",
        Group.DEFINITION,
        gettext_lazy("Engagement"),
        ("min_engagement",),
        lambda terms: [_("%(n)s or more") % {"n": f"{terms.min_engagement:g}"}],
    ),
    Clause(
        "required_facts",
        Group.DEFINITION,
        gettext_lazy("Known first"),
        ("required_facts",),
        _labels(FactField, "required_facts", lambda: pgettext("facts", "nothing in particular")),
        many=True,
    ),
    Clause(
        "exclusions",
        Group.DEFINITION,
        gettext_lazy("Left out"),
        ("exclusions",),
        _labels(Exclusion, "exclusions", lambda: pgettext("exclusions", "nobody")),
        many=True,
    ),
    Clause(
        "triggers",
        Group.DEFINITION,
        gettext_lazy("Qualifies by itself"),
        ("triggers",),
        _triggers,
        many=True,
    ),
    Clause(
        "hot",
        Group.TIERS,
        gettext_lazy("A lead is hot when it is offered with"),
        ("hot_fit", "hot_engagement"),
        _hot,
    ),
    Clause(
        "volume_offered",
        Group.MARKETING,
        gettext_lazy("Offer so many leads"),
        ("volume_offered",),
        _volume("volume_offered"),
        side=Side.MARKETING,
        figure="offered",
    ),
    Clause(
        "required_brief",
        Group.MARKETING,
        gettext_lazy("Say with every offer"),
        ("required_brief",),
        _labels(BriefItem, "required_brief", lambda: pgettext("brief", "nothing is required")),
        side=Side.MARKETING,
        figure=BY_SYSTEM,
        many=True,
    ),
    Clause(
        "offered_automatically",
        Group.MARKETING,
        gettext_lazy("Offer a qualified lead"),
        ("offered_automatically",),
        _automatic,
        side=Side.MARKETING,
        figure=BY_SYSTEM,
    ),
    _clock("acknowledge", Group.MARKETING, _ACKNOWLEDGE),
    _clock("answer", Group.MARKETING, _ANSWER),
    _clock(
        "accept",
        Group.SALES,
        gettext_lazy("Accept the lead or return it"),
        "accept_within",
        "hot_accept_within",
    ),
    _clock(
        "contact",
        Group.SALES,
        gettext_lazy("Make the first contact after accepting"),
        "contact_within",
        "hot_contact_within",
    ),
    _clock("decide", Group.SALES, gettext_lazy("Decide: open a deal, pass it on, or return it")),
    _clock("acknowledge", Group.SALES, _ACKNOWLEDGE),
    _clock("answer", Group.SALES, _ANSWER),
    Clause(
        "attempts",
        Group.SALES,
        gettext_lazy("Before a lead counts as unreachable"),
        ("attempts_before_unreachable",),
        lambda terms: [_("%(n)s attempts") % {"n": terms.attempts_before_unreachable}],
        side=Side.SALES,
        figure=BY_SYSTEM,
    ),
    Clause(
        "volume_accepted",
        Group.SALES,
        gettext_lazy("Have room for so many leads"),
        ("volume_accepted",),
        _volume("volume_accepted"),
        side=Side.SALES,
        figure="accepted",
    ),
    Clause(
        "rejected",
        Group.RETURNS,
        ReturnKind.REJECTED.label,
        ("return_reasons",),
        _reasons(ReturnKind.REJECTED),
        figure="rejected",
        many=True,
    ),
    Clause(
        "recycled",
        Group.RETURNS,
        ReturnKind.RECYCLED.label,
        ("return_reasons",),
        _reasons(ReturnKind.RECYCLED),
        figure="recycled",
        many=True,
    ),
    Clause(
        "lapse",
        Group.WATCH,
        gettext_lazy("An offer nobody answers"),
        ("lapses_after", "lapsed_is_offered_again"),
        _lapses,
        figure="lapsed",
    ),
    Clause(
        "ladder",
        Group.WATCH,
        gettext_lazy("When the time of a promise runs out"),
        ("ladder",),
        _ladder,
        figure=BY_SYSTEM,
        many=True,
    ),
    Clause(
        "pauses",
        Group.WATCH,
        gettext_lazy("A clock rests while the customer has the turn"),
        ("pauses_at_most", "pause_at_most"),
        _pauses,
        figure=BY_SYSTEM,
    ),
    Clause(
        "target",
        Group.WATCH,
        gettext_lazy("Each side means to keep"),
        ("target_kept",),
        lambda terms: [_("%(n)s%% of its promises") % {"n": terms.target_kept}],
        figure="sides",
    ),
)
CLAUSES: dict[str, Clause] = {clause.code: clause for clause in _ALL}
