"""Companies: the list, one company with its leads, and names for whoever is typing one."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import can
from accounts.permissions import demand as demand_role
from common.clock import page_now
from common.dialogs import attempt, finished, posted, show_form
from common.keyset import count_up_to, page_by_key
from common.web import go
from leads.actions.companies import create_company, edit_company
from leads.filters.leads import own_fields
from leads.forms import CompanyForm
from leads.measures import rows_of
from leads.measures.companies import company_rows
from leads.measures.rows import COLUMNS
from leads.models import Company, Lead
from leads.permissions import can as can_lead
from leads.states import AttributeOf
from leads.views.replies import attempt_edit

SIZE = 50
NAMES = 12


@require_safe
def companies(request):
    """Companies by name, with how many leads each has."""
    words = request.GET.get("q", "").strip()[:100]
    rows = Company.objects.visible_to(request.user).matching(words)
    page = page_by_key(rows, order="name", key=request.GET.get("after", ""), size=SIZE)
    context = {
        "page": page,
        "rows": company_rows(page.rows, request.user),
        "words": words,
        "count": count_up_to(rows),
        "may_edit": can(request.user, "company.edit"),
    }
    return render(request, "leads/companies.html", context)


@require_safe
def company(request, pk):
    """One company, its people and whatever hangs on it."""
    found = Company.objects.visible_to(request.user).select_related("owner__team")
    one = get_object_or_404(found, pk=pk)
    leads = Lead.objects.visible_to(request.user).filter(company=one).select_related("company")
    page = page_by_key(leads.only(*COLUMNS), order="-pk", key=request.GET.get("after", ""))
    context = {
        "company": one,
        "page": page,
        "rows": rows_of(page.rows, at=page_now()),
        "count": count_up_to(leads),
        "own": [
            (str(field), one.attributes[field.code])
            for field in (own_fields(AttributeOf.COMPANY) if one.attributes else ())
            if field.code in one.attributes
        ],
        "may_edit": can(request.user, "company.edit"),
        "may_create": can_lead(request.user, "create"),
    }
    return render(request, "leads/company.html", context)


@require_http_methods(["GET", "POST"])
def company_new(request):
    demand_role(request.user, "company.edit")
    form = CompanyForm(posted(request), own_fields=own_fields(AttributeOf.COMPANY))
    if form.is_bound:
        made = attempt(form, lambda: create_company(by=request.user, **form.changes()))
        if made:
            words = _("%(name)s is written down.") % {"name": made.name}
            return go(request, "leads:company", words, pk=made.pk)
    context = {"title": _("New company"), "industries": _industries()}
    return show_form(request, "leads/company_form.html", form, **context)


@require_http_methods(["GET", "POST"])
def company_edit(request, pk):
    """The company in a form; what somebody else changed meanwhile is shown, not overwritten."""
    one = get_object_or_404(Company.objects.visible_to(request.user), pk=pk)
    demand_role(request.user, "company.edit")
    form = CompanyForm(posted(request), row=one, own_fields=own_fields(AttributeOf.COMPANY))
    if form.is_bound and attempt_edit(form, lambda: _edit(form, one, request.user)):
        return finished(request, "leads:company", _("Saved."), pk=one.pk)
    context = {"title": _("Edit company"), "company": one, "industries": _industries()}
    return show_form(request, "leads/company_form.html", form, **context)


def _edit(form, one, user):
    return edit_company(one, by=user, seen=form.seen(), **form.changes())


def _industries():
    return (
        Company.objects.exclude(industry="")
        .order_by("industry")
        .values_list("industry", flat=True)
        .distinct()[:300]
    )


@require_safe
def company_names(request):
    """Names of companies that begin like what is typed, for the list under the field."""
    words = (request.GET.get("q") or request.GET.get("company_name") or "").strip()[:100]
    found = Company.objects.visible_to(request.user).matching(words).only("name", "prefecture")
    context = {"companies": found.order_by("name")[:NAMES] if words else []}
    return render(request, "leads/_company_names.html", context)
