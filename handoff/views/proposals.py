"""A proposal for the agreement: written, compared, talked about, signed, taken back."""

from dataclasses import replace

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import can as allowed
from accounts.permissions import demand
from common.refusals import Malformed, NotAllowed, Refusal
from common.web import go
from handoff.actions.agreement import (
    comment_on_proposal,
    edit_proposal,
    propose_agreement,
    sign_proposal,
    unsign_proposal,
    withdraw_proposal,
)
from handoff.actions.clocks import agreement_in_force
from handoff.clauses import CLAUSES, day_minutes
from handoff.forms import ClausesForm, CommentForm
from handoff.models import Proposal
from handoff.permissions import sides_signed_by
from handoff.views.agreement import around
from handoff.views.clauses import pact, signatures
from handoff.views.replies import posted


def _visible(request, pk: int) -> Proposal:
    demand(request.user, "agreement.history")
    return get_object_or_404(Proposal.objects.with_people().select_related("base", "became"), pk=pk)


@require_safe
def proposal(request, pk):
    found = _visible(request, pk)
    return _page(request, found, CommentForm(initial={"clause": request.GET.get("clause", "")}))


def _page(request, found: Proposal, form: CommentForm):
    comments = list(found.comments.select_related("by__team"))
    for one in comments:
        one.about = CLAUSES[one.clause].title if one.clause in CLAUSES else ""
    context = {
        "proposal": found,
        "comments": comments,
        "form": form,
        "signatures": signatures(found, request.user, is_open=found.is_open),
        "may_edit": found.is_open and allowed(request.user, "agreement.propose"),
        "may_discuss": found.is_open and allowed(request.user, "agreement.discuss"),
        "may_withdraw": found.is_open and _may_withdraw(request.user, found),
        **around(request),
        **pact(found.terms, user=request.user, base=found.base.terms, comments=comments),
    }
    status = 422 if form.errors else 200
    return render(request, "handoff/agreement/proposal.html", context, status=status)


def _may_withdraw(user, found: Proposal) -> bool:
    mine = found.by_id == user.pk or bool(sides_signed_by(user))
    return allowed(user, "agreement.withdraw", own=mine)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request):
    demand(request.user, "agreement.propose")
    if request.method != "POST" and (other := Proposal.objects.open().first()):
        return redirect("handoff:proposal", pk=other.pk)
    base = agreement_in_force()
    terms = replace(base.terms, day_minutes=day_minutes())
    form = ClausesForm(posted(request), terms=terms)
    made = _attempt(
        form,
        lambda terms, why: propose_agreement(by=request.user, clauses=terms, why=why),
    )
    if made:
        return go(request, "handoff:proposal", _("Proposed. The managers were told."), pk=made.pk)
    return _editor(request, form, base=base)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_edit(request, pk):
    demand(request.user, "agreement.propose")
    found = _visible(request, pk)
    if request.method != "POST" and not found.is_open:
        return redirect("handoff:proposal", pk=found.pk)
    form = ClausesForm(posted(request), terms=found.terms, why=found.why)
    seen = _revision(request) if request.method == "POST" else found.revision
    made = _attempt(
        form,
        lambda terms, why: edit_proposal(
            found, by=request.user, seen_revision=seen, clauses=terms, why=why
        ),
    )
    if made:
        words = _("Saved. The managers were told.")
        if made.revision == seen:
            words = _("Nothing was changed.")
        return go(request, "handoff:proposal", words, pk=made.pk)
    return _editor(request, form, base=found.base, proposal=found, revision=seen)


def _attempt(form: ClausesForm, act):
    """What `act` made of the typed clauses; None where the form is not sent, or says what is wrong."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        return act(form.clauses(), form.cleaned_data["why"])
    except NotAllowed:
        raise
    except Malformed as wrong:
        form.refuse(wrong.field, str(wrong))
    except Refusal as late:
        form.refuse("", str(late))
        form.too_late = True
    return None


def _editor(request, form: ClausesForm, **context):
    wrong = form.is_bound and not form.is_valid()
    status = 409 if getattr(form, "too_late", False) else 422 if wrong or form.errors else 200
    return render(
        request, "handoff/agreement/editor.html", {"form": form, **context}, status=status
    )


@require_POST
def comments(request, pk):
    found = _visible(request, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    comment = comment_on_proposal(found, by=request.user, **form.cleaned_data)
    return redirect(f"{request.path.removesuffix('comments/')}#comment-{comment.pk}")


@require_POST
def proposal_signature(request, pk):
    signed = sign_proposal(_visible(request, pk), by=request.user, revision=_revision(request))
    if signed.became_id:
        words = _("Signed. Both heads have signed: the agreement is in force.")
        return go(request, "handoff:agreement", words)
    return go(request, "handoff:proposal", _("Signed. The other head has been told."), pk=pk)


@require_POST
def signature_removal(request, pk):
    unsign_proposal(_visible(request, pk), by=request.user)
    return go(request, "handoff:proposal", _("Your signature was taken off."), pk=pk)


@require_POST
def proposal_withdrawal(request, pk):
    withdraw_proposal(_visible(request, pk), by=request.user)
    return go(request, "handoff:agreement", _("The proposal was withdrawn."))


def _revision(request) -> int:
    text = request.POST.get("revision", "")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Http404
    return int(text)
