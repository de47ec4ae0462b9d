"""Leads and touches as files: what comes out goes in again."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common import now
from leads.actions.captures.touches import MADE_ID
from leads.exporting.exports import Column, Export, person
from leads.filters import LeadFilter, find_leads
from leads.filters.leads import own_fields
from leads.models import Interaction, Lead
from leads.scoring import engagement_of, rules_in_force


def _of_company(name: str, label) -> Column:
    return Column(
        f"company.{name}", label, lambda lead: getattr(lead.company, name) if lead.company else ""
    )


def _name_of(name: str, label) -> Column:
    def value(row):
        found = getattr(row, name)
        return found.name if found else ""

    return Column(name, label, value)


def _shown(row, name: str) -> str:
    return str(getattr(row, f"get_{name}_display")())


def lead_columns() -> list[Column]:
    """Every column of a lead that means something outside, own fields last."""
    at, rules = now(), rules_in_force().set
    warmth = Column(
        "engagement",
        _("Engagement"),
        lambda lead: round(engagement_of(lead.heat, at=at, rule_set=rules)),
    )
    own = [
        Column(
            f"attributes.{one.code}",
            str(one),
            lambda lead, code=one.code: lead.attributes.get(code),
        )
        for one in own_fields()
    ]
    return [
        Column("external_id", _("External id"), lambda lead: lead.external_id),
        Column("family_name", _("Family name"), lambda lead: lead.family_name),
        Column("given_name", _("Given name"), lambda lead: lead.given_name),
        Column("family_kana", _("Family name (kana)"), lambda lead: lead.family_kana),
        Column("given_kana", _("Given name (kana)"), lambda lead: lead.given_kana),
        _of_company("name", _("Company name")),
        _of_company("industry", _("Industry")),
        _of_company("employees", _("Employees")),
        Column("department", _("Department"), lambda lead: lead.department),
        Column("title", _("Job title"), lambda lead: lead.title),
        Column("email", _("E-mail"), lambda lead: lead.email),
        Column("phone", _("Phone"), lambda lead: lead.phone),
        Column("mobile", _("Mobile"), lambda lead: lead.mobile),
        Column("postal_code", _("Postal code"), lambda lead: lead.postal_code),
        Column("prefecture", _("Prefecture"), lambda lead: lead.prefecture),
        Column("address", _("Address"), lambda lead: lead.address),
        _name_of("source", _("Source")),
        _name_of("campaign", _("Campaign")),
        Column("landing_page", _("Landing page"), lambda lead: lead.landing_page),
        Column("captured_at", _("First contact"), lambda lead: lead.captured_at),
        Column("stage", _("Stage"), lambda lead: _shown(lead, "stage")),
        Column("marketer", _("Marketer"), lambda lead: person(lead.marketer)),
        Column("seller", _("Sales person"), lambda lead: person(lead.seller)),
        _name_of("team", _("Accountable team")),
        Column("fit", _("Fit"), lambda lead: lead.fit),
        warmth,
        Column("last_touch_at", _("Last touch"), lambda lead: lead.last_touch_at),
        Column("mql_at", _("MQL since"), lambda lead: lead.mql_at),
        Column("sal_at", _("SAL since"), lambda lead: lead.sal_at),
        Column("sql_at", _("SQL since"), lambda lead: lead.sql_at),
        Column("won_at", _("Won on"), lambda lead: lead.won_at),
        Column("consent.email", _("May be reached: E-mail"), lambda lead: lead.consent_email),
        Column("consent.phone", _("May be reached: Phone"), lambda lead: lead.consent_phone),
        *own,
    ]


TOUCH_COLUMNS = [
    Column("lead.external_id", _("Lead's external id"), lambda touch: touch.lead.external_id),
    Column("lead.email", _("Lead's e-mail"), lambda touch: touch.lead.email),
    Column("lead.name", _("Lead's name"), lambda touch: touch.lead.name),
    Column("kind", _("Kind"), lambda touch: _shown(touch, "kind")),
    Column("at", _("When"), lambda touch: touch.at),
    Column("direction", _("Direction"), lambda touch: _shown(touch, "direction")),
    Column("result", _("Result"), lambda touch: _shown(touch, "result") if touch.result else ""),
    Column("words", _("What was said"), lambda touch: touch.words),
    Column("minutes", _("Minutes"), lambda touch: touch.minutes),
    _name_of("campaign", _("Campaign")),
    Column("by", _("Who of us"), lambda touch: person(touch.by)),
    Column(
        "external_id",
        _("External id"),
        lambda touch: "" if touch.external_id.startswith(MADE_ID) else touch.external_id,
    ),
]


def _leads(params, user):
    """The leads the filters mean, or those ticked in the list."""
    chosen = [
        int(one)
        for one in params.getlist("lead")
        if one.isascii() and one.isdigit() and len(one) < 19
    ]
    if chosen:
        return Lead.objects.visible_to(user).filter(pk__in=chosen)
    return find_leads(params, user).rows


def _touches(params, user):
    """The touches of the leads the filters mean."""
    return Interaction.objects.visible_to(user).filter(lead__in=_leads(params, user).order_by())


def _filters() -> set[str]:
    known = LeadFilter(QueryDict(), Lead.objects.none(), own_fields=own_fields()).filters
    return {"tab", "order", "lead", *known}


LEADS = Export(
    "leads",
    _("Leads"),
    lead_columns,
    _leads,
    _filters,
    related=("company", "source", "campaign", "marketer", "seller", "team"),
)
TOUCHES = Export(
    "touches",
    _("Touches"),
    lambda: TOUCH_COLUMNS,
    _touches,
    _filters,
    related=("lead", "campaign", "by"),
)
