from django.urls import path

from handoff import views

app_name = "handoff"

urlpatterns = [
    path("", views.handoffs, name="list"),
    path("offers/new/", views.offer_new, name="offer_new"),
    path("agreement/", views.agreement, name="agreement"),
    path("deals/", views.deals, name="deals"),
    path("deals/<int:pk>/", views.deal, name="deal"),
    path("deals/<int:pk>/edit/", views.deal_edit, name="deal_edit"),
    path("deals/<int:pk>/win/", views.deal_win, name="deal_win"),
    path("deals/<int:pk>/loss/", views.deal_loss, name="deal_loss"),
    path("deals/<int:pk>/correction/", views.deal_correction, name="deal_correction"),
    path("questions/<int:pk>/answer/", views.answer, name="answer"),
    path("leads/<int:lead_pk>/", views.of_lead, name="of_lead"),
    path("leads/<int:lead_pk>/touches/new/", views.touch_new, name="touch_new"),
    path("leads/<int:lead_pk>/questions/new/", views.question_new, name="question_new"),
    path("leads/<int:lead_pk>/deals/new/", views.deal_new, name="deal_new"),
    path("leads/<int:lead_pk>/moves/<slug:verb>/", views.lead_move, name="lead_move"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/reading/", views.reading, name="reading"),
    path("<int:pk>/acceptance/", views.acceptance, name="acceptance"),
    path("<int:pk>/return/", views.return_, name="return"),
    path("<int:pk>/acknowledgement/", views.acknowledgement, name="acknowledgement"),
    path("<int:pk>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("<int:pk>/taker/", views.taker, name="taker"),
]
