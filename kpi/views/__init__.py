"""The KPI page, the lists behind its figures, and figures by one group."""

from kpi.views.breakdown import breakdown
from kpi.views.lists import export, rows
from kpi.views.page import page
from kpi.views.pieces import filters, piece

__all__ = ["breakdown", "export", "filters", "page", "piece", "rows"]
