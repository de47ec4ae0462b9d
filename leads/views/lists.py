"""The list of leads, its filters, and what the palette finds."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.clock import page_now
from common.formats import number
from common.keyset import counts_up_to
from common.models import Job
from leads.filters import TABS, Found, LeadFilter, find_leads
from leads.filters.leads import own_fields
from leads.filters.tabs import orders_for
from leads.measures import rows_of
from leads.measures.rows import COLUMNS
from leads.models import Company, Lead
from leads.permissions import can
from leads.states import PREFECTURES
from leads.views.chips import chips_of

SUGGESTED = 8
# What stays in the address of a lead, so that "next" and "back" know the list it was opened from.
_NOT_KEPT = ("after",)
# Filters that figures and other pages link to; the search has its own field.
_ONLY_IN_LINKS = ("q", "company", "member", "imported", "imported_as")


@require_safe
def leads(request):
    """The leads the address means: 25 rows, the rest by key."""
    found = find_leads(request.GET, request.user)
    page = found.page(request.GET.get("after", ""), *COLUMNS)
    tabs, n = _tabs(request.user, found)
    context = {
        "page": page,
        "rows": rows_of(page.rows, at=page_now()),
        "tabs": tabs,
        "count": n,
        "count_words": number(n[0]) + ("" if n[1] else "+"),
        "found": found,
        "order": found.order,
        "orders": [
            (code, words, code == found.order) for code, words in orders_for(request.user).items()
        ],
        "chips": chips_of(request.GET, found.filter.form),
        "kept": _kept(request.GET),
        "is_filtered": found.is_filtered,
        "jobs": list(Job.objects.open().filter(by=request.user, kind__startswith="import")[:1]),
        "may": {verb: can(request.user, verb) for verb in ("create", "import", "export")},
    }
    return render(request, "leads/list.html", context)


def _tabs(user, found: Found) -> tuple[list[dict], tuple[int, bool]]:
    """The tabs with their counts, and the count of the list itself; one or two queries."""
    everything = Lead.objects.visible_to(user)
    counts = counts_up_to({tab.code: tab.narrow(everything, user) for tab in TABS})
    tabs = [
        {
            "href": f"?tab={tab.code}" if tab is not TABS[0] else "?",
            "label": tab.label,
            "current": tab is found.tab,
            "count": counts[tab.code][0],
            "or_more": not counts[tab.code][1],
        }
        for tab in TABS
    ]
    return tabs, found.count if found.is_filtered else counts[found.tab.code]


def _kept(params: QueryDict) -> str:
    """The address of the list without its page, to hang on the links of its rows."""
    kept = [(name, value) for name in params for value in params.getlist(name) if value]
    query = urlencode([pair for pair in kept if pair[0] not in _NOT_KEPT])
    return f"?{query}" if query else ""


@require_safe
def filters(request):
    """The dialog with everything the list can be narrowed by."""
    found = LeadFilter(
        request.GET, Lead.objects.none(), own_fields=own_fields(), reader=request.user
    )
    industries = (
        Company.objects.visible_to(request.user)
        .exclude(industry="")
        .order_by("industry")
        .values_list("industry", flat=True)
        .distinct()[:300]
    )
    form = found.form
    context = {
        "form": form,
        "title": _("Filter"),
        "fields": [form[name] for name in form.fields if name not in _ONLY_IN_LINKS],
        "industries": industries,
        "prefectures": PREFECTURES,
        "hidden": [
            (name, request.GET[name]) for name in ("tab", "order", "q") if request.GET.get(name)
        ],
    }
    return render(request, "leads/filters.html", context)


@require_safe
def suggest(request):
    """Leads and companies for the palette, as they are typed."""
    words = request.GET.get("q", "").strip()[:100]
    leads_found, companies = [], []
    if words:
        asked = QueryDict(mutable=True)
        asked["q"] = words
        leads_found = find_leads(asked, request.user).page("", *COLUMNS, size=SUGGESTED).rows
        companies = list(Company.objects.visible_to(request.user).matching(words).only("name")[:3])
    rows = rows_of(leads_found, at=page_now()) if leads_found else []
    return render(
        request, "leads/_suggest.html", {"rows": rows, "companies": companies, "words": words}
    )
