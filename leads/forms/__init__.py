"""The shape of what people type about leads; the rules are in the verbs."""

from leads.forms.attributes import AttributeForm, NewAttributeForm
from leads.forms.campaigns import CampaignForm, MembersForm
from leads.forms.companies import CompanyForm
from leads.forms.hearing import SheetForm
from leads.forms.leads import AssignForm, LeadForm
from leads.forms.talk import CommentForm, ConsentForm, FactForm, FollowUpForm, PostponeForm

__all__ = [
    "AssignForm",
    "AttributeForm",
    "CampaignForm",
    "CommentForm",
    "CompanyForm",
    "ConsentForm",
    "FactForm",
    "FollowUpForm",
    "LeadForm",
    "MembersForm",
    "NewAttributeForm",
    "PostponeForm",
    "SheetForm",
]
