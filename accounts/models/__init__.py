from accounts.models.notices import Notice
from accounts.models.organisation import Organisation, Team
from accounts.models.users import User

__all__ = ["Notice", "Organisation", "Team", "User"]
