import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from smarketing.bench.run import run
from smarketing.bench.table import lines


class Command(BaseCommand):
    help = (
        "Measures pages and verbs on databases of its own, and this machine's limits beside them."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--leads", type=int, action="append", help="A size; may be repeated (10,000, 100,000)."
        )
        parser.add_argument("--seconds", type=float, default=4, help="How long each is measured.")
        parser.add_argument("--keep", action="store_true", help="Leave the databases in place.")
        parser.add_argument(
            "--reuse", action="store_true", help="Measure databases that were left, as they are."
        )
        parser.add_argument("--json", type=Path, help="Write the figures into this file as well.")

    def handle(self, *, leads, seconds, keep, reuse, json: Path | None, **options):
        sizes = sorted(set(leads or [10_000, 100_000]))
        if not 0.5 <= seconds <= 600 or sizes[0] < 5000:
            raise CommandError("At least 5,000 leads, and from half a second to ten minutes each.")
        reports = []
        for size in sizes:
            how = {"keep": keep or reuse, "reuse": reuse, "say": self.stdout.write}
            smaller = reports[-1] if reports else None
            reports.append(run(size, seconds=seconds, **how))
            if smaller:
                reports[-1].judge_growth(smaller)
            for line in lines(reports[-1], smaller):
                self.stdout.write(line)
        if json:
            _write(json, reports)


def _write(place: Path, reports) -> None:
    text = json.dumps([report.data() for report in reports], indent=1, ensure_ascii=False)
    place.write_text(text + "\n", encoding="utf-8")
