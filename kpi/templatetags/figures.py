"""Figures in words, and what each of them means, for templates."""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import formats
from common.templatetags.ui import icon_html
from kpi.measures import FIGURES, Reading
from kpi.states import Unit

register = template.Library()


@register.filter
def told(reading: Reading | None) -> str:
    """A reading as a person reads it: 842, 10.5%, 14 days, 1,280万円, 2.3×."""
    return words_of(reading) if reading else formats.NOTHING


@register.filter
def exactly(reading: Reading) -> str:
    """With as many digits as a large number of rows deserves: 10.525%."""
    if reading.unit != Unit.RATIO or reading.value is None or reading.n < 1000:
        return words_of(reading)
    digits = formats.percent(reading.value, 3).removesuffix("%")
    return digits.rstrip("0").rstrip(".") + "%"


def words_of(reading: Reading) -> str:
    value = reading.value
    if value is None:
        return formats.NOTHING
    return _WORDS[Unit(reading.unit)](value, reading)


def _ratio(value, reading):
    return formats.percent(value, 1 if reading.n >= 200 else 0)


def _short(value) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _days(value, reading):
    number = 1 if value == 1 else 2
    return ngettext("%(n)s day", "%(n)s days", number) % {"n": _short(value)}


def _hours(value, reading):
    return _("%(n)s h") % {"n": _short(value)}


_WORDS = {
    Unit.COUNT: lambda value, reading: formats.number(value),
    Unit.RATIO: _ratio,
    Unit.DAYS: _days,
    Unit.HOURS: _hours,
    Unit.MINUTES: lambda value, reading: formats.span(value, business=True),
    Unit.YEN: lambda value, reading: formats.yen(value, short=True),
    Unit.PER_HUNDRED: lambda value, reading: _("%(n)s per 100") % {"n": _short(value)},
    Unit.TIMES: lambda value, reading: _("%(n)s×") % {"n": f"{value:,.1f}"},
}


@register.simple_tag
def figure_link(shown, cls="numlink") -> SafeString:
    """The number as a door to its list; what it is called is said to screen readers."""
    if shown is None:
        return mark_safe(formats.NOTHING)  # noqa: S308 - a dash
    extra = "" if shown.reading.value else " is-zero"
    return format_html(
        '<a class="{}{}" href="{}">{}</a>', cls, extra, shown.url, words_of(shown.reading)
    )


@register.simple_tag
def means(name: str, view: str = "", key: str = "") -> SafeString:
    """A small question mark that opens what the figure `name` is and how it is counted.

    `view` adds which rows the period chooses; `key` keeps the ids apart where a page explains
    one figure twice.
    """
    figure = FIGURES[name]
    ident = escape(f"means-{name}-{key}" if key else f"means-{name}")
    title, words = escape(figure.title), escape(figure.means)
    label = escape(_("What is “%(figure)s”?") % {"figure": figure.title})
    note = figure.counted(view) if view else ""
    extra = f'<span class="muted">{escape(note)}</span>' if note else ""
    return mark_safe(  # noqa: S308 - every part is escaped
        f'<button class="means" type="button" popovertarget="{ident}" aria-label="{label}">'
        f"{icon_html('question', 'icon--sm')}</button>"
        f'<span class="means__body" id="{ident}" popover role="note"><b>{title}</b>'
        f"<span>{words}</span>{extra}</span>"
    )
