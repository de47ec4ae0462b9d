"""What every page shows around itself: where one can go, and what waits there. One query at most."""

from dataclasses import dataclass
from functools import cache, cached_property

from django.conf import settings
from django.core.cache import caches
from django.db.models import Count, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Notice, Organisation, Team, User
from accounts.permissions import can
from accounts.states import Theme
from handoff.models import Handoff


@dataclass(frozen=True)
class Place:
    """One entry of the navigation: `key` after G on the keyboard, `verb` of the permission table."""

    name: str
    icon: str
    label: str
    key: str = ""
    verb: str = ""
    group: str = "work"


PLACES = (
    Place("exchange:today", "today", _("Today"), key="t"),
    Place("handoff:list", "board", _("Handoffs"), key="h", verb="handoff.view"),
    Place("leads:list", "leads", _("Leads"), key="l", verb="lead.view"),
    Place("handoff:deals", "deal", _("Deals"), key="d", verb="deal.view"),
    Place("kpi:page", "kpi", _("Shared KPI"), key="k", verb="kpi.view"),
    Place("handoff:agreement", "agreement", _("Agreement"), key="a", verb="agreement.view"),
    Place("leads:campaigns", "flag", _("Campaigns"), key="c", verb="campaign.view", group="tools"),
    Place("handoff:seats", "key", _("Partner seats"), verb="seat.view", group="tools"),
    Place("leads:import", "import", _("Import"), key="i", verb="lead.import", group="tools"),
    Place(
        "accounts:people", "settings", _("Settings"), key="s", verb="people.manage", group="tools"
    ),
)
# What fits into the bar at the bottom of a phone; the rest is under "More".
TABS = ("exchange:today", "handoff:list", "leads:list", "kpi:page")


@cache
def _address(name: str) -> str:
    return reverse(name)


def _has_partners() -> bool:
    """Whether anybody works here from outside: without, nothing is said of partners."""
    kept = caches["local"]
    found = kept.get("partners")
    if found is None:
        found = Team.objects.filter(is_partner=True).exists()
        kept.set("partners", found, 30)
    return found


class Shell:
    """`shell` in templates: lazy, so that fragments of pages pay nothing for it."""

    def __init__(self, request):
        self.request = request
        self.user = getattr(request, "user", None)

    @cached_property
    def signed_in(self) -> bool:
        return bool(self.user and self.user.is_authenticated)

    @cached_property
    def organisation(self) -> str:
        return Organisation.current().name

    @cached_property
    def theme(self) -> str:
        """Of the person, before sign-in of the browser: known before the page is drawn."""
        wanted = self.user.theme if self.signed_in else self.request.COOKIES.get("theme", "")
        return wanted if wanted in Theme.values else Theme.AUTO

    @cached_property
    def other_language(self) -> tuple[str, str]:
        return ("ja", "日本語") if (get_language() or "").startswith("en") else ("en", "English")

    @cached_property
    def single_keys(self) -> bool:
        return self.signed_in and self.user.single_keys

    @cached_property
    def places(self) -> list[dict]:
        """The places this person may go to, those of this installation only."""
        found = []
        for place in PLACES if self.signed_in else ():
            if place.verb and not can(self.user, place.verb, own=True):
                continue
            if place.name == "handoff:seats" and not _has_partners():
                continue
            try:
                url = _address(place.name)
            except NoReverseMatch:
                continue
            found.append(self._entry(place, url))
        self._mark_current(found)
        return found

    def _entry(self, place, url):
        counted = place.name == "handoff:list"
        return {
            "name": place.name,
            "url": url,
            "icon": place.icon,
            "label": place.label,
            "key": place.key,
            "group": place.group,
            "counted": counted,
            "count": self.handoff_count if counted else 0,
            "current": False,
        }

    def _mark_current(self, found):
        """The entry with the longest address that this page's address begins with."""
        path = self.request.path
        under = [
            e for e in found if path == e["url"] or (e["url"] != "/" and path.startswith(e["url"]))
        ]
        if under:
            max(under, key=lambda entry: len(entry["url"]))["current"] = True

    @cached_property
    def nav(self) -> list[dict]:
        return [entry for entry in self.places if entry["group"] == "work"]

    @cached_property
    def tools(self) -> list[dict]:
        return [entry for entry in self.places if entry["group"] == "tools"]

    @cached_property
    def tabs(self) -> list[dict]:
        return [entry for entry in self.places if entry["name"] in TABS]

    @cached_property
    def more(self) -> list[dict]:
        return [entry for entry in self.places if entry["name"] not in TABS]

    @cached_property
    def in_more(self) -> bool:
        return any(entry["current"] for entry in self.more)

    @cached_property
    def counts(self) -> tuple[int, int]:
        """(unread notices, handoffs whose next move is this person's), in one query."""
        if not self.signed_in:
            return (0, 0)
        returned = Handoff.objects.to_acknowledge().filter(giver_team=self.user.team_id)
        notices, offered, returned = (
            User.objects.filter(pk=self.user.pk)
            .values_list(
                _number_of(Notice.objects.filter(to=self.user).unread()),
                _number_of(Handoff.objects.waiting().for_taker(self.user)),
                _number_of(returned.filter(Q(giver=self.user) | Q(giver=None))),
            )
            .get()
        )
        return (notices, offered + returned)

    @property
    def notice_count(self) -> int:
        return self.counts[0]

    @property
    def handoff_count(self) -> int:
        return self.counts[1]

    @cached_property
    def words(self) -> dict[str, str]:
        """What the scripts of the page say; `{}` is filled in by them."""
        return {
            "hours": gettext("{} h"),
            "minutes": gettext("{} min"),
            "gap": "" if (get_language() or "").startswith("ja") else " ",
            "left": gettext("{} left"),
            "late": gettext("{} late"),
            "nowLate": gettext("A promise is now late."),
            "copied": gettext("Copied."),
            "unsaved": gettext("What you typed is not saved yet. Leave it?"),
            "leave": pgettext("button", "Leave"),
            "keepTyping": gettext("Keep typing"),
            "show": gettext("Show"),
            "hide": gettext("Hide"),
        }

    @cached_property
    def suggest_url(self) -> str:
        return self._maybe("leads:suggest")

    @cached_property
    def notices_url(self) -> str:
        return self._maybe("accounts:notices")

    @cached_property
    def profile_url(self) -> str:
        return self._maybe("accounts:profile")

    def _maybe(self, name):
        try:
            return _address(name)
        except NoReverseMatch:
            return ""


def _number_of(rows):
    """The count of `rows` as a part of another query."""
    counted = rows.order_by().values(one=Value(1)).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def shell(request):
    return {"shell": Shell(request), "SITE_URL": settings.SITE_URL}
