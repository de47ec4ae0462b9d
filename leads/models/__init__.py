from leads.models.attributes import AttributeDefinition
from leads.models.campaigns import Campaign, CampaignMember
from leads.models.companies import Company
from leads.models.conversation import Comment, Consent, Fact, FollowUp, Question
from leads.models.events import LeadEvent, TimelineReader
from leads.models.hearing import Hearing, HearingSheet
from leads.models.imports import ImportedLead, ImportMapping, ImportRejection
from leads.models.interactions import Interaction
from leads.models.leads import Lead, Source
from leads.models.scoring import EngagementRule, FitRule, QualifyingDefinition, RuleSet

__all__ = [
    "AttributeDefinition",
    "Campaign",
    "CampaignMember",
    "Comment",
    "Company",
    "Consent",
    "EngagementRule",
    "Fact",
    "FitRule",
    "FollowUp",
    "Hearing",
    "HearingSheet",
    "ImportMapping",
    "ImportRejection",
    "ImportedLead",
    "Interaction",
    "Lead",
    "LeadEvent",
    "QualifyingDefinition",
    "Question",
    "RuleSet",
    "Source",
    "TimelineReader",
]
