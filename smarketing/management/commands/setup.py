from django.core.management.base import BaseCommand

from handoff.actions.defaults import lay_defaults


class Command(BaseCommand):
    help = "Lay what a fresh installation needs: teams, lanes, agreement, scoring rules. Safe to run again."

    def handle(self, **options):
        agreement = lay_defaults()
        self.stdout.write(f"Ready. Agreement version {agreement.version} is in force.")
