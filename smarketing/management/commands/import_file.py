"""The import page's job, from the command line: the same rules, with a progress bar and an exit code."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from common import jobs
from common.files import store
from common.models import Job
from common.refusals import Refusal
from common.states import JobState
from common.terminal import ProgressBar, terminal_language
from leads.actions.captures import Existing, What
from leads.importing import mapping, report
from leads.importing.formats import Format, guess_format
from leads.importing.job import start_import
from leads.importing.reading import Table
from leads.importing.targets import TARGETS

SHOWN = 10


class Command(BaseCommand):
    help = (
        "Import a CSV or XLSX file of leads, touches or deals. The same file again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("target", choices=sorted(TARGETS), help="what the rows are")
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=field",
            help="where a column goes; COLUMN= leaves it out. Others are recognised by their heading.",
        )
        parser.add_argument(
            "--mapping", metavar="NAME", help="a mapping remembered under this name"
        )
        parser.add_argument(
            "--encoding", default="", help="utf-8, cp932 or utf-16; else recognised"
        )
        parser.add_argument(
            "--delimiter", default="", help="what parts the cells, one character; else recognised"
        )
        parser.add_argument(
            "--sheet", default="", help="of a workbook; else the first that is filled"
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="field=VALUE",
            help="what holds for every row that does not say otherwise, such as stage=mql",
        )
        parser.add_argument(
            "--dates", choices=["dmy", "mdy"], default="", help="which comes first, day or month"
        )
        parser.add_argument(
            "--existing",
            choices=[one.value for one in Existing],
            default=Existing.UPDATE.value,
            help="what happens to those we have: what the file says wins, it only fills gaps, or nothing",
        )
        parser.add_argument("--dry-run", action="store_true", help="judge every row, write none")
        parser.add_argument(
            "--create-people",
            action="store_true",
            help="make people nobody knows into inactive members, named as the file calls them",
        )
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="whose import this is")
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *, file: Path, email: str | None = None, **options):
        by = self._person(email) if email else None
        with translation.override(by.language if by else terminal_language()):
            try:
                job = self._run(file, by, options)
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
            self._report(job, options)
        if job.state != JobState.DONE or job.result.get(What.REJECTED.value):
            sys.exit(1)

    def _person(self, email: str) -> User:
        person = User.objects.active().filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody here signs in as {email}.")
        return person

    def _run(self, path: Path, by: User | None, options: dict) -> Job:
        try:
            with path.open("rb") as opened:
                file = store(opened, name=path.name, by=by, purpose="import")
        except OSError as missing:
            raise CommandError(f"{path}: {missing.strerror}") from missing
        target = TARGETS[options["target"]]
        form = guess_format(
            file,
            encoding=options["encoding"].lower().replace("utf8", "utf-8"),
            delimiter=self._delimiter(options["delimiter"]),
            sheet=options["sheet"],
        )
        heading = Table(file, form).heading
        job = start_import(
            file,
            by=by,
            target=target.name,
            form=form,
            heading=heading,
            columns=self._columns(target, heading, options),
            whole=self._pairs(options["set"], "--set"),
            existing=options["existing"],
            order=options["dates"],
            create_people=options["create_people"],
            dry_run=options["dry_run"],
            here=True,
        )
        return self._follow(job, by)

    def _delimiter(self, said: str) -> str:
        found = said.replace("\\t", "\t")
        if found and (len(found) > 1 or found in '"\r\n'):
            raise CommandError(f"--delimiter {said}: give one character, or \\t for a tab.")
        return found

    def _columns(self, target, heading: list[str], options: dict) -> dict[str, str]:
        said = {}
        if name := options["mapping"]:
            found = mapping.remembered(target, heading, name=name)
            if found is None:
                raise CommandError(f"No mapping of {target.name} is remembered as “{name}”.")
            said = {column: place for column, place in found.columns.items() if column in heading}
        return mapping.settle(target, heading, said | self._pairs(options["map"], "--map"))

    def _pairs(self, said: list[str], option: str) -> dict[str, str]:
        pairs = {}
        for one in said:
            left, equals, right = one.rpartition("=") if option == "--map" else one.partition("=")
            if not equals or not left.strip():
                shape = "COLUMN=field" if option == "--map" else "field=VALUE"
                raise CommandError(f"{option} {one}: write it as {shape}.")
            pairs[left.strip()] = right.strip()
        return pairs

    def _follow(self, job: Job, by: User | None) -> Job:
        bar = ProgressBar()
        try:
            return jobs.run_here(job, progress=bar)
        except KeyboardInterrupt:
            Job.objects.filter(pk=job.pk).update(cancel_asked=True)
            return jobs.run_here(job)
        finally:
            bar.end()

    def _report(self, job: Job, options: dict) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(report.as_data(job), ensure_ascii=False, indent=2))
            return
        self._tell_reading(job)
        if job.error:
            self.stderr.write(self.style.ERROR(job.error))
        counts = {one.label: job.result.get(one.value, 0) for one in What}
        self.stdout.write("  ".join(f"{label} {count:,}" for label, count in counts.items()))
        for note in report.notes_of(job):
            self.stdout.write(f"  {'!' if note.is_warning else '·'} {note.sentence}")
        self._tell_rejections(job)

    def _tell_reading(self, job: Job) -> None:
        form = Format.of(job.payload["form"])
        rows = _("%(count)s rows") % {"count": f"{job.total or 0:,}"}
        self.stdout.write(f"{job.payload['name']}: {report.how_read(form)}, {rows}")
        placed = {name: place for name, place in job.payload["columns"].items() if place}
        for name in job.payload["heading"]:
            if name in placed:
                self.stdout.write(f"  {name} → {placed[name]}")
        if left_out := report.columns_left_out(job):
            self.stdout.write("  " + _("Left out: %(columns)s") % {"columns": ", ".join(left_out)})

    def _tell_rejections(self, job: Job) -> None:
        rejected = job.result.get(What.REJECTED.value, 0)
        if rejected > SHOWN:
            for group in report.groups(job):
                words = f"{group.column}: {group.sentence}" if group.column else group.sentence
                self.stdout.write(f"  {group.rows:,} × {words}")
        for one in job.rejections.all()[:SHOWN]:
            words = report.reasons_in_line(one)
            self.stdout.write(
                "  " + _("line %(line)s: %(words)s") % {"line": one.line, "words": words}
            )
        if rejected > SHOWN:
            more = f"{rejected - SHOWN:,}"
            self.stdout.write("  " + _("… and %(more)s more; --json lists them.") % {"more": more})
        if job.rejections.filter(code="person_unknown").exists():
            self.stdout.write(
                "  " + _("--create-people adds people nobody knows as inactive members.")
            )
