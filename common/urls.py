"""Theme and language: for everybody, signed in or not."""

from django.urls import path

from common import views

app_name = "common"

urlpatterns = [
    path("theme/", views.theme, name="theme"),
    path("language/", views.language, name="language"),
]
