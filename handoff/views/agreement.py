"""The agreement in force, its versions, and what differs between two of them: to be read."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import WorkingCalendar
from accounts.permissions import can as allowed
from accounts.permissions import demand
from common.formats import joined
from common.web import go
from handoff.actions.agreement import sign_version
from handoff.actions.clocks import agreement_in_force
from handoff.clauses import changed_clauses
from handoff.models import Agreement, Lane, Proposal
from handoff.views.clauses import pact, signatures

RECENT = 3


def _versions():
    return Agreement.objects.select_related("marketing_head__team", "sales_head__team")


@require_safe
def agreement(request):
    """The version in force, with how each clause was kept."""
    if not allowed(request.user, "agreement.view"):
        raise PermissionDenied
    version = _versions().get(version=agreement_in_force().version)
    context = {
        "agreement": version,
        "signatures": signatures(version, request.user, is_open=version.is_draft),
        "lanes": Lane.objects.filter(is_active=True).prefetch_related("legs__taker"),
        "calendar": WorkingCalendar.default(),
        **around(request, version.version),
        **pact(version.terms, user=request.user, figures=True),
    }
    return render(request, "handoff/agreement.html", context)


@require_POST
def signature(request):
    """A head signs the version that is used in draft mode."""
    signed = sign_version(agreement_in_force(), by=request.user)
    return go(request, "handoff:agreement", _signed_words(not signed.is_draft))


def _signed_words(both: bool) -> str:
    if both:
        return _("Signed. Both heads have signed: the agreement is in force.")
    return _("Signed. The other head has been told.")


@require_safe
def versions(request):
    """All versions, newest first, each with what it changed."""
    demand(request.user, "agreement.history")
    found = list(_versions().select_related("proposal__by").order_by("-version"))
    rows = []
    for place, one in enumerate(found):
        before = found[place + 1] if place + 1 < len(found) else None
        changes = changed_clauses(before.terms, one.terms) if before else []
        until = found[place - 1].created_at if place else None
        came_of = getattr(one, "proposal", None)
        rows.append(
            {
                "version": one,
                "before": before,
                "changes": changes,
                "changed": joined(clause.title for clause in changes),
                "until": until,
                "proposal": came_of,
            }
        )
    context = {"rows": rows, **around(request)}
    return render(request, "handoff/agreement/versions.html", context)


@require_safe
def version(request, version):
    """One version as it was agreed."""
    demand(request.user, "agreement.history")
    found = get_object_or_404(_versions(), version=version)
    context = {
        "agreement": found,
        "signatures": signatures(found, request.user, is_open=False),
        **around(request, found.version),
        **pact(found.terms, user=request.user),
    }
    return render(request, "handoff/agreement/version.html", context)


@require_safe
def comparison(request):
    """What differs between any two versions."""
    demand(request.user, "agreement.history")
    numbers = [_number(request.GET.get(name)) for name in ("from", "to")]
    found = {one.version: one for one in _versions().filter(version__in=numbers)}
    if not set(numbers) <= found.keys():
        raise Http404
    old, new = (found[number] for number in numbers)
    context = {
        "old": old,
        "new": new,
        "signatures": signatures(new, request.user, is_open=False),
        **around(request),
        **pact(new.terms, user=request.user, base=old.terms),
    }
    return render(request, "handoff/agreement/comparison.html", context)


def _number(text: str | None) -> int:
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Http404
    return int(text)


def around(request, current: int | None = None) -> dict:
    """What stands around every page of the agreement: the open proposal and the latest versions."""
    if not allowed(request.user, "agreement.history"):
        return {"current": current}
    recent = Agreement.objects.order_by("-version").only("version", "in_force", "created_at")
    return {
        "current": current,
        "open_proposal": Proposal.objects.open().only("pk", "created_at").first(),
        "recent": list(recent[:RECENT]),
        "may_propose": allowed(request.user, "agreement.propose"),
    }
