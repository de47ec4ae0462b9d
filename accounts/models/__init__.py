from accounts.models.calendars import CalendarDay, WorkingCalendar
from accounts.models.notices import Notice
from accounts.models.organisation import Organisation, Team
from accounts.models.seats import Seat
from accounts.models.sight import MaskedModel
from accounts.models.users import User
from accounts.models.working_time import Absence

__all__ = [
    "Absence",
    "CalendarDay",
    "MaskedModel",
    "Notice",
    "Organisation",
    "Seat",
    "Team",
    "User",
    "WorkingCalendar",
]
