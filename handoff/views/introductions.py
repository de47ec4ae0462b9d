"""Introducing the taker to the lead by mail: the text is seen, and may be changed, before it goes."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.refusals import Refusal
from handoff import actions
from handoff.actions.introductions import draft_introduction, language_of, why_not_introduced
from handoff.forms.introductions import IntroductionForm
from handoff.permissions import demand
from handoff.views.replies import attempt, dialog, finished, posted, visible_handoff


@require_http_methods(["GET", "HEAD", "POST"])
def introduction(request, pk):
    """The mail as it would be sent, in the lead's language or the one asked for by `lang`."""
    handoff = visible_handoff(request, pk)
    demand(request.user, "introduce", handoff)
    if request.method != "POST" and (why := why_not_introduced(handoff)):
        raise Refusal(why)
    language = request.GET.get("lang", "")
    language = language if language in dict(settings.LANGUAGES) else language_of(handoff.lead)
    form = IntroductionForm(posted(request), initial=_initial(handoff, request.user, language))
    act = lambda **data: actions.introduce_taker(handoff, by=request.user, **data)  # noqa: E731
    if form.is_bound and attempt(form, act):
        words = _("The mail is on its way. Answers go to %(name)s.") % {"name": handoff.taker.name}
        return finished(request, "handoff:detail", words, pk=pk)
    return dialog(
        request,
        "handoff/introduction_form.html",
        form,
        title=_("Introduce by e-mail"),
        handoff=handoff,
        language=language,
        languages=settings.LANGUAGES,
    )


def _initial(handoff, user, language: str) -> dict:
    if handoff.taker is None:
        return {}
    draft = draft_introduction(handoff, by=user, language=language)
    return {"subject": draft.subject, "text": draft.text}
