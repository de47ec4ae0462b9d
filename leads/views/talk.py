"""What was said: comments, known facts, consents."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.dialogs import attempt, finished, posted, show_form
from common.refusals import Malformed
from common.web import go, toast
from leads.actions.comments import comment_on_lead, withdraw_comment
from leads.actions.consents import record_consent
from leads.actions.edits import Conflict
from leads.actions.facts import forget_fact, learn_fact
from leads.forms import CommentForm, ConsentForm, FactForm
from leads.models import Comment, Fact, Lead
from leads.permissions import demand
from leads.states import Channel, FactField
from leads.views.detail import story_answer
from leads.views.profile import lead_address
from leads.views.replies import visible_lead


@require_POST
def comments(request, pk):
    """A comment on a lead. With our scripts the timeline comes back; else its page."""
    lead = visible_lead(request, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        raise Malformed(form.errors["text"][0], field="text")
    comment_on_lead(lead, by=request.user, text=form.cleaned_data["text"])
    if request.htmx:
        return story_answer(request, pk)
    return go(request, lead_address(lead))


@require_POST
def comment_withdrawal(request, pk):
    visible = Lead.objects.visible_to(request.user)
    comment = get_object_or_404(Comment.objects.filter(lead__in=visible), pk=pk)
    withdraw_comment(comment, by=request.user)
    return _timeline_or_page(request, comment.lead_id, _("Your comment is taken back."))


def _timeline_or_page(request, lead_pk, sentence):
    if request.htmx:
        return toast(story_answer(request, lead_pk), sentence)
    return go(request, f"/leads/{lead_pk}/", sentence)


@require_http_methods(["GET", "POST"])
def fact_new(request, pk):
    """An answer of the lead, new or changed; `field` (and `label`) say about what."""
    lead = visible_lead(request, pk)
    demand(request.user, "fact", lead)
    known = _known_fact(request, lead)
    initial = {
        "field": known.field if known else request.GET.get("field", FactField.NEED),
        "label": known.label if known else "",
        "value": known.value if known else "",
        "seen": known.value if known else "",
    }
    form = FactForm(posted(request), initial=initial)
    if form.is_bound and attempt(form, _learn, form, lead, request.user):
        return finished(request, lead_address(lead), _("Kept: nobody needs to ask this again."))
    title = _("What they told us") if known is None else _("Their answer has changed")
    return show_form(request, "leads/fact_form.html", form, title=title, lead=lead, known=known)


def _known_fact(request, lead):
    """The answer that stands there now, where one is to be changed."""
    wanted = request.GET.get("fact", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        return None
    return lead.facts.current().select_related("by").filter(pk=wanted).first()


def _learn(form, lead, user):
    cleaned = form.cleaned_data
    try:
        return learn_fact(
            lead,
            by=user,
            field=cleaned["field"],
            label=cleaned["label"] if cleaned["field"] == FactField.OTHER else "",
            value=cleaned["value"],
            seen=cleaned["seen"],
        )
    except Conflict as clash:
        form.data = form.data.copy()
        form.data["seen"] = clash.fields["value"]
        there = _("We know this already: “%(value)s”. Save again to replace it.")
        form.add_error("value", there % {"value": clash.fields["value"]})
        form.too_late = True
        return None


@require_POST
def fact_removal(request, pk):
    visible = Lead.objects.visible_to(request.user)
    fact = get_object_or_404(Fact.objects.filter(lead__in=visible), pk=pk)
    forget_fact(fact, by=request.user)
    return finished(request, f"/leads/{fact.lead_id}/", _("No longer counted as known."))


@require_http_methods(["GET", "POST"])
def consent_new(request, pk):
    """What the lead said about a channel, with how we know."""
    lead = visible_lead(request, pk)
    demand(request.user, "consent", lead)
    form = ConsentForm(
        posted(request), initial={"channel": request.GET.get("channel", Channel.EMAIL)}
    )
    if form.is_bound and attempt(form, _consent, form, lead, request.user):
        return finished(request, lead_address(lead), _("Kept, with how we know it."))
    return show_form(request, "leads/consent_form.html", form, title=_("Consent"), lead=lead)


def _consent(form, lead, user):
    cleaned = form.cleaned_data
    return record_consent(
        lead,
        by=user,
        channel=cleaned["channel"],
        granted=cleaned["granted"],
        evidence=cleaned["evidence"],
        at=cleaned["on"],
    )
