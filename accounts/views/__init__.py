"""Pages about people: settings for the administrator, one's own profile and notices, invitations."""

from accounts.views.absences import absence_new, absence_removal, absences
from accounts.views.calendars import (
    calendar,
    calendar_days,
    calendar_days_removal,
    calendar_new,
    calendar_removal,
    calendars,
)
from accounts.views.invitations import invitation
from accounts.views.notices import notices, reading, reading_of_all
from accounts.views.organisation import organisation, organisation_heads
from accounts.views.people import (
    closing,
    people,
    person,
    person_new,
    renewed_invitation,
    reopening,
)
from accounts.views.profile import other_sessions, profile
from accounts.views.seats import seat
from accounts.views.teams import restoration, retirement, team, team_new, teams

__all__ = [
    "absence_new",
    "absence_removal",
    "absences",
    "calendar",
    "calendar_days",
    "calendar_days_removal",
    "calendar_new",
    "calendar_removal",
    "calendars",
    "closing",
    "invitation",
    "notices",
    "organisation",
    "organisation_heads",
    "other_sessions",
    "people",
    "person",
    "person_new",
    "profile",
    "reading",
    "reading_of_all",
    "renewed_invitation",
    "reopening",
    "restoration",
    "retirement",
    "seat",
    "team",
    "team_new",
    "teams",
]
