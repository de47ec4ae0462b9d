from django.urls import path

from handoff.views import (
    agreement,
    answers,
    brief,
    companies,
    deals,
    leads,
    lists,
    offers,
    stages,
    touches,
)

app_name = "handoff"

urlpatterns = [
    path("", lists.handoffs, name="list"),
    path("filters/", lists.filters, name="filters"),
    path("offers/new/", offers.offer_new, name="offer_new"),
    path("agreement/", agreement.agreement, name="agreement"),
    path("deals/", deals.deals, name="deals"),
    path("deals/filters/", deals.filters, name="deal_filters"),
    path("deals/<int:pk>/", deals.deal, name="deal"),
    path("deals/<int:pk>/edit/", deals.deal_edit, name="deal_edit"),
    path("deals/<int:pk>/win/", deals.deal_win, name="deal_win"),
    path("deals/<int:pk>/loss/", deals.deal_loss, name="deal_loss"),
    path("deals/<int:pk>/correction/", deals.deal_correction, name="deal_correction"),
    path("questions/<int:pk>/answer/", touches.answer, name="answer"),
    path("leads/<int:lead_pk>/", leads.of_lead, name="of_lead"),
    path("companies/<int:company_pk>/", companies.of_company, name="of_company"),
    path("leads/<int:lead_pk>/touches/new/", touches.touch_new, name="touch_new"),
    path("leads/<int:lead_pk>/questions/new/", touches.question_new, name="question_new"),
    path("leads/<int:lead_pk>/deals/new/", deals.deal_new, name="deal_new"),
    path("leads/<int:lead_pk>/moves/<slug:verb>/", stages.lead_move, name="lead_move"),
    path("<int:pk>/", brief.detail, name="detail"),
    path("<int:pk>/reading/", brief.reading, name="reading"),
    path("<int:pk>/acceptance/", answers.acceptance, name="acceptance"),
    path("<int:pk>/return/", answers.return_, name="return"),
    path("<int:pk>/acknowledgement/", answers.acknowledgement, name="acknowledgement"),
    path("<int:pk>/withdrawal/", answers.withdrawal, name="withdrawal"),
    path("<int:pk>/taker/", answers.taker, name="taker"),
]
