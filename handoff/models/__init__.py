from handoff.models.agreement import Agreement, Lane, Leg, LostReason, ReturnReason
from handoff.models.clocks import Clock, Pause
from handoff.models.conditions import ReturnCondition
from handoff.models.deals import Deal, DealStep
from handoff.models.entrustments import Entrustment
from handoff.models.handoffs import Brief, Handoff
from handoff.models.introductions import Introduction
from handoff.models.proposals import Proposal, ProposalComment
from handoff.models.routing import QueuedLead, RoutingPlan, RoutingRule, RoutingShare
from handoff.models.terms import ReasonTerm, Terms

__all__ = [
    "Agreement",
    "Brief",
    "Clock",
    "Deal",
    "DealStep",
    "Entrustment",
    "Handoff",
    "Introduction",
    "Lane",
    "Leg",
    "LostReason",
    "Pause",
    "Proposal",
    "ProposalComment",
    "QueuedLead",
    "ReasonTerm",
    "ReturnCondition",
    "ReturnReason",
    "RoutingPlan",
    "RoutingRule",
    "RoutingShare",
    "Terms",
]
