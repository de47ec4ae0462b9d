from django.core.management.base import BaseCommand, CommandError

from smarketing.demo.load import LEADS, SEED, NotEmpty, load
from smarketing.demo.signins import SIGN_INS


class Command(BaseCommand):
    help = "Fills an empty database with an invented company: two years of history up to now."

    def add_arguments(self, parser):
        parser.add_argument(
            "--leads", type=int, default=LEADS, help="How many leads (%(default)s)."
        )
        parser.add_argument("--seed", type=int, default=SEED, help="The same seed tells the same.")

    def handle(self, *, leads, seed, **options):
        if not 1 <= leads <= 100_000:
            raise CommandError("--leads must lie between 1 and 100,000.")
        try:
            load(leads=leads, seed=seed)
        except NotEmpty:
            raise CommandError(
                "There are people or leads in this database already; the demo needs an empty one."
            ) from None
        for one in SIGN_INS:
            self.stdout.write(f"  {one.role:<18} {one.email:<24} {one.password}")
