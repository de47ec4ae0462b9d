from django.urls import path

from kpi import views
from kpi.api import FiguresView

app_name = "kpi"

urlpatterns = [
    path("", views.page, name="page"),
    path("figures.json", FiguresView.as_view(), name="figures"),
    path("filters/", views.filters, name="filters"),
    path("tables/<slug:name>/", views.piece, name="piece"),
    path("by/<slug:group>/", views.breakdown, name="by"),
    path("<slug:name>/", views.rows, name="list"),
    path("<slug:name>.csv", views.export, name="export"),
]
