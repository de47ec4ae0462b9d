from accounts.models.notices import Notice
from accounts.models.organisation import Organisation, Team
from accounts.models.seats import Seat
from accounts.models.users import User
from accounts.models.sight import MaskedModel
from accounts.models.working_time import Absence, CalendarDay, WorkingCalendar

__all__ = [
    "Absence",
    "CalendarDay",
    "Notice",
    "MaskedModel",
    "Organisation",
    "Seat",
    "Team",
    "User",
    "WorkingCalendar",
]
