"""The shape of what people send: no rule stands here, only what a field may hold."""

from handoff.forms.agreement import ClausesForm, CommentForm
from handoff.forms.answers import AcknowledgeForm, ReassignForm, ReturnForm, WithdrawForm
from handoff.forms.deals import CorrectForm, DealForm, LoseForm, WinForm
from handoff.forms.introductions import IntroductionForm
from handoff.forms.offers import OfferForm
from handoff.forms.pauses import PauseForm
from handoff.forms.seats import HandBackForm
from handoff.forms.stages import ReasonForm
from handoff.forms.touches import AnswerForm, QuestionForm, TouchForm

__all__ = [
    "AcknowledgeForm",
    "AnswerForm",
    "ClausesForm",
    "CommentForm",
    "CorrectForm",
    "DealForm",
    "HandBackForm",
    "IntroductionForm",
    "LoseForm",
    "OfferForm",
    "PauseForm",
    "QuestionForm",
    "ReasonForm",
    "ReassignForm",
    "ReturnForm",
    "TouchForm",
    "WinForm",
    "WithdrawForm",
]
