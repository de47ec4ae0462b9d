from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("settings/", views.people, name="people"),
    path("settings/people/new/", views.person_new, name="person_new"),
    path("settings/people/<int:pk>/", views.person, name="person"),
    path("settings/people/<int:pk>/closing/", views.closing, name="closing"),
    path("settings/people/<int:pk>/reopening/", views.reopening, name="reopening"),
    path(
        "settings/people/<int:pk>/invitation/",
        views.renewed_invitation,
        name="renewed_invitation",
    ),
    path("settings/teams/", views.teams, name="teams"),
    path("settings/teams/new/", views.team_new, name="team_new"),
    path("settings/teams/<int:pk>/", views.team, name="team"),
    path("settings/teams/<int:pk>/seat/", views.seat, name="seat"),
    path("settings/teams/<int:pk>/retirement/", views.retirement, name="retirement"),
    path("settings/teams/<int:pk>/restoration/", views.restoration, name="restoration"),
    path("settings/calendars/", views.calendars, name="calendars"),
    path("settings/calendars/new/", views.calendar_new, name="calendar_new"),
    path("settings/calendars/<int:pk>/", views.calendar, name="calendar"),
    path("settings/calendars/<int:pk>/days/", views.calendar_days, name="calendar_days"),
    path(
        "settings/calendars/<int:pk>/days/removal/",
        views.calendar_days_removal,
        name="calendar_days_removal",
    ),
    path("settings/calendars/<int:pk>/removal/", views.calendar_removal, name="calendar_removal"),
    path("absences/", views.absences, name="absences"),
    path("absences/new/", views.absence_new, name="absence_new"),
    path("absences/<int:pk>/removal/", views.absence_removal, name="absence_removal"),
    path("settings/organisation/", views.organisation, name="organisation"),
    path("settings/organisation/heads/", views.organisation_heads, name="organisation_heads"),
    path("profile/", views.profile, name="profile"),
    path("profile/sessions/", views.other_sessions, name="other_sessions"),
    path("notices/", views.notices, name="notices"),
    path("notices/reading/", views.reading_of_all, name="reading_of_all"),
    path("notices/<int:pk>/reading/", views.reading, name="reading"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
