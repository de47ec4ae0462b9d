"""How the value of a clause is said: a list of words, in the language of the reader."""

from collections.abc import Callable

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from accounts.models import WorkingCalendar
from common.formats import joined, span
from handoff.models import Terms
from handoff.states import ClockKind, ReturnKind, Tier
from leads.states import Grade, TouchKind, TouchResult

Say = Callable[[Terms], list[str]]


def day_minutes() -> int:
    """Business minutes of a usual working day now, by the default working calendar.

    For who writes clauses: those written already are said in the day they keep themselves.
    """
    return WorkingCalendar.default().usual_minutes or 8 * 60


def duration(minutes: int, terms: Terms) -> str:
    """Business minutes in words, and in whole working days as `terms` were agreed on them."""
    words = _("%(span)s of business time") % {"span": span(minutes, business=True)}
    days, rest = divmod(minutes, terms.day_minutes)
    if rest or days < 1:
        return words
    text = _("%(time)s (one working day)") if days == 1 else _("%(time)s (%(days)s working days)")
    return text % {"time": words, "days": days}


def grades(lowest: str) -> str:
    letters = Grade.values
    return " · ".join(letters[: letters.index(lowest) + 1])


def within(kind: ClockKind) -> Say:
    def say(terms: Terms) -> list[str]:
        usual = _("within %(time)s") % {"time": duration(terms.within(kind), terms)}
        hot = terms.within(kind, Tier.HOT)
        if kind not in (ClockKind.ACCEPT, ClockKind.CONTACT):
            return [usual]
        return [usual, _("hot: within %(time)s") % {"time": duration(hot, terms)}]

    return say


def labels(choices: type[TextChoices], name: str, nothing: Callable[[], str]) -> Say:
    def say(terms: Terms) -> list[str]:
        codes = getattr(terms, name)
        return [str(choices(code).label) for code in choices.values if code in codes] or [nothing()]

    return say


def triggers(terms: Terms) -> list[str]:
    words = [
        f"{TouchResult(result).label} ({TouchKind(kind).label})" for kind, result in terms.triggers
    ]
    return words or [_("None: only fit and engagement count")]


def volume(name: str) -> Say:
    def say(terms: Terms) -> list[str]:
        n = getattr(terms, name)
        return [_("%(n)s leads a month") % {"n": f"{n:,}"} if n else _("no number agreed")]

    return say


def lapses(terms: Terms) -> list[str]:
    after = _("lapses after %(time)s") % {"time": duration(terms.lapses_after, terms)}
    then = _("is offered once more") if terms.lapsed_is_offered_again else _("goes to the managers")
    return [after, then]


def automatic(terms: Terms) -> list[str]:
    if terms.offered_automatically:
        return [_("at once, by the routing rules")]
    return [_("by hand, by whoever looks after it")]


def hot(terms: Terms) -> list[str]:
    number = f"{terms.hot_engagement:g}"
    return [
        _("fit %(fit)s") % {"fit": grades(terms.hot_fit)},
        _("engagement %(n)s or more") % {"n": number},
    ]


def ladder(terms: Terms) -> list[str]:
    words = {
        "remind": _("%(n)s%%: its owner is reminded"),
        "manager": _("%(n)s%%: the manager is told"),
        "another": _("%(n)s%%: it goes to another, or to the pool"),
    }
    return [words[step] % {"n": share} for step, share in terms.ladder]


def pauses(terms: Terms) -> list[str]:
    if not terms.pauses_at_most:
        return [_("not at all")]
    text = _("%(n)s times, %(time)s together at most")
    return [text % {"n": terms.pauses_at_most, "time": duration(terms.pause_at_most, terms)}]


def reasons(kind: ReturnKind) -> Say:
    def say(terms: Terms) -> list[str]:
        return [_reason(one) for one in terms.reasons_of(kind)]

    return say


def _reason(one) -> str:
    marks = [
        *([_("with a date")] if one.needs_revisit else []),
        *([_("back to marketing")] if one.to_marketing else []),
    ]
    return f"{one} ({joined(marks)})" if marks else str(one)
