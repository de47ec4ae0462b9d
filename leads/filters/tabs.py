"""The tabs of the list of leads: what people look for again and again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.sight import hidden_from
from accounts.states import Maskable
from common.clock import page_now
from leads.models import Lead
from leads.states import CLOSED, Stage

QUIET = timedelta(days=90)
# What the list can be sorted by: each stands first in an index with the id behind it.
ORDERS = {
    "-last_touch_at": _("Latest touch first"),
    "last_touch_at": _("Oldest touch first"),
    "-heat": _("Highest engagement first"),
    "heat": _("Lowest engagement first"),
    "-captured_at": _("Newest first"),
    "captured_at": _("Oldest first"),
}


def orders_for(user) -> dict:
    """What `user` may sort by: an order by a hidden score would tell it."""
    if Maskable.SCORE not in hidden_from(user):
        return ORDERS
    return {code: words for code, words in ORDERS.items() if not code.endswith("heat")}


@dataclass(frozen=True)
class Tab:
    """One tab: which leads of those `user` may see, and the order it opens in."""

    code: str
    label: str
    empty: str
    narrow: Callable[[QuerySet[Lead], object], QuerySet[Lead]]
    order: str = "-last_touch_at"


def _mine(rows, user):
    return rows.filter(Q(marketer=user) | Q(seller=user))


def _quiet(rows, _user):
    return rows.exclude(stage__in=CLOSED).filter(last_touch_at__lt=page_now() - QUIET)


TABS = (
    Tab(
        "all",
        pgettext_lazy("leads", "All"),
        _("Leads come in by import, or you add the first one by hand."),
        lambda rows, user: rows,
    ),
    Tab(
        "ready",
        pgettext_lazy("leads", "Ready to offer"),
        _("Leads come here as soon as they meet the agreed definition."),
        lambda rows, user: rows.ready_to_offer(),
        order="-heat",
    ),
    Tab(
        "mine",
        pgettext_lazy("leads", "Mine"),
        _("Leads you look after stand here. Nobody has given you one yet."),
        _mine,
    ),
    Tab(
        "back",
        _("Returned, nurturing"),
        _("Leads that sales gave back, or that need time, stand here."),
        lambda rows, user: rows.at(Stage.NURTURING),
    ),
    Tab(
        "quiet",
        _("Quiet for 90 days"),
        _("Every open lead had a touch within 90 days."),
        _quiet,
    ),
    Tab(
        "asked",
        _("Unanswered questions"),
        _("Every question has its answer."),
        lambda rows, user: rows.filter(question_open=True),
    ),
)
BY_CODE = {tab.code: tab for tab in TABS}
