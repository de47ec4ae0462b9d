"""An import at work: looks through the file once, then takes it in sets of a thousand rows."""

from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from common.models import Job, StoredFile
from common.refusals import Malformed
from leads.actions.captures import Existing, Terms, What
from leads.importing import mapping, tally
from leads.importing.damage import Damage, note
from leads.importing.dates import Order, order_of
from leads.importing.drafts import Drafter
from leads.importing.fields import Reading
from leads.importing.formats import Format
from leads.importing.known_rows import KnownRows
from leads.importing.people import People
from leads.importing.problems import Bad, Problem, sentence
from leads.importing.reading import Place, Row, Table
from leads.importing.targets import TARGETS, Target
from leads.importing.values import one_line

AT_ONCE = 1_000


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
            tally.count_people(self.job, made)
        outcomes = self.target.capture([draft for _row, draft in sound], terms)
        for (row, _draft), outcome in zip(sound, outcomes, strict=True):
            if outcome.what == What.REJECTED:
                column = self.drafter.column_of(outcome.at_fault)
                rejected.append((row, [Problem(outcome.code, outcome.data, column)]))
        tally.count_rows(self.job, sound, outcomes, rejected, self.drafter)
        if terms.dry_run:
            tally.foresee(self.job, sound, outcomes, self.reading.people)
        else:
            tally.note_leads(self.job, outcomes)
        tally.keep_rejections(self.job, rejected)
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
