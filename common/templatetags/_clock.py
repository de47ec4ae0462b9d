"""The clock of a promise, as HTML. The words are right when served; clocks.js keeps them so."""

from datetime import timedelta

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import formats
from common.clock import page_now
from common.templatetags._icons import icon_html


def ring(percent) -> str:
    left = max(0, min(100, round(float(percent))))
    return SafeString(
        '<svg class="ring" viewBox="0 0 20 20" aria-hidden="true">'
        f'<circle class="ring__left" cx="10" cy="10" r="8" pathLength="100" stroke-dasharray="{left} 100"/></svg>'
    )


def clock_html(
    due_at,
    started_at=None,
    warn_at=None,
    stopped_at=None,
    *,
    minutes=None,
    total=None,
    runs_until=None,
    paused="",
    now=None,
    show_due=False,
    block=False,
    prefix="",
    bare=False,
):
    """The state and the words of a clock: ok, soon, late while it runs; met or missed once stopped.

    `minutes`: business minutes left (negative: late), for "1 h 12 min left" in the hours the team
    works; without it the difference on the wall is told. `total`: business minutes of the whole
    promise, for the ring. `runs_until`: the end of the present working hours; the page counts down
    only until then. `paused`: a sentence instead of a countdown. `show_due` adds "by 15:32";
    `block` stacks both; `prefix` stands before the words ("First contact"). `bare` leaves the mark
    to the style sheet (.clock[data-part]), for pages with a hundred clocks.
    """
    now = now or page_now()
    if bare and due_at and not paused and not stopped_at:
        return _bare(now, due_at, started_at, warn_at, minutes, total, runs_until)
    if paused:
        return _frame("paused", "pause", escape(paused), "", block)
    if not due_at:
        return ""
    if stopped_at:
        return _stopped(due_at, stopped_at, block)
    left = (due_at - now) // timedelta(minutes=1)
    business = minutes is not None
    state = _state(now, due_at, started_at, warn_at)
    words = _left(state, minutes if business else left, business=business)
    head = (
        ring(_share_left(now, due_at, started_at, minutes, total)) if state != "late" else "alert"
    )
    due = _due_words(due_at) if show_due and state != "late" else ""
    live = _live_attributes(due_at, warn_at, minutes, runs_until)
    if prefix:
        live += f' data-prefix="{escape(prefix)}"'
    text = escape(f"{prefix} {words}" if prefix else words)
    return _frame(state, head, text, due, block, live)


def _bare(now, due_at, started_at, warn_at, minutes, total, runs_until):
    """The same clock in a third of the bytes: one element, and what is past is left out."""
    left, business = (due_at - now) // timedelta(minutes=1), minutes is not None
    state = _state(now, due_at, started_at, warn_at)
    words = escape(_left(state, minutes if business else left, business=business))
    live = _live_attributes(due_at, warn_at if state == "ok" else None, minutes, runs_until)
    if state != "late":
        share = _share_left(now, due_at, started_at, minutes, total)
        live += f' data-part="{max(0, min(10, round(share / 10)))}"'
    kind = "" if state == "ok" else f" clock--{state}"
    return SafeString(f'<span class="clock{kind}" data-clock{live}>{words}</span>')


def _left(state, minutes, *, business) -> str:
    span = formats.span(minutes, business=business)
    return (_("%(span)s late") if state == "late" else _("%(span)s left")) % {"span": span}


def _state(now, due_at, started_at, warn_at) -> str:
    if now >= due_at:
        return "late"
    if warn_at is None and started_at:
        warn_at = started_at + (due_at - started_at) * 0.8
    return "soon" if warn_at and now >= warn_at else "ok"


def _share_left(now, due_at, started_at, minutes, total) -> float:
    if minutes is not None and total:
        return minutes / total * 100
    if not started_at or due_at <= started_at:
        return 60
    return (due_at - now) / (due_at - started_at) * 100


def _stopped(due_at, stopped_at, block):
    if stopped_at <= due_at:
        return _frame("met", "check", escape(_("As promised")), "", block)
    # How late it was in business time is not known here, so only that it was late is said.
    return _frame("missed", "alert", escape(_("Later than promised")), "", block)


def _due_words(due_at) -> str:
    return escape(_("by %(moment)s") % {"moment": formats.moment(due_at)})


def _live_attributes(due_at, warn_at, minutes, runs_until) -> str:
    found = f' data-due="{_iso(due_at)}"'
    if warn_at:
        found += f' data-warn="{_iso(warn_at)}"'
    if minutes is not None:
        found += f' data-left="{int(minutes)}"'
        if runs_until:
            found += f' data-until="{_iso(runs_until)}"'
    return found


def _iso(moment) -> str:
    return moment.isoformat(timespec="minutes").replace("+00:00", "Z")


def _frame(state, head, text, due, block, live=""):
    mark = head if head.startswith("<") else icon_html(head)
    classes = (
        "clock" + (f" clock--{state}" if state != "ok" else "") + (" clock--block" if block else "")
    )
    words = f"<span data-clock>{text}</span>" if live else f"<span>{text}</span>"
    inner = f"<span>{mark}{words}</span>" if block else mark + words
    small = f"<small>{due}</small>" if due else ""
    return SafeString(f'<span class="{classes}"{live}>{inner}{small}</span>')
