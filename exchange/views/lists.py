"""The lists behind the figures of Today: the same query, row by row."""

from datetime import date, timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import demand
from accounts.states import Side
from common.clock import page_now
from common.keyset import page_by_key
from exchange.measures import managing, marketing, promises
from exchange.views.pages import terms_in_force
from handoff.states import ClockKind

SIZE = 30


@require_safe
def promise(request, kind):
    """This person's promises of one kind that fell due this month: kept and missed."""
    if kind not in promises.ORDER:
        raise Http404
    at = page_now()
    rows = promises.due_this_month(request.user, at=at, kind=kind)
    page = page_by_key(
        managing.with_subjects(rows), order="-due_at", key=request.GET.get("after", ""), size=SIZE
    )
    found = promises.promises_of(request.user, at=at, terms=terms_in_force())
    content = {"page": page, "promise": next((one for one in found if one.kind == kind), None)}
    return render(request, "exchange/promise.html", content | {"kind": kind, "at": at})


@require_safe
def handed(request, step):
    """The leads this person handed over in the last 90 days that have come so far."""
    if step not in marketing.STEPS:
        raise Http404
    at = page_now()
    rows = marketing.handed_over(request.user, at=at, step=step).with_card_facts()
    page = page_by_key(rows, order="-offered_at", key=request.GET.get("after", ""), size=SIZE)
    steps = marketing.became_of_handed_over(request.user, at=at)
    return render(request, "exchange/handed.html", {"page": page, "steps": steps, "step": step})


@require_safe
def late(request, side):
    """Every promise of one side that is past its time."""
    demand(request.user, "kpi.people")
    if side not in Side.values:
        raise Http404
    at = page_now()
    rows = managing.with_subjects(managing.overdue(at=at, side=side))
    page = page_by_key(rows, order="due_at", key=request.GET.get("after", ""), size=SIZE)
    return render(request, "exchange/late.html", {"page": page, "side": side, "at": at})


@require_safe
def load(request, owner, what):
    """What one person of the manager's team, or its pool, has in hand: of one kind, or late."""
    demand(request.user, "kpi.people")
    if what not in (*ClockKind.values, "late") or request.user.team is None:
        raise Http404
    person = None
    if owner != "pool":
        person = get_object_or_404(User, pk=owner) if owner.isdecimal() else None
        if person is None:
            raise Http404
    at = page_now()
    rows = managing.load_rows(
        request.user.team, at=at, owner=person.pk if person else None, what=what
    )
    page = page_by_key(rows, order="due_at", key=request.GET.get("after", ""), size=SIZE)
    words = ClockKind(what).label if what != "late" else _("Promises past their time")
    content = {"page": page, "person": person, "words": words, "at": at}
    return render(request, "exchange/load.html", content)


@require_safe
def unclaimed(request):
    """Offers to a whole team that nobody has claimed."""
    demand(request.user, "kpi.people")
    page = page_by_key(
        managing.with_subjects(managing.pool()),
        order="due_at",
        key=request.GET.get("after", ""),
        size=SIZE,
    )
    return render(request, "exchange/unclaimed.html", {"page": page})


@require_safe
def week(request, code, day):
    """The moves of one kind on one day."""
    demand(request.user, "kpi.people")
    if code not in managing.MOVES:
        raise Http404
    try:
        begin = managing.midnight(date.fromisoformat(day))
        end = managing.midnight(date.fromisoformat(day) + timedelta(days=1))
    except (ValueError, OverflowError) as wrong:
        raise Http404 from wrong
    rows = managing.moves(begin, end, code).select_related("lead__company", "by__team")
    page = page_by_key(rows, order="-at", key=request.GET.get("after", ""), size=SIZE)
    content = {"page": page, "code": code, "side": managing.MOVES[code].side, "day": begin.date()}
    return render(request, "exchange/week.html", content)
