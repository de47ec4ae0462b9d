"""The agreement in force, to be read: what each side promises, and how well it was kept."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from accounts.permissions import can as allowed
from accounts.states import Side
from common.clock import page_now
from common.formats import span
from handoff.actions.clocks import agreement_in_force
from handoff.measures import KEPT_DAYS, Kept, kept_from, promises_kept
from handoff.models import Agreement, Lane, ReturnReason, Terms
from handoff.states import ClockKind, ReturnKind
from leads.states import Grade, TouchKind, TouchResult


@dataclass(frozen=True)
class Clause:
    """One promise: its words, its value, and how often it was kept lately (clocks only)."""

    title: str
    value: str
    kind: str = ""
    kept: Kept | None = None
    target: int = 0

    @property
    def is_missed(self) -> bool:
        return bool(self.kept and self.kept.due and self.kept.percent < self.target)


@require_safe
def agreement(request):
    if not allowed(request.user, "agreement.view"):
        raise PermissionDenied
    version = agreement_in_force()
    signed = Agreement.objects.select_related("marketing_head__team", "sales_head__team")
    version = signed.get(pk=version.pk)
    terms = version.terms
    moment = page_now()
    kept = promises_kept(at=moment)
    reasons = list(ReturnReason.objects.filter(retired_at=None))
    context = {
        "agreement": version,
        "terms": terms,
        "grades": _grades(terms),
        "triggers": _triggers(terms),
        "sides": {side.value: _clauses(side, terms, kept) for side in Side},
        "reasons": [
            (kind, [one for one in reasons if one.kind == kind])
            for kind in (ReturnKind.REJECTED, ReturnKind.RECYCLED)
        ],
        "lanes": Lane.objects.filter(is_active=True).prefetch_related("legs__taker"),
        "organisation": Organisation.current(),
        "days": KEPT_DAYS,
        "since": kept_from(moment).date(),
        "may_see_kpi": allowed(request.user, "kpi.view"),
    }
    return render(request, "handoff/agreement.html", context)


def _grades(terms: Terms) -> str:
    letters = [grade.value for grade in Grade]
    return " · ".join(letters[: letters.index(terms.min_fit) + 1])


def _triggers(terms: Terms) -> list[str]:
    """“Asked for a demo (form, call)”: the touches that qualify by themselves, by what came of them."""
    by_result: dict[str, list[str]] = {}
    for kind, result in terms.triggers:
        by_result.setdefault(str(TouchResult(result).label), []).append(str(TouchKind(kind).label))
    return [f"{result} ({' · '.join(kinds)})" for result, kinds in by_result.items()]


def _clauses(side: Side, terms: Terms, kept) -> list[Clause]:
    def clock(kind, title):
        words = _("within %(span)s of business time")
        value = words % {"span": span(terms.within(kind), business=True)}
        return Clause(title, value, kind, kept.get((kind, side), Kept()), terms.target_kept)

    answer = clock(ClockKind.ANSWER, _("Answer a customer's question while we hold the lead"))
    acknowledge = clock(ClockKind.ACKNOWLEDGE, _("Acknowledge a return and say what will be done"))
    if side == Side.MARKETING:
        return [acknowledge, answer]
    attempts = terms.attempts_before_unreachable
    return [
        clock(ClockKind.ACCEPT, _("Accept the lead or return it")),
        clock(ClockKind.CONTACT, _("Make the first contact after accepting")),
        clock(ClockKind.DECIDE, _("Decide: open a deal, pass it on, or return it")),
        acknowledge,
        answer,
        Clause(
            _("Before a lead counts as unreachable"),
            _("%(n)s attempts") % {"n": attempts},
        ),
    ]
