"""Writing a lead down, editing its card, giving it to somebody."""

from datetime import datetime, time

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from common.dialogs import attempt, finished, posted, show_form
from common.refusals import NotAllowed
from common.web import go
from leads.actions.profile import (
    assign_leads,
    create_lead,
    edit_lead,
    same_person,
)
from leads.filters.leads import own_fields
from leads.forms import AssignForm, LeadForm
from leads.models import Source
from leads.permissions import can, demand
from leads.views.replies import attempt_edit, chosen_leads, visible_lead, who_edited


@require_http_methods(["GET", "POST"])
def new(request):
    """A new lead: a name and a company is enough to start."""
    demand(request.user, "create")
    form = LeadForm(posted(request), own_fields=own_fields(), initial=_given(request))
    known = None
    if form.is_bound and form.is_valid():
        known = None if "anyway" in request.POST else _known(form)
        lead = None if known else attempt(form, _create, form, by=request.user)
        if lead:
            return go(
                request, lead_address(lead), _("%(name)s is written down.") % {"name": lead.label}
            )
    context = {"title": _("New lead"), "known": known, "sources": _sources()}
    response = show_form(request, "leads/form.html", form, **context)
    if known:
        response.status_code = 409
    return response


def lead_address(lead) -> str:
    return reverse("leads:detail", args=[lead.pk])


def _given(request) -> dict:
    """What an address may fill in: a company's page writes its name in."""
    return {"company_name": request.GET.get("company", "")[:200]}


def _known(form):
    cleaned = form.cleaned_data
    return same_person(email=cleaned["email"], phone=cleaned["phone"], mobile=cleaned["mobile"])


def _create(form, *, by):
    fields = form.changes()
    return create_lead(by=by, captured_at=_noon_of(fields.pop("captured_on", None)), **fields)


def _noon_of(day):
    """The middle of a day for the reader, but not later than now; None for no day."""
    if day is None:
        return None
    noon = datetime.combine(day, time(12), timezone.get_current_timezone())
    return min(noon, timezone.now()) if day == timezone.localdate() else noon


def _sources():
    return Source.objects.values_list("name", flat=True)[:200]


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    """The card of a lead in a form. What somebody else changed meanwhile is shown, not overwritten."""
    lead = visible_lead(request, pk, "source", "campaign")
    demand(request.user, "edit", lead)
    form = LeadForm(posted(request), row=lead, editor=request.user, own_fields=own_fields())
    if form.is_bound and attempt_edit(
        form, lambda: _edit(form, lead, request.user), who=who_edited(lead)
    ):
        return finished(request, lead_address(lead), _("Saved."))
    context = {"title": _("Edit lead"), "lead": lead, "sources": _sources()}
    return show_form(request, "leads/form.html", form, **context)


def _edit(form, lead, user):
    return edit_lead(lead, by=user, seen=form.seen(), **form.changes())


@require_http_methods(["GET", "POST"])
def assignment(request):
    """Who of marketing looks after the chosen leads."""
    leads = chosen_leads(request)
    if not any(can(request.user, "assign", lead) for lead in leads):
        raise NotAllowed
    form = AssignForm(posted(request))
    if form.is_bound and form.is_valid():
        answers = assign_leads(leads, by=request.user, to=form.cleaned_data["to"])
        return _assigned(request, answers, form.cleaned_data["to"])
    n = len(leads)
    title = ngettext("Who looks after it?", "Who looks after these %(n)s leads?", n) % {"n": n}
    return show_form(request, "leads/assign_form.html", form, title=title, leads=leads)


def _assigned(request, answers, to):
    done = [lead for lead, refusal in answers if refusal is None]
    refused = [(lead, refusal) for lead, refusal in answers if refusal is not None]
    if refused:
        context = {"title": _("Not all of them"), "done": done, "refused": refused, "to": to}
        return render(request, "leads/assign_result.html", context)
    n = len(done)
    words = ngettext("%(name)s looks after %(n)s lead.", "%(name)s looks after %(n)s leads.", n)
    return finished(request, "leads:list", words % {"name": to.name, "n": n})
