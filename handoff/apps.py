from django.apps import AppConfig


class HandoffConfig(AppConfig):
    name = "handoff"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from accounts.actions import keep_team_while
        from accounts.notices import name_with
        from handoff.actions import handing_back as _job  # noqa: F401 - registers the kind of job
        from handoff.exporting.rows import DEAL_EXPORT, HANDOFF_EXPORT
        from handoff.importing.deal_rows import DEALS
        from handoff.notices import (
            deal_step_names,
            lane_left,
            lost_reason_names,
            return_reason_names,
            seat_names,
            words_of_moves,
        )
        from leads.exporting.exports import register_export
        from leads.importing.targets import register_target

        name_with("seat", seat_names)
        name_with("reason", return_reason_names)
        name_with("deal.step", deal_step_names)
        name_with("deal.lost.reason", lost_reason_names)
        name_with("handoff.words", words_of_moves)
        keep_team_while(lane_left)
        register_target(DEALS)
        register_export(DEAL_EXPORT)
        register_export(HANDOFF_EXPORT)
