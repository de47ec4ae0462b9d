"""The verbs of people, teams, the organisation and notices."""

from accounts.actions.absences import add_absence, day_of, remove_absence
from accounts.actions.calendars import (
    choose_calendar,
    create_calendar,
    edit_calendar,
    lay_calendar,
    remove_calendar,
    remove_days,
    set_days,
)
from accounts.actions.organisation import edit_organisation, heads, name_heads
from accounts.actions.people import (
    choose_password,
    create_administrator,
    deactivate_person,
    edit_person,
    invite_person,
    reactivate_person,
    resend_invitation,
)
from accounts.actions.profile import edit_profile, sign_out_everywhere
from accounts.actions.stand_ins import is_stand_in, save_stand_ins, stand_in
from accounts.actions.teams import (
    create_team,
    edit_team,
    keep_team_while,
    restore_team,
    retire_team,
)
from accounts.actions.telling import News, read_all_notices, read_notice, tell, tell_many

__all__ = [
    "News",
    "add_absence",
    "choose_calendar",
    "choose_password",
    "create_administrator",
    "create_calendar",
    "create_team",
    "day_of",
    "deactivate_person",
    "edit_calendar",
    "edit_organisation",
    "edit_person",
    "edit_profile",
    "edit_team",
    "heads",
    "invite_person",
    "is_stand_in",
    "keep_team_while",
    "lay_calendar",
    "name_heads",
    "reactivate_person",
    "read_all_notices",
    "read_notice",
    "remove_absence",
    "remove_calendar",
    "remove_days",
    "resend_invitation",
    "restore_team",
    "retire_team",
    "save_stand_ins",
    "set_days",
    "sign_out_everywhere",
    "stand_in",
    "tell",
    "tell_many",
]
