"""Questions of a lead: asked, and owed an answer by whoever is accountable."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import User
from common import now
from common.refusals import Malformed, Refusal
from handoff.actions.clocks import clock, start_clocks, stop_clocks
from handoff.states import ClockKind
from leads.actions.stages import lock_lead
from leads.history import record
from leads.models import Interaction, Lead, Question
from leads.permissions import demand


@transaction.atomic
def ask_question(
    lead: Lead,
    *,
    by: User | None,
    text: str,
    interaction: Interaction | None = None,
    at: datetime | None = None,
) -> Question:
    """Keep what the lead asked; the clock to answer starts for the accountable team.

    A closed lead's question is kept too, without a clock: nobody is accountable. What the same
    person noted already and nobody answered is not kept twice.
    """
    lead = lock_lead(lead)
    demand(by, "question", lead)
    if not text.strip():
        raise Malformed(_("Write the question first."), field="text")
    if same := lead.questions.unanswered().filter(by=by, text=text.strip()).first():
        return same
    moment = now()
    question = Question.objects.create(
        lead=lead, text=text.strip(), asked_at=at or moment, interaction=interaction, by=by
    )
    Lead.objects.filter(pk=lead.pk).update(question_open=True, updated_at=moment)
    if lead.team_id and not lead.is_closed:
        start_clocks(
            clock(
                ClockKind.ANSWER, question, team=lead.team, owner=lead.owner, at=question.asked_at
            )
        )
    record(lead, "question.ask", by=by, at=question.asked_at, question=question.pk)
    if lead.owner:
        tell(
            lead.owner,
            "question.asked",
            by=by,
            lead=lead,
            path=f"/leads/{lead.pk}/",
            question=question.pk,
        )
    return question


@transaction.atomic
def answer_question(question: Question, *, by: User, answer: str) -> Question:
    """Keep our answer and stop the clock; whoever noted the question is told.

    Raises `Refusal` when somebody answered before.
    """
    lead = lock_lead(question.lead_id)
    question = (
        Question.objects.select_for_update(of=("self",))
        .select_related("by", "answered_by")
        .get(pk=question.pk)
    )
    demand(by, "answer", lead)
    answer = answer.strip()
    if question.answered_at:
        if question.answered_by_id == by.pk and question.answer == answer:
            return question
        raise Refusal(
            _("%(name)s has already answered this question.") % {"name": question.answered_by.name}
        )
    if not answer:
        raise Malformed(_("Write the answer first."), field="answer")
    moment = now()
    question.answer, question.answered_at, question.answered_by = answer, moment, by
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    stop_clocks(question, at=moment)
    still_open = lead.questions.unanswered().exists()
    Lead.objects.filter(pk=lead.pk).update(question_open=still_open, updated_at=moment)
    record(lead, "question.answer", by=by, at=moment, question=question.pk)
    if question.by:
        tell(
            question.by,
            "question.answered",
            by=by,
            lead=lead,
            path=f"/leads/{lead.pk}/",
            question=question.pk,
        )
    return question
