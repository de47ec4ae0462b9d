"""The dry run of a plan: who would have got what of the last thirty days' handoffs."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import demand
from common.clock import page_now
from common.keyset import Page
from handoff.models import RoutingPlan
from handoff.routing import read_plan
from handoff.routing.trial import MOST, TRIAL_DAYS, try_plan
from handoff.routing.words import people_of, queue_words_of

SIZE = 30
POOL, QUEUE = "pool", "queue"


@require_safe
def trial(request, version):
    demand(request.user, "routing.view")
    plan = read_plan(get_object_or_404(RoutingPlan, version=version))
    tried = try_plan(plan, at=page_now())
    narrowed, words = _narrowed(request.GET, plan, tried.rows)
    page = _page(narrowed, request.GET.get("after", ""))
    people = people_of(row.would.trace() for row in page if row.is_queued)
    for row in page:
        row.why = (
            queue_words_of(row.would.reason, row.would.trace(), people) if row.is_queued else ""
        )
    context = {
        "plan": plan.row,
        "tried": tried,
        "rules": _rules(plan, tried),
        "people": _lines(tried.by_person()),
        "teams": _lines(tried.by_team()),
        "page": page,
        "narrowed": words,
        "shown": len(narrowed),
        "days": TRIAL_DAYS,
        "most": MOST,
    }
    return render(request, "handoff/routing/trial.html", context)


def _rules(plan, tried):
    counts = tried.by_rule()
    return [{"rule": rule, "n": counts[rule.number]} for rule in plan.rules]


def _lines(found):
    """[(who, would, had, difference)], most first."""
    rows = [(one, would, had, would - had) for one, (would, had) in found.items()]
    return sorted(rows, key=lambda row: (-row[1], -row[2], str(row[0])))


def _narrowed(wanted, plan, rows):
    """The rows behind a figure of the page, newest first, and what they are called."""
    rows = rows[::-1]
    if wanted.get("only") == "changed":
        return [row for row in rows if row.differs], _("Those that would have gone elsewhere")
    if wanted.get("only") == QUEUE:
        return [row for row in rows if row.is_queued], _("Those that would wait for a manager")
    if (number := wanted.get("rule", "")).isdecimal():
        found = [r for r in rows if not r.is_queued and str(r.would.rule.number) == number]
        return found, _("Those of rule %(n)s") % {"n": number}
    if person := wanted.get("person"):
        return _of(rows, "taker", "" if person == POOL else person)
    if team := wanted.get("team"):
        return _of(rows, "team", team)
    if had := wanted.get("had"):
        return _had(rows, "taker", "" if had == POOL else had)
    if had := wanted.get("team_had"):
        return _had(rows, "taker_team", had)
    return rows, ""


def _of(rows, name, key):
    found = [r for r in rows if not r.is_queued and str(getattr(getattr(r, name), "pk", "")) == key]
    who = getattr(found[0], name) if found else None
    return found, _("Those that would go to %(who)s") % {"who": who or _("a team's pool")}


def _had(rows, name, key):
    found = [r for r in rows if str(getattr(getattr(r.handoff, name), "pk", "")) == key]
    who = getattr(found[0].handoff, name) if found else None
    return found, _("Those that %(who)s had") % {"who": who or _("a team's pool")}


def _page(rows, after) -> Page:
    start = int(after) if after.isdecimal() and len(after) < 6 else 0
    end = start + SIZE
    return Page(rows[start:end], str(end) if len(rows) > end else None)
