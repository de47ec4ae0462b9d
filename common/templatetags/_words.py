"""Filters of `ui`: numbers, money and time in words; the words are those of `common.formats`."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from common import formats

register = template.Library()


@register.filter
def num(value):
    return formats.number(value)


@register.filter
def pct(ratio, digits=0):
    """A ratio (0 to 1) as a percentage."""
    return formats.percent(ratio, int(digits))


@register.filter
def yen(amount, style=""):
    """1,280万円 / ¥12,800,000; `yen:"short"` for sums."""
    return formats.yen(amount, short=style == "short")


@register.filter
def span(minutes, style=""):
    """Minutes in words; `span:"business"` never gathers hours into days."""
    return (
        formats.NOTHING if minutes is None else formats.span(minutes, business=style == "business")
    )


def _time(value, words):
    if not value:
        return formats.NOTHING
    exact = value.isoformat(timespec="minutes") if hasattr(value, "hour") else value.isoformat()
    return SafeString(f'<time datetime="{exact}">{escape(words)}</time>')


@register.filter
def when(value):
    """Shortest: 今日 9:05, 昨日 17:22, 11/18(水); as `<time>`."""
    return _time(value, formats.when(value))


@register.filter
def day(value):
    """The day: 11/18(水), Wed Nov 18; as `<time>`."""
    return _time(value, formats.day(value))


@register.filter
def moment(value):
    """Day and time: 11/18(水) 14:20; as `<time>`."""
    return _time(value, formats.moment(value))


@register.filter
def time_of_day(value):
    return _time(value, formats.clock_time(value) if value else "")


# The same words without the element, for attributes and sentences.
register.filter("when_words", formats.when)
register.filter("day_words", formats.day)
register.filter("short_day_words", formats.short_day)
register.filter("moment_words", formats.moment)
# With the year and never "today": what is signed or printed is read on another day.
register.filter("full_day_words", formats.full_day)
register.filter("full_moment_words", formats.full_moment)
register.filter("month_words", formats.month)
