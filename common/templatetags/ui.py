"""The design system as template tags: primitive arguments in, small safe HTML out.

Written in Python rather than as included templates, since a list page calls them hundreds of
times. Every part that varies goes through `escape`. Words and dates come from `common.formats`;
docs/ui.md shows each tag once.
"""

from functools import lru_cache

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common import formats
from common.templatetags import _clock, _words
from common.templatetags._icons import icon_html, sprite

register = template.Library()
register.filters.update(_words.register.filters)

# Where a stage stands on the seam of eight ticks, and which side it belongs to.
STEPS = {
    "new": (1, "mk"),
    "nurturing": (2, "mk"),
    "mql": (3, "mk"),
    "waiting": (4, "hd"),
    "sal": (5, "hd"),
    "accepted": (5, "hd"),
    "contacted": (6, "sl"),
    "sql": (7, "sl"),
    "won": (8, "sl"),
    "lost": (7, "sl"),
    "returned": (2, "mk"),
    "disqualified": (0, "off"),
}
TEAM_KINDS = {"marketing": "mk", "inside_sales": "is", "sales": "sl"}
SIDES = {"marketing": "mk", "overlap": "hd", "sales": "sl", "inside_sales": "sl"}


@register.simple_tag
def icon(name, cls=""):
    """An icon of the sprite. `cls`: icon--sm, icon--lg or any class."""
    return icon_html(name, cls)


@register.simple_tag
def sprite_url():
    return SafeString(sprite())


# --- the two sides ---------------------------------------------------------------------------


@register.simple_tag
def side(code, word="", plain=False):
    """Glyph and word of a side: mk, sl, hd (or marketing, sales, overlap)."""
    code = SIDES.get(code, code)
    words = {"mk": _("Marketing"), "sl": _("Sales"), "hd": _("Overlap")}
    label = escape(word or words.get(code, ""))
    extra = " side--plain" if plain else ""
    return SafeString(
        f'<span class="side side--{escape(code)}{extra}">{icon_html(f"side-{code}")}{label}</span>'
    )


@register.filter
def team_side(kind):
    """marketing → mk, inside_sales → is, sales → sl: the suffix of avatar, tag and sheet classes."""
    return TEAM_KINDS.get(str(kind or ""), "off")


@register.simple_tag
def avatar(user, cls=""):
    """The initial of a person, edged by the side they work on; a dashed box for nobody."""
    return _avatar(user, cls)


def _avatar(user, cls=""):
    if not user:
        return SafeString('<span class="avatar avatar--none" aria-hidden="true">-</span>')
    kind = TEAM_KINDS.get(str(getattr(user, "team_kind", "") or ""), "off")
    extra = f" {escape(cls)}" if cls else ""
    return SafeString(
        f'<span class="avatar avatar--{kind}{extra}" aria-hidden="true">{escape(user.initial)}</span>'
    )


@register.simple_tag
def person(user, nobody=""):
    """Avatar and name; `nobody` is said where there is no person."""
    name = user.name if user else (nobody or _("Nobody yet"))
    return SafeString(f'<span class="person">{_avatar(user)}{escape(name)}</span>')


@register.simple_tag
def owners(*people):
    """Avatars side by side, with the names for screen readers (the owners column of a list)."""
    marks = "".join(_avatar(user) for user in people)
    names = ", ".join(user.name for user in people if user)
    return SafeString(f'<span class="owners">{marks}<span class="vh">{escape(names)}</span></span>')


# --- where a lead stands ---------------------------------------------------------------------


def _step(code) -> int:
    return int(code) if str(code).isdigit() else STEPS.get(str(code), (0, ""))[0]


@register.simple_tag
def minseam(code):
    """Eight ticks, filled up to the stage (a code or a number of ticks): decoration, no words."""
    return SafeString(
        f'<svg class="minseam" aria-hidden="true"><use href="{sprite()}#s-{_step(code)}"/></svg>'
    )


@register.simple_tag
def stage(code, label):
    """The stage in words with its side's glyph; `returned` gets the return arrow."""
    return _stage(str(code), str(label))


@lru_cache(maxsize=256)
def _stage(code, label):
    where = STEPS.get(code, (0, "off"))[1]
    glyph = {"returned": "return", "disqualified": "x"}.get(code, f"side-{where}")
    back = " stage--back" if code == "returned" else ""
    return SafeString(
        f'<span class="stage{back}" data-side="{where}">{icon_html(glyph) if where else ""}{escape(label)}</span>'
    )


@register.simple_tag
def stagecell(code, label):
    """Mini seam and stage word together, as in the rows of a list."""
    return SafeString(
        f'<span class="stagecell">{minseam(code)}{_stage(str(code), str(label))}</span>'
    )


@register.simple_tag
def seam(steps, now):
    """The seam of a lead: `steps` are dicts of label, side (mk, hd, sl) and, if any, sub; `now` counts from 0."""
    pins = {"mk": "flag", "hd": "offer", "sl": "phone"}
    items = []
    for n, step in enumerate(steps):
        state = " is-done" if n < now else " is-now" if n == now else ""
        mark = ' aria-current="step"' if n == now else ""
        pin = (
            f'<span class="seam__pin">{icon_html(pins.get(step["side"], "flag"))}</span>'
            if n == now
            else ""
        )
        sub = (
            f'<span class="seam__sub">{conditional_escape(step["sub"])}</span>'
            if step.get("sub")
            else ""
        )
        items.append(
            f'<li class="seam__step{state}" data-side="{escape(step["side"])}"{mark}>{pin}{escape(step["label"])}{sub}</li>'
        )
    title = escape(_("Where it stands"))
    return SafeString(f'<ol class="seam" aria-label="{title}">{"".join(items)}</ol>')


# --- figures ---------------------------------------------------------------------------------


@register.simple_tag
def score(fit, engagement, cls=""):
    """Fit and engagement, "A · 82". `cls`: score--lg. Nothing where no grade is to be seen ("")."""
    if fit == "":
        return ""
    return _score(
        str(fit or ""), "" if engagement is None else str(engagement), cls, get_language()
    )


@lru_cache(maxsize=1024)
def _score(fit, engagement, cls, _language):
    extra = f" {escape(cls)}" if cls else ""
    fit, engagement = escape(fit or "?"), escape(engagement or formats.NOTHING)
    return SafeString(
        f'<span class="score{extra}"><span class="score__fit" data-fit="{fit}"><span class="vh">{escape(_("Fit"))} </span>'
        f'{fit}</span><span class="score__dot" aria-hidden="true">·</span><span class="score__num">'
        f'<span class="vh">{escape(_("Engagement"))} </span>{engagement}</span></span>'
    )


@register.simple_tag
def ring(percent):
    """How much of a clock is left, as a ring (0 to 100)."""
    return _clock.ring(percent)


@register.simple_tag
def clock(due_at, started_at=None, warn_at=None, stopped_at=None, **options):
    """A promise's clock. See `common.templatetags._clock.clock_html` for the options."""
    return _clock.clock_html(due_at, started_at, warn_at, stopped_at, **options)


@register.simple_tag
def bar(percent, kind="", mark=None, cls=""):
    """A thin bar, 0 to 100; kind mk, sl, hd or late; `mark` draws the target."""
    classes = " ".join(filter(None, ("bar", kind and f"bar--{escape(kind)}", escape(cls))))
    width = _percent_attribute(percent)
    at = _percent_attribute(mark) if mark is not None else ""
    target = f'<line class="bar__mark" x1="{at}" x2="{at}" y1="-3" y2="100%"/>' if at else ""
    return SafeString(
        f'<svg class="{classes}" aria-hidden="true"><rect class="bar__track" width="100%" height="100%"/>'
        f'<rect class="bar__fill" width="{width}" height="100%"/>{target}</svg>'
    )


def _percent_attribute(value) -> str:
    return f"{max(0, min(100, float(value or 0))):.4g}%"


@register.simple_tag
def spark(values):
    """Weeks as small bars, the last one marked; heights are scaled to the highest."""
    values = [max(0, float(value or 0)) for value in values]
    top = max([*values, 1])
    drawn = "".join(
        f"M{n * 6} 16v-{1 + value / top * 15:.3g}h4V16z" for n, value in enumerate(values[:-1])
    )
    last = (
        f'<path class="on" d="M{(len(values) - 1) * 6} 16v-{1 + values[-1] / top * 15:.3g}h4V16z"/>'
        if values
        else ""
    )
    return SafeString(
        f'<svg class="spark" viewBox="0 0 46 16" aria-hidden="true"><path d="{drawn}"/>{last}</svg>'
    )


@register.simple_tag(takes_context=True)
def sort_head(context, column, label, current, cls=""):
    """A column head that sorts by `column`; `current` is the order in force ("-heat").

    The first press of a column that is not in force sorts downwards, since lists here show the
    hottest and the latest first.
    """
    sorted_by = str(current).lstrip("-") == column
    down = str(current).startswith("-")
    order = column if sorted_by and down else f"-{column}"
    query = context["request"].GET.copy()
    query.pop("after", None)
    query["order"] = order
    sort = f' aria-sort="{"descending" if down else "ascending"}"' if sorted_by else ""
    arrow = icon_html("down" if down else "up") if sorted_by else ""
    classes = f' class="{escape(cls)}"' if cls else ""
    return SafeString(
        f'<th scope="col"{classes}{sort}><a class="sort" href="?{escape(query.urlencode())}">{escape(label)}{arrow}</a></th>'
    )
