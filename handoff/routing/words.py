"""Rules, traces and waiting leads in sentences of the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from common import formats
from handoff.models import Handoff, QueuedLead
from handoff.routing.aspects import Aspect
from handoff.routing.conditions import Op
from handoff.routing.plans import Rule
from handoff.states import QueueReason, RouteTo
from leads.states import AttributeType

_CONDITIONS = {
    Op.IN: gettext_lazy("%(about)s: %(value)s"),
    Op.NOT_IN: gettext_lazy("%(about)s: not %(value)s"),
    Op.CONTAINS: gettext_lazy("%(about)s contains %(value)s"),
    Op.AT_LEAST: gettext_lazy("%(about)s: %(value)s or more"),
    Op.AT_MOST: gettext_lazy("%(about)s: %(value)s or less"),
    Op.FROM: gettext_lazy("%(about)s: %(value)s or later"),
    Op.UNTIL: gettext_lazy("%(about)s: %(value)s or earlier"),
    Op.YES: gettext_lazy("%(about)s: yes"),
    Op.NO: gettext_lazy("%(about)s: no"),
    Op.FILLED: gettext_lazy("%(about)s is known"),
    Op.EMPTY: gettext_lazy("%(about)s is not known"),
}
# Why somebody is passed over: codes of `World.obstacle`, and of a cap.
OBSTACLES = {
    "absent": gettext_lazy("away"),
    "inactive": gettext_lazy("no longer here"),
    "moved": gettext_lazy("in another team"),
    "takes_none": gettext_lazy("takes no leads"),
    "full": gettext_lazy("holds as many as agreed"),
}
_HEADS = {
    RouteTo.POOL: gettext_lazy("Rule %(n)s “%(rule)s” of plan %(plan)s: to the team's pool."),
    RouteTo.PERSON: gettext_lazy("Rule %(n)s “%(rule)s” of plan %(plan)s names %(person)s."),
    RouteTo.OWNER: gettext_lazy(
        "Rule %(n)s “%(rule)s” of plan %(plan)s: %(person)s already looks after the company."
    ),
    RouteTo.ROUND_ROBIN: gettext_lazy(
        "Rule %(n)s “%(rule)s” of plan %(plan)s: it was %(person)s’s turn."
    ),
}


def condition_words(condition: dict, known: Mapping[str, Aspect]) -> str:
    """One condition as a phrase: “Employees: 300 or more”. What was retired is called by its code."""
    about = known.get(condition["about"])
    label = str(about.label) if about else condition["about"]
    sentence = str(_CONDITIONS[Op(condition["operator"])])
    return sentence % {"about": label, "value": value_words(condition, about)}


def value_words(condition: dict, about: Aspect | None) -> str:
    value = condition.get("value")
    if isinstance(value, list):
        names = [about.called(one) if about else str(one) for one in value]
        return _(" or ").join(
            _("“%(name)s”") % {"name": name} if _is_free(about) else name for name in names
        )
    if about and about.type == AttributeType.DATE:
        return date_format(date.fromisoformat(value))
    return formats.number(value) if isinstance(value, int | float) else str(value or "")


def _is_free(about: Aspect | None) -> bool:
    return about is None or about.type == AttributeType.TEXT


def target_words(rule: Rule) -> str:
    """Where a rule sends a lead, in a phrase."""
    team = rule.team.name if rule.team else str(rule.row.lane)
    match RouteTo(rule.row.to):
        case RouteTo.OWNER:
            return _("who in %(team)s already looks after the company") % {"team": team}
        case RouteTo.PERSON:
            return rule.row.person.name
        case RouteTo.POOL:
            return _("the pool of %(team)s") % {"team": team}
    names = [_share_words(share) for share in rule.shares]
    return _("in turn: %(people)s") % {"people": _listed(names)}


def _share_words(share) -> str:
    parts = []
    if share.weight > 1:
        parts.append(_("weight %(n)s") % {"n": share.weight})
    if share.cap is not None:
        parts.append(_("at most %(n)s open") % {"n": share.cap})
    return f"{share.person.name} ({_listed(parts)})" if parts else share.person.name


def _listed(words: Iterable[str]) -> str:
    return (_(", ")).join(words)


def people_in(trace: dict | None) -> set[int]:
    """The ids of everybody a trace or the data of a waiting lead names."""
    if not trace:
        return set()
    passed = [*trace.get("passed", [])]
    for rule in trace.get("before", []):
        passed += rule["passed"]
    ids = {pk for pk, _why in passed} | {trace.get("taker"), trace.get("for")}
    return ids - {None}


def people_of(traces: Iterable[dict | None]) -> dict[int, User]:
    """Everybody these traces name. One query, none where they name nobody."""
    ids = set().union(*map(people_in, traces))
    return User.objects.in_bulk(ids) if ids else {}


def routed(handoff: Handoff, reader: User) -> str:
    """Why it went to this team and person, where rules chose them; a partner is not told of ours.

    One query at most.
    """
    trace = handoff.route
    if not trace or "rule" not in trace or reader.is_partner:
        return ""
    return route_words(trace, people_of([trace]))


def route_words(trace: dict, people: Mapping[int, User]) -> str:
    """Why this team and person, in two or three sentences."""
    head = str(_HEADS[RouteTo(trace["to"])])
    absent = trace.get("for")
    places = {
        "n": trace["rule"],
        "rule": trace["name"],
        "plan": trace["plan"],
        "person": _name(absent or trace.get("taker"), people),
    }
    parts = [head % places]
    if absent:
        words = _("%(person)s stands in for %(absent)s, who is away.")
        names = {"person": _name(trace["taker"], people), "absent": _name(absent, people)}
        parts.append(words % names)
    others = [one for one in trace.get("passed", []) if one[0] != absent]
    if others:
        parts.append(_("Passed over: %(people)s.") % {"people": _passed(others, people)})
    return _gap().join([*parts, *_before(trace, people)])


def _gap() -> str:
    return "" if (get_language() or "ja").startswith("ja") else " "


def _before(trace: dict, people) -> list[str]:
    sentence = _("Rule %(n)s “%(rule)s” fitted as well and found nobody: %(people)s.")
    return [
        sentence
        % {"n": rule["rule"], "rule": rule["name"], "people": _passed(rule["passed"], people)}
        for rule in trace.get("before", [])
    ]


def _passed(rows, people) -> str:
    return _listed(f"{_name(pk, people)} ({OBSTACLES.get(why, why)})" for pk, why in rows)


def _name(pk, people) -> str:
    return people[pk].name if pk in people else formats.NOTHING


def queue_words(row: QueuedLead, people: Mapping[int, User]) -> str:
    """Why a lead waits for a manager."""
    return queue_words_of(row.reason, row.data, people)


def queue_words_of(reason: str, data: dict, people: Mapping[int, User]) -> str:
    """The same of a reason and its data, as `QueuedLead` keeps them."""
    match QueueReason(reason):
        case QueueReason.NO_RULE if "plan" in data:
            head = _("No rule of plan %(plan)s fits.") % {"plan": data["plan"]}
        case QueueReason.NOBODY if "rule" in data:
            words = _("Rule %(n)s “%(rule)s” fits, but nobody of it can take it now: %(people)s.")
            passed = _passed(data.get("passed", []), people) or _("nobody is named")
            head = words % {"n": data["rule"], "rule": data["name"], "people": passed}
        case QueueReason.LAPSED if "closed" in data:
            day = formats.moment(parse_datetime(data["closed"]))
            head = _("The offer ran out on %(day)s: nobody answered.") % {"day": day}
        case QueueReason.REFUSED if "en" in data:
            ja = (get_language() or "ja").startswith("ja")
            head = data["ja" if ja else "en"]
        case QueueReason.REFUSED if "rule" in data:
            words = _("Rule %(n)s “%(rule)s” leads along a lane that takes no leads any more.")
            head = words % {"n": data["rule"], "rule": data["name"]}
        case other:
            head = str(other.label)
    return _gap().join([head, *_before(data, people)])
