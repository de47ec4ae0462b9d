"""What the pages of handoffs say of promises and touches: small safe HTML, no queries."""

import unicodedata
from datetime import timedelta

from django import template
from django.utils.dateparse import parse_datetime
from django.utils.html import conditional_escape, escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from accounts.models import WorkingCalendar
from common import formats
from common.clock import page_now
from common.templatetags._clock import clock_html
from handoff.states import Acknowledgement, ClockKind, State
from leads.states import Channel, FactField, Stage, TouchKind, TouchResult
from leads.timeline.changes import change_words

register = template.Library()

# Further away than this, days on the wall say more than business hours, which are slow to count.
COUNTED = timedelta(days=60)

ICONS = {
    TouchKind.CALL: "phone",
    TouchKind.WEB_MEETING: "video",
    TouchKind.VISIT_IN_PERSON: "pin",
    TouchKind.FORM: "form",
    TouchKind.VISIT: "page",
    TouchKind.DOWNLOAD: "doc",
    TouchKind.SEMINAR_REGISTERED: "seminar",
    TouchKind.SEMINAR_ATTENDED: "seminar",
    TouchKind.EXHIBITION: "expo",
    TouchKind.CARD: "card",
    TouchKind.AD: "ad",
    TouchKind.CHAT: "chat",
    TouchKind.NOTE: "note",
    TouchKind.QUESTION: "question",
    TouchKind.HEARING: "noask",
}
# How a sheet's edges show who holds it.
HOLDS = {
    State.WAITING: "offered",
    State.ACCEPTED: "both",
    State.CONVERTED: "sl",
    State.RETURNED: "back",
}
_NOUNS = {
    "touch": TouchKind,
    "result": TouchResult,
    "fact": FactField,
    "channel": Channel,
    "stage": Stage,
    "clock": ClockKind,
    "acknowledgement": Acknowledgement,
}


@register.simple_tag(takes_context=True)
def promise(context, clock, **options):
    """A `Clock` with its business time left, as `{% clock %}` of the design system draws it."""
    if clock is None:
        return ""
    if clock.stopped_at:
        return clock_html(clock.due_at, stopped_at=clock.stopped_at, **options)
    if clock.paused_at:
        return clock_html(clock.due_at, paused=_rests(clock), **options)
    calendar, moment, until = _time_of(context, clock.calendar_id)
    if abs(clock.due_at - moment) > COUNTED:
        return clock_html(clock.due_at, clock.started_at, clock.warn_at, now=moment, **options)
    return clock_html(
        clock.due_at,
        clock.started_at,
        clock.warn_at,
        minutes=round(calendar.minutes_between(moment, clock.due_at)),
        total=clock.minutes,
        runs_until=until,
        now=moment,
        **options,
    )


def _rests(clock) -> str:
    if clock.resumes_at is None:
        return _("Waiting for the customer")
    moment = formats.moment(clock.resumes_at)
    return _("Waiting for the customer until %(moment)s") % {"moment": moment}


def _time_of(context, calendar_id):
    """Calendar, moment and end of the present working hours: found once a page and calendar."""
    request = context["request"]
    known = request.__dict__.setdefault("_handoff_time", {})
    if calendar_id not in known:
        calendar, moment = WorkingCalendar.of(calendar_id), page_now()
        known[calendar_id] = calendar, moment, calendar.closes_after(moment)
    return known[calendar_id]


@register.filter
def business(minutes):
    """Business minutes in words, said to be such: 営業8時間 / 8 business hours."""
    return _("%(span)s of business time") % {"span": formats.span(minutes, business=True)}


@register.filter
def iso(text):
    """A moment kept as ISO text in a frozen brief."""
    return parse_datetime(text) if text else None


@register.filter
def named(code, noun):
    """The word for a code: `{{ fact.field|named:"fact" }}`; an unknown code stands for itself."""
    try:
        return _NOUNS[noun](code).label
    except ValueError:
        return code


@register.filter
def touch_icon(kind):
    return ICONS.get(kind, "mail" if str(kind).startswith("mail") else "clock")


@register.filter
def tel(number):
    """A phone number as a `tel:` link wants it: digits and a leading plus."""
    plain = unicodedata.normalize("NFKC", str(number))
    plus = "+" if plain.strip().startswith("+") else ""
    return plus + "".join(one for one in plain if one.isdecimal())


@register.filter
def hold(handoff):
    """Who holds the sheet: mk, offered, both, sl or back."""
    if handoff.state == State.ACCEPTED and handoff.first_attempt_at:
        return "sl"
    return HOLDS.get(handoff.state, "mk")


@register.filter
def giver_name(handoff):
    return handoff.giver.name if handoff.giver else handoff.giver_team.name


@register.filter
def taker_name(handoff):
    return handoff.taker.name if handoff.taker else handoff.taker_team.name


@register.filter
def san(someone):
    """A colleague within a sentence: 小野寺さん, in English the full name; a team by its name."""
    family = getattr(someone, "family_name", "")
    if family and formats.in_japanese():
        return _("%(name)s-san") % {"name": family}
    return someone.name if someone else ""


@register.filter
def giver_san(handoff):
    return san(handoff.giver or handoff.giver_team)


@register.filter
def taker_san(handoff):
    return san(handoff.taker or handoff.taker_team)


@register.simple_tag
def lead_name(lead, tag="b"):
    """The lead's name with 様 in Japanese, where it is a person's name."""
    name = conditional_escape(lead.name)
    return mark_safe(name + _honor(lead))  # noqa: S308 - escaped above


def _honor(lead):
    if not (lead.has_personal_name and formats.in_japanese()):
        return ""
    title = pgettext("honorific", "Mr/Ms")
    return f'<span class="honor"> {escape(title)}</span>'


@register.simple_tag
def touch_line(kind, result="", campaign="", words="", minutes=None, longest=80):
    """One touch in one line: its kind, what came of it, the campaign and the first words."""
    head = str(named(kind, "touch"))
    if minutes:
        head += f" {formats.span(minutes)}"
    parts = [head, str(named(result, "result")) if result else "", str(campaign or "")]
    words = " ".join((words or "").split())
    if words:
        parts.append(words if len(words) <= longest else words[: longest - 1] + "…")
    return " · ".join(part for part in parts if part)


@register.filter
def last_words(line):
    """`Lead.last_touch` ("call:first words") in words."""
    kind, _colon, words = str(line).partition(":")
    return touch_line(kind, words=words)


_DEAL_EVENTS = {
    "deal.open": pgettext_lazy("deal event", "Opened"),
    "deal.import": pgettext_lazy("deal event", "Came in by import"),
    "deal.edit": pgettext_lazy("deal event", "Changed"),
    "deal.win": pgettext_lazy("deal event", "Won"),
    "deal.lose": pgettext_lazy("deal event", "Lost"),
    "deal.recycle": pgettext_lazy("deal event", "Lost; the lead went back to marketing"),
    "deal.correct": pgettext_lazy("deal event", "The win was taken back"),
}


@register.simple_tag
def deal_event(event, names):
    """What happened to a deal, from its event: "Changed: amount: ¥2,000,000 → ¥3,000,000"."""
    words = str(_DEAL_EVENTS.get(event.verb, event.verb))
    changed = change_words(event.data, names)
    return f"{words}: {changed}" if changed else words
