"""The words of an entry, in the reader's language: heading, by whom, text, tags."""

from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import formats
from leads.models import Lead
from leads.states import Channel, Direction, FactField, TouchKind, TouchResult
from leads.timeline.people import People
from leads.timeline.sentences import Sentence
from leads.timeline.touches import ICONS

ARROW = " → "


def label_of(choices, code) -> str:
    """The word of a code; an unknown code stands for itself."""
    try:
        return str(choices(code).label)
    except ValueError:
        return str(code or "")


def touch_words(what: dict, people: People) -> dict:
    """Icon, heading, by, text and tags of a touch."""
    head = label_of(TouchKind, what["kind"])
    if what["minutes"]:
        head = f"{head} {formats.span(what['minutes'])}"
    tags = [label_of(FactField, code) for code in dict.fromkeys(what["heard"])]
    if what["result"]:
        tags.insert(0, label_of(TouchResult, what["result"]))
    if what["kind"] == TouchKind.CALL and what["direction"] == Direction.INBOUND:
        tags.insert(0, str(Direction.INBOUND.label))
    return {
        "icon": ICONS.get(what["kind"], "clock"),
        "head": head,
        "by": formats.joined(filter(None, (what["campaign"], _who(what["by"], people)))),
        "text": what["words"],
        "tags": tags,
    }


def _who(pk: int | None, people: People) -> str:
    """A person with their team, where it is not clear from the rail."""
    user = people.get(pk)
    if user is None:
        return ""
    inside = user.team_id and user.team.kind == "inside_sales"
    return f"{user.name} ({user.team.name})" if inside else user.name


def event_words(what: dict, sentence: Sentence, people: People, reason: str) -> dict:
    """Heading, by and text of a move."""
    data = what["data"]
    places = _Places(
        by=people.name(what["by"]),
        to=people.name(data.get("to")),
        team=what["team"] or "",
        campaign=what["campaign"] or "",
        reason=reason,
        field=label_of(FactField, data.get("field")),
        fields=field_names(data.get("fields") or ()),
        channel=label_of(Channel, data.get("channel")),
        kind=label_of(TouchKind, data.get("kind")),
        due=_due(data.get("due")),
        round=data.get("round") or 1,
    )
    return {
        "head": str(sentence.heading(data)) % places,
        "by": _passing(what, people),
        "text": (str(sentence.text) % places) if sentence.text and reason else what["step"] or "",
        "tags": _tags(what),
    }


def _passing(what: dict, people: People) -> str:
    """A → B for an offer; who did it for anything else."""
    giver = people.name(what["by"]) or _automatic(what)
    if what["verb"] != "handoff.offer":
        return giver
    taker = people.name(what["data"].get("to")) or what["team"] or ""
    return ARROW.join(filter(None, (giver, taker)))


def _automatic(what: dict) -> str:
    return _("by itself") if what["verb"].startswith(("lead.qualify", "handoff.lapse")) else ""


def _tags(what: dict) -> list[str]:
    tags = []
    if what["verb"] == "handoff.offer" and (what["data"].get("round") or 1) > 1:
        tags.append(_("Round %(n)s") % {"n": what["data"]["round"]})
    if what["via"] == "import":
        tags.append(pgettext("via", "Import"))
    return tags


def _due(written) -> str:
    moment = parse_datetime(written) if isinstance(written, str) else None
    return formats.moment(moment) if moment else ""


def field_names(names) -> str:
    """The names of fields of a lead, as its form calls them; own fields are only said to be such."""
    return formats.joined(dict.fromkeys(_field_name(name) for name in names))


def _field_name(name: str) -> str:
    if name.startswith("attributes."):
        return _("own field")
    try:
        return str(Lead._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name


def question_words(what: dict, people: People) -> dict:
    """Heading, by, and question with answer."""
    answered = bool(what["answered_at"])
    through = label_of(TouchKind, what["through"]) if what["through"] else ""
    return {
        "head": _("Question and answer") if answered else _("Question"),
        "by": formats.joined(filter(None, (through, people.name(what["by"])))),
        "question": {
            "text": what["text"],
            "answer": what["answer"],
            "answered_by": people.name(what["answered_by"]),
            "answered_at": parse_datetime(what["answered_at"]) if answered else None,
        },
    }


class _Places(dict):
    def __missing__(self, key):
        return formats.NOTHING
