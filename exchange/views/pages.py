"""What Today shows to each role: a template and what stands in it."""

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from accounts.models import Notice, Organisation, User
from accounts.notices import tell_all
from accounts.states import TeamKind
from common import formats
from common.refusals import Refusal
from exchange.measures import managing, marketing, promises, setup, signing, work
from exchange.measures.now import now_page
from handoff.actions.clocks import agreement_in_force
from handoff.measures import deals_by_month
from handoff.models import Deal, Terms
from handoff.states import ClockKind
from leads.scoring import definition_in_force

# What a marketer hears of the leads they gave away; returns have a section of their own.
_NEWS = (
    "handoff.accepted",
    "deal.opened",
    "deal.won",
    "deal.lost",
    "question.answered",
)


def page_of(user: User, *, at) -> tuple[str, dict]:
    """(template, context) of Today for this person."""
    if user.is_administrator:
        return "exchange/today_admin.html", _administrator()
    if user.is_manager:
        return "exchange/today_manager.html", _manager(user, at)
    if user.team_kind == TeamKind.MARKETING:
        return "exchange/today_marketing.html", _marketer(user, at)
    return "exchange/today_sales.html", _seller(user, at)


def _seller(user, at):
    desk = work.desk(user, {ClockKind.ACCEPT: 6})
    terms = terms_in_force()
    return {
        "offers": desk[ClockKind.ACCEPT],
        # Offers lie above it as sheets; everything else stands in one order.
        "now": now_page(user, at=at, size=12, without=(ClockKind.ACCEPT,)),
        "done": work.done_today(user, at=at),
        "promises": promises.promises_of(user, at=at, terms=terms),
        "returned": work.became_of_returns(user),
        "terms": terms,
        "hours": hours(user, at),
    }


def _marketer(user, at):
    desk = work.desk(user, {ClockKind.ACKNOWLEDGE: 6, ClockKind.ANSWER: 6})
    ready = marketing.ready_section(user)
    terms = terms_in_force()
    return {
        "returns": work.with_conditions(desk[ClockKind.ACKNOWLEDGE]),
        "questions": desk[ClockKind.ANSWER],
        "ready": ready,
        "ready_rows": marketing.with_briefs(ready.rows, at=at),
        "definition": _definition(),
        "follow_ups": work.follow_ups(user, at=at),
        "steps": marketing.became_of_handed_over(user, at=at),
        "news": _news(user),
        "promises": promises.promises_of(user, at=at, terms=terms),
        "terms": terms,
        "hours": hours(user, at),
    }


def _news(user):
    rows = Notice.objects.filter(to=user, kind__in=_NEWS).select_related("by__team")
    return tell_all(rows.order_by("-pk")[:5], user)


def _manager(user, at):
    overview = managing.overview(user, at=at)
    return {
        "to_sign": signing.to_sign(user),
        "late": overview.late,
        "own": overview.own,
        "pool": overview.pool,
        "queue": managing.queue_section(),
        "follow_ups": work.follow_ups(user, at=at),
        "week": managing.week(at=at),
        "today": at.astimezone(Organisation.current().zone).date(),
        "load": managing.load_of(user.team, at=at),
        "months": [month for month in deals_by_month(Deal.objects.open()) if month.month][:4],
        "hours": hours(user, at),
    }


def _administrator():
    steps = setup.steps()
    return {
        "steps": steps,
        "ready": all(step.done for step in steps),
        "next_step": next((step for step in steps if not step.done), None),
        "mails_stuck": setup.mails_stuck(),
    }


def terms_in_force() -> Terms:
    """The clauses in force; before `setup` was run, the usual ones: a page need not fail for that."""
    try:
        return agreement_in_force().terms
    except Refusal:
        return Terms()


def _definition():
    try:
        return definition_in_force()
    except ObjectDoesNotExist:
        return None


def hours(user, at) -> str:
    """Until when promises count today, and when they go on: the clocks of the page in one sentence."""
    calendar = user.business_calendar
    closes = calendar.closes_after(at)
    if closes is None:
        opens = formats.moment(calendar.add_minutes(at, 0))
        return _("Outside business hours. The clocks go on: %(moment)s.") % {"moment": opens}
    return _("Business hours end at %(closes)s. The clocks go on: %(moment)s.") % {
        "closes": formats.clock_time(closes),
        "moment": formats.moment(calendar.add_minutes(closes, 0)),
    }
