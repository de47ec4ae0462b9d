from django.urls import path

from exchange import views

app_name = "exchange"

urlpatterns = [
    path("", views.today, name="today"),
    path("now/", views.now, name="now"),
    path("today/follow-ups/<int:pk>/", views.follow_up, name="follow_up"),
    path("today/promises/<slug:kind>/", views.promise, name="promise"),
    path("today/handed/<slug:step>/", views.handed, name="handed"),
    path("today/late/<slug:side>/", views.late, name="late"),
    path("today/load/<str:owner>/<slug:what>/", views.load, name="load"),
    path("today/queue/pool/", views.unclaimed, name="unclaimed"),
    path("today/week/<slug:code>/<str:day>/", views.week, name="week"),
]
