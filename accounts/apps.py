from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from accounts.notices import day_ranges, name_with, person_names

        name_with("person", person_names)
        name_with("days", day_ranges)
