"""The tabs of the list of handoffs: which rows each shows to whom, and in which order."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.states import TeamKind
from handoff.models import Clock, Handoff
from handoff.states import ClockKind, State

ME, TEAM, ALL = "me", "team", "all"


@dataclass(frozen=True)
class Tab:
    """One tab. With a `clock` its rows come in the order in which that promise falls due."""

    code: str
    label: str
    empty: str
    clock: ClockKind | None
    whose: Callable
    extra: Q | None = None

    def clocks(self, user, scope: str) -> QuerySet[Clock]:
        rows = Clock.objects.running().filter(self.whose(user, scope), kind=self.clock)
        return rows.filter(self.extra) if self.extra else rows


def _owed(user, scope):
    """Clocks that this person, or their team, has to stop."""
    if scope == ME:
        return Q(owner=user) | Q(owner=None, team=user.team_id)
    return Q(team=user.team_id) if scope == TEAM else Q()


def _given(user, scope):
    if scope == ME:
        return Q(handoff__giver=user)
    return Q(handoff__giver_team=user.team_id) if scope == TEAM else Q()


def _taken_or_given(user, scope):
    if scope == ME:
        return Q(giver=user) | Q(taker=user)
    if scope == TEAM:
        return Q(giver_team=user.team_id) | Q(taker_team=user.team_id)
    return Q()


TABS = (
    Tab(
        "claim",
        _("Waiting for us"),
        _("Nothing waits for your answer. A new offer shows here with its clock."),
        ClockKind.ACCEPT,
        _owed,
    ),
    Tab(
        "given",
        _("Waiting for their answer"),
        _("Everything you offered has been answered."),
        ClockKind.ACCEPT,
        _given,
    ),
    Tab(
        "contact",
        _("First contact due"),
        _("Everybody who was accepted has been contacted."),
        ClockKind.CONTACT,
        _owed,
    ),
    Tab(
        "work",
        pgettext_lazy("tab", "In work"),
        _("No lead is being worked on. It comes here after the first contact."),
        ClockKind.DECIDE,
        _owed,
        Q(handoff__state=State.ACCEPTED, handoff__first_attempt_at__isnull=False),
    ),
    Tab(
        "returned",
        _("Returned, to acknowledge"),
        _("No return waits for your word."),
        ClockKind.ACKNOWLEDGE,
        _owed,
    ),
    Tab(
        "all", pgettext_lazy("tab", "All"), _("There are no such handoffs."), None, _taken_or_given
    ),
)
BY_CODE = {tab.code: tab for tab in TABS}


def default_tab(user) -> str:
    """What is most likely wanted: what waits for one's own team."""
    kind = user.team_kind
    if not kind:
        return "all"
    return "given" if kind == TeamKind.MARKETING else "claim"


def scopes(user) -> list[tuple[str, str]]:
    """Whose handoffs one can look at: those of a team only who is in one."""
    if user.team_id is None:
        return [(ALL, _("Everyone"))]
    return [
        (ME, pgettext_lazy("scope", "Mine")),
        (TEAM, user.team.name),
        (ALL, pgettext_lazy("scope", "Everyone")),
    ]


def visible_clocks(tab: Tab, user, scope: str, wanted: QuerySet[Handoff] | None) -> QuerySet[Clock]:
    """The clocks behind a tab; `wanted` narrows them to some handoffs."""
    rows = tab.clocks(user, scope).visible_to(user)
    return rows if wanted is None else rows.filter(handoff__in=wanted.order_by().values("pk"))


def visible_rows(user, scope: str, wanted: QuerySet[Handoff]) -> QuerySet[Handoff]:
    """The rows of the tab "all"."""
    return wanted.filter(_taken_or_given(user, scope))
