"""Logging what happened with a lead, and what it asked."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.refusals import Malformed
from handoff import actions
from handoff.actions.clocks import agreement_in_force
from handoff.actions.contacts import NextStep, attempts_of
from handoff.forms import AnswerForm, QuestionForm, TouchForm
from handoff.models import Clock, Handoff
from handoff.states import ClockKind
from handoff.views.days import due_days
from handoff.views.logged import logged
from handoff.views.replies import attempt, dialog, finished, posted, visible_lead
from leads.actions.sheets import may_edit_sheet
from leads.measures import with_confirmations
from leads.models import Fact, HearingSheet, Lead, Question
from leads.permissions import demand
from leads.states import CONTACT_KINDS, TouchKind
from leads.timeline import People


@require_http_methods(["GET", "HEAD", "POST"])
def touch_new(request, lead_pk):
    """What happened with a lead. With `quick` the outcome of a call, logged by one tap."""
    lead = visible_lead(request, lead_pk)
    demand(request.user, "touch", lead)
    kind = request.GET.get("kind", "")
    kind = kind if kind in TouchKind.values else TouchKind.CALL
    known = _known(lead)
    form = TouchForm(
        posted(request),
        initial={"kind": kind},
        known=known,
        sheet=HearingSheet.objects.for_team(request.user.team_id),
    )
    if form.is_bound and (touch := attempt(form, lambda **data: _kept(request.user, lead, form))):
        return logged(request, lead, touch, quick=bool(form.cleaned_data["quick"]))
    handoff, clock = _promise(request.user, lead)
    return dialog(
        request,
        "handoff/touch_form.html",
        form,
        title=_title(kind),
        lead=lead,
        handoff=handoff,
        clock=clock,
        attempts=handoff and attempts_of(handoff),
        enough=agreement_in_force().terms.attempts_before_unreachable,
        days=due_days(),
        may_edit_sheet=may_edit_sheet(request.user, request.user.team),
    )


def _title(kind) -> str:
    if kind == TouchKind.CALL:
        return _("Log a call")
    if kind == TouchKind.NOTE:
        return _("Leave a note")
    return _("Log what happened") if kind not in CONTACT_KINDS else _("Log a contact")


def _known(lead) -> list[Fact]:
    """The current facts with who heard them, and how often and by whom last they were confirmed.
    Two queries at most."""
    facts = list(with_confirmations(Fact.objects.current().filter(lead=lead).select_related("by")))
    people = People(fact.confirmed_by for fact in facts)
    for fact in facts:
        fact.confirmer = people.get(fact.confirmed_by)
    return facts


def _kept(user, lead, form):
    """What is wrong with the day of the next step stands at its own field: here it has another name."""
    try:
        return _log(user, lead, form)
    except Malformed as wrong:
        if wrong.field == "due_at":
            wrong.field = "next_on"
        raise


def _log(user, lead, form):
    data = form.cleaned_data
    due = form.next_due
    next_step = due and NextStep(
        what=form.next_words,
        due_at=due,
        kind=data["next_kind"] or TouchKind.CALL,
        promised=data["promised"],
    )
    return actions.log_contact(
        lead,
        by=user,
        kind=data["kind"],
        direction=form.direction,
        at=data["at"],
        words=data["words"],
        result=data["result"],
        minutes=data["minutes"],
        heard=form.heard,
        question=data["question"],
        next_step=next_step,
        external_id=f"page:{user.pk}:{data['once']}" if data["once"] else "",
    )


def _promise(user, lead):
    """The accepted handoff of one's team that a contact would serve, and its clock for the first one."""
    handoff = (
        Handoff.objects.accepted()
        .filter(lead=lead, taker_team=user.team_id)
        .select_related("lead")
        .order_by("-leg")
        .first()
    )
    clock = (
        handoff.clocks.running().filter(kind=ClockKind.CONTACT).first()
        if handoff and handoff.first_attempt_at is None
        else None
    )
    return handoff, clock


@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request, lead_pk):
    lead = visible_lead(request, lead_pk)
    demand(request.user, "question", lead)
    form = QuestionForm(posted(request))
    act = lambda **data: actions.ask_question(lead, by=request.user, **data)  # noqa: E731
    if form.is_bound and attempt(form, act):
        words = _("The question is kept. Its answer is now owed.")
        return finished(request, "leads:detail", words, pk=lead.pk)
    return dialog(request, "handoff/question_form.html", form, title=_("Log a question"), lead=lead)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, pk):
    leads = Lead.objects.visible_to(request.user)
    found = Question.objects.filter(lead__in=leads).select_related("lead__company", "answered_by")
    question = get_object_or_404(found, pk=pk)
    demand(request.user, "answer", question.lead)
    form = AnswerForm(posted(request), initial={"answer": question.answer})
    act = lambda **data: actions.answer_question(question, by=request.user, **data)  # noqa: E731
    if form.is_bound and attempt(form, act):
        return finished(request, "leads:detail", _("The answer is kept."), pk=question.lead_id)
    return dialog(
        request,
        "handoff/answer_form.html",
        form,
        title=_("Answer a question"),
        question=question,
        lead=question.lead,
        clock=Clock.objects.running().filter(question=question).first(),
    )
