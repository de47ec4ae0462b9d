"""The verbs of people, teams, the organisation and notices."""

from accounts.actions.organisation import edit_organisation
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
from accounts.actions.telling import read_all_notices, read_notice, tell

__all__ = [
    "choose_password",
    "create_administrator",
    "create_team",
    "deactivate_person",
    "edit_organisation",
    "edit_person",
    "edit_profile",
    "edit_team",
    "invite_person",
    "is_stand_in",
    "keep_team_while",
    "reactivate_person",
    "read_all_notices",
    "read_notice",
    "resend_invitation",
    "restore_team",
    "retire_team",
    "save_stand_ins",
    "sign_out_everywhere",
    "stand_in",
    "tell",
]
