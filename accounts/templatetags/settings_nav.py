"""The list of settings pages, for `accounts/settings.html` and whatever extends it."""

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import can

register = template.Library()

# URL name, word. Pages of the apps above are named like any other; what is not there is left out.
PLACES = (
    ("accounts:people", _("People")),
    ("accounts:teams", _("Teams")),
    ("accounts:calendars", _("Hours and holidays")),
    ("accounts:organisation", _("Organisation")),
    ("leads:attributes", _("Own fields")),
    ("leads:hearing", _("Hearing sheets")),
    ("admin:index", _("Further tables")),
)
# Whoever administers people sees them all; these are open to others too.
ALSO = {"leads:hearing": "hearing.edit"}


@register.inclusion_tag("accounts/_settings_nav.html", takes_context=True)
def settings_nav(context):
    """Links to the settings pages; the one whose address this page's begins with is current."""
    path = context["request"].path
    found = [
        {"url": _address(name), "label": label, "current": False}
        for name, label in PLACES
        if _is_open(context["request"].user, name)
    ]
    found = [place for place in found if place["url"]]
    here = [place for place in found if path.startswith(place["url"])]
    if here:
        max(here, key=lambda place: len(place["url"]))["current"] = True
    return {"places": found}


def _is_open(user, name: str) -> bool:
    return can(user, "people.manage") or (name in ALSO and can(user, ALSO[name], own=True))


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
