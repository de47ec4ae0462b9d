"""Campaigns: the list, one campaign with what it brought, and who it reached."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import can, demand
from common.clock import page_now
from common.dialogs import attempt, finished, posted, show_form
from common.formats import local_day
from common.keyset import page_by_key
from common.web import go
from leads.actions.campaigns import add_members, create_campaign, edit_campaign, remove_member
from leads.forms import CampaignForm, MembersForm
from leads.measures import campaign_results, rows_of
from leads.measures.campaigns import results_by_campaign
from leads.measures.rows import COLUMNS
from leads.models import Campaign, CampaignMember, Lead
from leads.views.replies import attempt_edit, chosen_leads, visible_lead

SIZE = 50


@require_safe
def campaigns(request):
    """Campaigns, the newest first, with what each brought."""
    demand(request.user, "campaign.view")
    rows = Campaign.objects.visible_to(request.user).select_related("owner__team")
    page = page_by_key(rows, order="-pk", key=request.GET.get("after", ""), size=SIZE)
    results = results_by_campaign(page.rows)
    context = {
        "page": page,
        "rows": [(one, results[one.pk]) for one in page],
        "today": local_day(page_now()),
        "may_edit": can(request.user, "campaign.edit"),
    }
    return render(request, "leads/campaigns.html", context)


@require_safe
def campaign(request, pk):
    """One campaign: plan and result, what it brought, whom it reached."""
    one = _visible(request, pk)
    members = (
        CampaignMember.objects.filter(campaign=one, lead__in=Lead.objects.visible_to(request.user))
        .select_related("lead__company")
        .only("status", "at", *(f"lead__{name}" for name in COLUMNS))
    )
    page = page_by_key(members, order="-pk", key=request.GET.get("after", ""))
    rows = rows_of([member.lead for member in page], at=page_now())
    context = {
        "campaign": one,
        "page": page,
        "members": list(zip(page.rows, rows, strict=True)),
        "result": campaign_results(one),
        "may_edit": can(request.user, "campaign.edit"),
    }
    return render(request, "leads/campaign.html", context)


def _visible(request, pk) -> Campaign:
    found = Campaign.objects.visible_to(request.user).select_related("owner__team")
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "POST"])
def campaign_new(request):
    demand(request.user, "campaign.edit")
    form = CampaignForm(posted(request), initial={"owner": request.user.pk})
    if form.is_bound:
        made = attempt(form, lambda: create_campaign(by=request.user, **form.changes()))
        if made:
            words = _("The campaign “%(name)s” is written down.") % {"name": made.name}
            return go(request, "leads:campaign", words, pk=made.pk)
    return show_form(request, "leads/campaign_form.html", form, title=_("New campaign"))


@require_http_methods(["GET", "POST"])
def campaign_edit(request, pk):
    one = _visible(request, pk)
    demand(request.user, "campaign.edit")
    form = CampaignForm(posted(request), row=one)
    if form.is_bound and attempt_edit(form, lambda: _edit(form, one, request.user)):
        return finished(request, "leads:campaign", _("Saved."), pk=one.pk)
    context = {"title": _("Edit campaign"), "campaign": one}
    return show_form(request, "leads/campaign_form.html", form, **context)


def _edit(form, one, user):
    return edit_campaign(one, by=user, seen=form.seen(), **form.changes())


@require_http_methods(["GET", "POST"])
def members_new(request):
    """Puts the chosen leads on the list of a campaign."""
    demand(request.user, "campaign.edit")
    leads = chosen_leads(request)
    form = MembersForm(posted(request), initial={"campaign": request.GET.get("campaign")})
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data["campaign"]
        n = attempt(
            form, add_members, wanted, leads, by=request.user, status=form.cleaned_data["status"]
        )
        if n is not None:
            words = ngettext(
                "%(n)s lead is now on the list of “%(name)s”.",
                "%(n)s leads are now on the list of “%(name)s”.",
                n,
            )
            return finished(request, "leads:list", words % {"n": n, "name": wanted.name})
    n = len(leads)
    title = ngettext("Add %(n)s lead to a campaign", "Add %(n)s leads to a campaign", n) % {"n": n}
    return show_form(request, "leads/members_form.html", form, title=title, leads=leads)


@require_POST
def member_removal(request, pk, lead_pk):
    one = _visible(request, pk)
    remove_member(one, visible_lead(request, lead_pk), by=request.user)
    return finished(request, "leads:campaign", _("Taken off the list."), pk=one.pk)
