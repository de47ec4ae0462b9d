from handoff.models.agreement import Agreement, Lane, Leg, LostReason, ReturnReason, Terms
from handoff.models.clocks import Clock
from handoff.models.deals import Deal, DealStep
from handoff.models.handoffs import Brief, Handoff

__all__ = [
    "Agreement",
    "Brief",
    "Clock",
    "Deal",
    "DealStep",
    "Handoff",
    "Lane",
    "Leg",
    "LostReason",
    "ReturnReason",
    "Terms",
]
