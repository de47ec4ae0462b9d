"""How leads are shown: names, places on the seam, phone links. Small safe HTML, no queries."""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common import formats
from common.templatetags.ui import stagecell
from leads.identity import phone_address
from leads.states import FactField, Stage

register = template.Library()

_PLACES = {
    "waiting": pgettext_lazy("place", "Offered"),
    "contacted": pgettext_lazy("place", "Contacted"),
    "returned": pgettext_lazy("place", "Returned"),
}


def place_words(place: str) -> str:
    """Where a lead stands, in words: its stage, or where the baton is."""
    return str(_PLACES.get(place) or Stage(place).label)


@register.simple_tag
def place_cell(place):
    """Mini seam and word of a place, for the rows of a list."""
    return _place_cell(str(place), get_language())


@lru_cache(maxsize=64)
def _place_cell(place, _language):
    return stagecell(place, place_words(place))


@register.simple_tag
def who(lead):
    """Company in bold, person and title below; where there is no company, the person in bold."""
    first = lead.company.name if lead.company else lead.name
    second = lead.name if lead.name != first else ""
    role = " ".join(filter(None, (lead.department, lead.title)))
    apart = f'<span class="offer__sep">{escape(role)}</span>' if role and second else escape(role)
    return mark_safe(  # noqa: S308 - every part is escaped
        f'<b>{escape(first)}</b><span class="soft">{escape(second)}{apart}</span>'
    )


@register.simple_tag
def honorific(lead):
    """様 behind a personal name, in Japanese."""
    if not (lead.has_personal_name and formats.in_japanese()):
        return ""
    return mark_safe(f'<span class="honor"> {escape(pgettext("honorific", "Mr/Ms"))}</span>')  # noqa: S308


@register.simple_tag
def fact_name(fact):
    """What a fact is about; of "other" its own label."""
    return (
        fact.label if fact.field == FactField.OTHER and fact.label else FactField(fact.field).label
    )


@register.simple_tag
def asked_for(item):
    """What an item of a hearing sheet asks for."""
    return item["label"] or FactField(item["field"]).label


@register.simple_tag
def own_value(value):
    """The value of an own field in words."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return formats.number(value)
    return value


@register.simple_tag
def signed(points):
    """+24, −20: points with their sign."""
    n = round(points)
    return f"+{n}" if n >= 0 else f"−{-n}"


@register.simple_tag
def count_link(n, name, value, reached=""):
    """A figure that opens its list of leads; 0 opens nothing."""
    if not n:
        return "0"
    query = f"{name}={value}" + (f"&reached={reached}" if reached else "")
    url = f"{reverse('leads:list')}?{query}"
    return mark_safe(f'<a class="numlink" href="{escape(url)}">{formats.number(n)}</a>')  # noqa: S308


@register.filter
def tel(number):
    """What stands behind `tel:` for a phone number, its extension too."""
    return phone_address(str(number))


@register.filter
def paragraphs(text):
    """Words with their line breaks, nothing else."""
    return mark_safe(conditional_escape(text).replace("\n", "<br>"))  # noqa: S308 - escaped
