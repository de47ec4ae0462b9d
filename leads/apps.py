from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from accounts.actions import keep_team_while
        from accounts.notices import name_with
        from leads.notices import lead_names, leads_left

        name_with("lead", lead_names)
        keep_team_while(leads_left)
