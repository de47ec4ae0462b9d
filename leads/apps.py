from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from accounts.actions import keep_team_while
        from accounts.notices import name_with
        from leads.exporting import job as _export  # noqa: F401 - registers the kind of job
        from leads.exporting import lead_rows as exports
        from leads.exporting.exports import register_export
        from leads.importing import job as _import  # noqa: F401 - registers the kind of job
        from leads.importing.lead_rows import LEADS
        from leads.importing.targets import register_target
        from leads.importing.touch_rows import TOUCHES
        from leads.notices import lead_names, leads_left

        name_with("lead", lead_names)
        keep_team_while(leads_left)
        register_target(LEADS)
        register_target(TOUCHES)
        register_export(exports.LEADS)
        register_export(exports.TOUCHES)
