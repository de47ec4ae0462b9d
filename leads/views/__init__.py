"""The pages of leads, companies and campaigns."""

from leads.views.attributes import (
    attribute,
    attribute_new,
    attribute_restoration,
    attribute_retirement,
    attributes,
)
from leads.views.campaigns import (
    campaign,
    campaign_edit,
    campaign_new,
    campaigns,
    member_removal,
    members_new,
)
from leads.views.companies import (
    companies,
    company,
    company_edit,
    company_names,
    company_new,
)
from leads.views.detail import detail, neighbour, timeline
from leads.views.lists import filters, leads, suggest
from leads.views.profile import assignment, edit, new
from leads.views.steps import follow_up_date, follow_up_done, follow_up_new
from leads.views.talk import (
    comment_withdrawal,
    comments,
    consent_new,
    fact_new,
    fact_removal,
)

__all__ = [
    "assignment",
    "attribute",
    "attribute_new",
    "attribute_restoration",
    "attribute_retirement",
    "attributes",
    "campaign",
    "campaign_edit",
    "campaign_new",
    "campaigns",
    "comment_withdrawal",
    "comments",
    "companies",
    "company",
    "company_edit",
    "company_names",
    "company_new",
    "consent_new",
    "detail",
    "edit",
    "fact_new",
    "fact_removal",
    "filters",
    "follow_up_date",
    "follow_up_done",
    "follow_up_new",
    "leads",
    "member_removal",
    "members_new",
    "neighbour",
    "new",
    "suggest",
    "timeline",
]
