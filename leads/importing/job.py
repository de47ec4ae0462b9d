"""The job behind every import: looks through the file once, then takes it in sets of a thousand rows."""

import array
import hashlib
from collections import Counter
from datetime import timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import Organisation, User
from common import files, jobs, now
from common.models import Job, StoredFile
from common.refusals import Malformed
from common.states import JobState
from leads.actions.captures import Existing, Outcome, Terms, What
from leads.importing import mapping
from leads.importing.damage import Damage, note
from leads.importing.dates import Order, order_of
from leads.importing.drafts import Drafter
from leads.importing.fields import Reading
from leads.importing.formats import Format
from leads.importing.people import People
from leads.importing.problems import Bad, Problem, sentence
from leads.importing.reading import Place, Row, Table
from leads.importing.targets import TARGETS, Target
from leads.importing.values import one_line
from leads.models import ImportedLead, ImportRejection
from leads.permissions import demand

KIND = "import"
AT_ONCE = 1_000
# Of a check: examples of what would change, for people to look at.
EXAMPLES = 50
# Nobody leaves the page for less.
WORTH_TELLING = timedelta(seconds=20)


def start_import(
    file: StoredFile,
    *,
    by: User | None,
    target: str,
    form: Format,
    heading: list[str],
    columns: dict[str, str],
    whole: dict[str, str] | None = None,
    consents: dict[str, bool] | None = None,
    evidence: str = "",
    existing: str = Existing.UPDATE,
    order: str = "",
    create_people: bool = False,
    dry_run: bool = False,
    here: bool = False,
) -> Job:
    """Begin to import `file`, read by `form`, its `columns` (heading → field) into rows of `target`.

    `whole` is what is said for every row (field → text, as a cell would say it), `consents` what
    everybody in the file agreed to, and `evidence` how we know. `order` says whether day or month comes first where the file
    does not. A `dry_run` judges every row and writes none. Raises `Malformed` for what cannot work.
    """
    demand(by, "import")
    if not any(columns.values()):
        raise Malformed(_("No column goes anywhere yet. Choose at least one."), field="map")
    payload = {
        "target": target,
        "file": file.pk,
        "name": file.name,
        "heading": heading,
        "form": form.as_data(),
        "columns": columns,
        "whole": whole or {},
        "consents": consents or {},
        "evidence": evidence,
        "fixes": {},
        "existing": Existing(existing).value,
        "order": order,
        "create_people": create_people,
        "dry_run": dry_run,
    }
    job = Job(by=by, payload=payload)
    job.created_at = now()
    Session(job, file).whole()
    return jobs.start_job(KIND, by=by, payload=payload, files=[file], here=here)


def import_step(job: Job) -> bool:
    """One step: the look through the file first, then a set of rows. True when all are done."""
    with translation.override(getattr(job.by, "language", "") or settings.LANGUAGE_CODE):
        session = getattr(job, "session", None)
        if session is None:
            session = job.session = Session(job)
        return session.step()


class Session:
    """An import at work in this process; all that must survive it is in the job's own columns."""

    def __init__(self, job: Job, file: StoredFile | None = None):
        self.job = job
        said = job.payload
        self.file = file or StoredFile.objects.filter(pk=said["file"]).first()
        if self.file is None:
            raise Malformed(_("The file is not kept any more. Upload it again."), field="file")
        self.target: Target = TARGETS[said["target"]]
        self.table = Table(self.file, Format.of(said["form"]))
        self.heading = self.table.heading
        self.sources = mapping.sources(self.target, self.heading, said["columns"])
        organisation = Organisation.current()
        self.reading = Reading(
            at=job.created_at,
            zone=organisation.zone,
            home=organisation.country or "JP",
            people=People(create=said["create_people"]),
        )
        self.rows = None

    # --- what is said for the whole file ----------------------------------------------------

    def whole(self) -> dict[str, Any]:
        """What is said for every row, read as cells are. Raises `Malformed` where it cannot be."""
        found = {}
        for name, text in self.job.payload["whole"].items():
            field = self.target.field(name)
            if field is None or not field.for_file:
                allowed = ", ".join(one.name for one in self.target.fields() if one.for_file)
                raise Malformed(
                    _("“%(field)s” cannot be said for the whole file; only %(allowed)s can.")
                    % {"field": name, "allowed": allowed},
                    field="set",
                )
            try:
                found[name] = (field.whole or field.read)(one_line(text), self.reading)
            except Bad as bad:
                raise Malformed(sentence(bad.code, bad.data), field="set") from bad
        return found

    # --- steps ------------------------------------------------------------------------------

    def step(self) -> bool:
        if self.job.total is None:
            self._look_through()
            return False
        if self.rows is None:
            self._open()
        rows = list(islice(self.rows, AT_ONCE))
        if rows:
            self._take(rows)
        return self.job.done >= self.job.total

    def _look_through(self) -> None:
        """Count the rows, judge the order of every column of dates, look for damage."""
        dates = {name for one in self.sources if one.field.is_date for _at, name in one.columns}
        phones = {
            name
            for one in self.sources
            if one.field.name in ("phone", "mobile", "company.phone")
            for _at, name in one.columns
        }
        damage = Damage(self.heading, dates=dates, phones=phones)
        cells: dict[str, set[str]] = {name: set() for name in dates}
        at = {name: self.heading.index(name) for name in dates}
        count = 0
        for row in self.table.rows():
            count += 1
            if row.problem:
                continue
            damage.look(row.cells)
            for name, seen in cells.items():
                if len(seen) < 50_000:
                    seen.add(row.cells[at[name]])
        self.job.total = count
        orders, notes = self._orders(cells)
        self.job.cursor = {"orders": orders, "place": list(self.table.start)}
        self.job.result = {one.value: 0 for one in What} | {
            "notes": [*notes, *self._column_notes(), *damage.notes()],
            "people": [],
            "repeats": 0,
            "flags": {},
            "placeholders": {},
        }

    def _orders(self, cells: dict[str, set[str]]) -> tuple[dict[str, str], list[dict]]:
        orders, notes = {}, []
        for name in sorted(cells, key=self.heading.index):
            found = order_of(cells[name])
            if found == Order.UNCLEAR and self.job.payload["order"]:
                found = Order(self.job.payload["order"])
            if found is None:
                continue
            orders[name] = found.value
            unclear = found == Order.UNCLEAR
            code = "date_order_unclear" if unclear else "date_order"
            notes.append(note(code, column=name, order=found.value))
        return orders, notes

    def _column_notes(self) -> list[dict]:
        return [
            note(
                "several_columns",
                label=str(one.field.label),
                columns=", ".join(dict(one.columns).values()),
            )
            for one in self.sources
            if len(one.columns) > 1 and not one.field.joined
        ]

    def _open(self) -> None:
        cursor = self.job.cursor
        self.rows = self.table.rows(Place(*cursor["place"]))
        self.drafter = Drafter(
            self.target, self.sources, self.reading, cursor["orders"], self.whole()
        )
        self.known = KnownRows(self.job)

    def _terms(self) -> Terms:
        said = self.job.payload
        whole = self.target.draft()
        for name, value in self.whole().items():
            self.target.put(whole, name, value)
        if said["consents"]:
            whole.consents = dict(said["consents"])
        return Terms(
            by=self.job.by,
            existing=Existing(said["existing"]),
            whole=whole,
            evidence=(said["evidence"] or said["name"])[:300],
            job=self.job.pk,
            dry_run=said["dry_run"],
        )

    def _take(self, rows: list[Row]) -> None:
        """A set: judge every cell, capture what is sound, keep what is not, note the place."""
        sound, rejected = self._drafts(rows)
        terms = self._terms()
        if not terms.dry_run:
            made = self.reading.people.save_new()
            self._count_people(made)
        outcomes = self.target.capture([draft for _row, draft in sound], terms)
        for (row, _draft), outcome in zip(sound, outcomes, strict=True):
            if outcome.what == What.REJECTED:
                column = self.drafter.column_of(outcome.at_fault)
                rejected.append((row, [Problem(outcome.code, outcome.data, column)]))
        self._tally(sound, outcomes, rejected)
        self._note_leads(outcomes)
        self._keep_rejections(rejected)
        self.known.save(self.job)
        self.job.done += len(rows)
        self.job.cursor = {**self.job.cursor, "place": list(rows[-1].after)}

    def _drafts(self, rows: list[Row]) -> tuple[list, list]:
        sound, rejected = [], []
        for row in rows:
            self._fix(row)
            if row.problem:
                rejected.append((row, [row.problem]))
                continue
            draft, problems = self.drafter.draft(row)
            if problems:
                rejected.append((row, problems))
                continue
            draft.repeats = self.known.meet(*self.target.keys(draft))
            sound.append((row, draft))
        return sound, rejected

    def _fix(self, row: Row) -> None:
        """Put what somebody wrote for a cell after the check in its place."""
        for name, text in self.job.payload["fixes"].get(str(row.line), {}).items():
            if name in self.heading and len(row.cells) == len(self.heading):
                row.cells[self.heading.index(name)] = text

    # --- the report -------------------------------------------------------------------------

    def _tally(self, sound: list, outcomes: list[Outcome], rejected: list) -> None:
        result = dict(self.job.result)
        counts = Counter(one.what.value for one in outcomes if one.what != What.REJECTED)
        for what, n in counts.items():
            result[what] += n
        result["rejected"] += len(rejected)
        repeats = sum(draft.repeats for _row, draft in sound)
        result["repeats"] += repeats
        flags = Counter(flag for one in outcomes for flag in one.data.get("flags", ()))
        result["flags"] = dict(Counter(result["flags"]) + flags)
        result["placeholders"] = dict(Counter(result["placeholders"]) + self.drafter.placeholders)
        self.drafter.placeholders = Counter()
        if self.job.payload["dry_run"]:
            result["people"] = sorted({one.family_name for one in self.reading.people.new})
            self._examples(result, sound, outcomes)
        self.job.result = result

    def _count_people(self, made: list[User]) -> None:
        names = [*self.job.result["people"], *(one.family_name for one in made)]
        self.job.result = {**self.job.result, "people": names}

    def _examples(self, result: dict, sound: list, outcomes: list[Outcome]) -> None:
        """Whom the file knows differently, field by field: only while there is room."""
        found = result.setdefault("examples", [])
        for (row, _draft), outcome in zip(sound, outcomes, strict=True):
            if len(found) >= EXAMPLES:
                return
            if outcome.what == What.UPDATED and outcome.lead.pk is not None:
                changes = [[name, _text(old), _text(new)] for name, old, new in outcome.changes]
                found.append({"line": row.line, "lead": outcome.lead.pk, "changes": changes})

    def _note_leads(self, outcomes: list[Outcome]) -> None:
        """The list behind the counts; a lead that came in by this file stays new in it."""
        if self.job.payload["dry_run"]:
            return
        found: dict[int, str] = {}
        for outcome in outcomes:
            if outcome.what in (What.NEW, What.UPDATED):
                found.setdefault(outcome.lead.pk, outcome.what.value)
        ImportedLead.objects.bulk_create(
            [ImportedLead(job=self.job, lead_id=pk, what=found[pk]) for pk in sorted(found)],
            ignore_conflicts=True,
        )

    def _keep_rejections(self, rejected: list[tuple[Row, list[Problem]]]) -> None:
        ImportRejection.objects.bulk_create(
            [
                ImportRejection(
                    job=self.job,
                    line=row.line,
                    column=problems[0].column[:200],
                    code=problems[0].code,
                    data=problems[0].data
                    | {"also": [[one.column, one.code, one.data] for one in problems[1:]]},
                    row=[cell.replace("\0", "\ufffd") for cell in row.cells],
                )
                for row, problems in rejected
            ]
        )


class KnownRows:
    """What earlier rows of the file spoke of, kept as eight bytes each beside the job."""

    def __init__(self, job: Job):
        self.seen: set[int] = set()
        self.fresh = array.array("Q")
        self.file = job.files.filter(purpose="keys").first()
        if self.file:
            found = array.array("Q")
            found.frombytes(self.file.content)
            self.seen.update(found)

    def meet(self, known_by: list[str], repeats: list[str]) -> bool:
        """Whether an earlier row spoke of the same; from now on this one is known too."""
        is_known = any(_digest(key) in self.seen for key in repeats)
        for key in known_by:
            number = _digest(key)
            if number not in self.seen:
                self.seen.add(number)
                self.fresh.append(number)
        return is_known

    def save(self, job: Job) -> None:
        """Keep what was met since the last time, in the present transaction."""
        if not self.fresh:
            return
        self.file = self.file or files.new_file(name="keys", purpose="keys", job=job)
        files.append(self.file, self.fresh.tobytes())
        self.file.save(update_fields=["size"])
        self.fresh = array.array("Q")


def _digest(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest())


def _text(value) -> str | bool:
    if isinstance(value, bool):
        return value
    return "" if value is None else str(value)


def import_ended(job: Job) -> None:
    """Tell who waits, and throw away what only the work itself needed."""
    job.files.filter(purpose="keys").delete()
    failed = job.state == JobState.FAILED
    is_long = job.started_at and now() - job.started_at > WORTH_TELLING
    if (
        job.by
        and not job.payload["dry_run"]
        and (failed or (job.state == JobState.DONE and is_long))
    ):
        tell(job.by, f"job.{job.state}", path=f"/leads/imports/{job.pk}/", job=job.pk)


@transaction.atomic
def again(
    check: Job, *, by: User | None, dry_run: bool, fixes: dict | None = None, **changes
) -> Job:
    """A check once more with other terms, or, without `dry_run`, the import it was a check of.

    `fixes` (line → heading → cell) stand in for cells that could not be taken. What the check kept
    of people's data goes.
    """
    demand(by, "import")
    file = StoredFile.objects.filter(pk=check.payload["file"]).first()
    if file is None:
        raise Malformed(_("The file is not kept any more. Upload it again."), field="file")
    merged = {**check.payload["fixes"]}
    for line, cells in (fixes or {}).items():
        merged[line] = {**merged.get(line, {}), **cells}
    payload = check.payload | changes | {"dry_run": dry_run, "fixes": merged}
    check.rejections.all().delete()
    Job.objects.filter(pk=check.pk).update(result={**check.result, "examples": []})
    return jobs.start_job(KIND, by=by, payload=payload, files=[file])


jobs.register(jobs.Kind(KIND, import_step, import_ended))
