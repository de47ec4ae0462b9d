"""What came of an import, in the reader's words: counts, what was recognised, what looks damaged, reasons."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from common.models import Job
from leads.actions.captures import What
from leads.importing.damage import note, note_sentence
from leads.importing.dates import ORDER_NAMES, Order
from leads.importing.formats import DELIMITERS, ENCODINGS, Format
from leads.importing.problems import sentence
from leads.importing.targets import TARGETS
from leads.models import ImportRejection

# Said first: somebody has to do something about them.
WARNINGS = frozenset(
    {
        "ranges_became_dates", "dates_among_words", "scientific", "spreadsheet_error", "too_narrow", "garbled",
        "date_order_unclear", "won_before_captured",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Note:
    sentence: str
    is_warning: bool


def how_read(form: Format) -> str:
    """How the file was read: "UTF-8, parted by semicolons"."""
    if form.is_xlsx:
        return _("XLSX, sheet “%(sheet)s”") % {"sheet": form.sheet} if form.sheet else "XLSX"
    mark = _(" with byte order mark") if form.bom else ""
    return _("%(encoding)s, cells parted by %(delimiter)s") % {
        "encoding": f"{ENCODINGS[form.encoding]}{mark}",
        "delimiter": DELIMITERS.get(form.delimiter, form.delimiter),
    }


def notes_of(job: Job) -> list[Note]:
    """All that is to be said about the file besides its rows, warnings first."""
    found = [*job.result.get("notes", []), *_counted(job)]
    told = [Note(note_sentence(_in_words(one)), one["code"] in WARNINGS) for one in found]
    return sorted(told, key=lambda one: not one.is_warning)


def _counted(job: Job) -> Iterator[dict]:
    result = job.result
    if count := result.get("repeats"):
        yield note("repeats", count=count)
    for name, count in result.get("placeholders", {}).items():
        yield note("placeholder", column=name, count=count)
    for flag, count in result.get("flags", {}).items():
        yield note(flag, count=count)
    if people := result.get("people"):
        yield note("people_to_make" if job.payload["dry_run"] else "people_made", count=len(people))


def _in_words(found: dict) -> dict:
    data = dict(found["data"])
    if "order" in data:
        data["order"] = str(ORDER_NAMES[Order(data["order"])])
    if found["code"] == "several_columns":
        data["field"] = data["label"]
    return {"code": found["code"], "data": data}


def columns_left_out(job: Job) -> list[str]:
    """The columns of the file that went nowhere."""
    columns = job.payload["columns"]
    return [name for name in job.payload["heading"] if not columns.get(name)]


def reasons(rejection: ImportRejection) -> list[tuple[str, str]]:
    """(column, sentence) of every reason why the row did not go in."""
    also = rejection.data.get("also", [])
    return [
        (rejection.column, sentence(rejection.code, rejection.data)),
        *((column, sentence(code, data)) for column, code, data in also),
    ]


def reasons_in_line(rejection: ImportRejection) -> str:
    """All reasons of a row in one cell."""
    return " ".join(
        f"{column}: {words}" if column else words for column, words in reasons(rejection)
    )


@dataclass(frozen=True)
class Group:
    """Rows refused for the same reason in the same column, with one of them as an example."""

    column: str
    sentence: str
    rows: int


def groups(job: Job, *, most: int = 10) -> list[Group]:
    """The reasons why rows did not go in, most frequent first."""
    found = (
        job.rejections.values("code", "column")
        .annotate(rows=Count("pk"), first=Min("pk"))
        .order_by("-rows", "first")[:most]
    )
    examples = ImportRejection.objects.in_bulk([one["first"] for one in found])
    return [
        Group(one["column"], sentence(one["code"], examples[one["first"]].data), one["rows"])
        for one in found
    ]


def as_data(job: Job, *, most: int = 1000) -> dict:
    """The report for a program: counts, notes, and the first `most` rejected rows."""
    rejected = job.rejections.all()[:most]
    return {
        "job": job.pk,
        "state": job.state,
        "error": job.error,
        "file": job.payload["name"],
        "read_as": how_read(Format.of(job.payload["form"])),
        "target": job.payload["target"],
        "dry_run": job.payload["dry_run"],
        "columns": {name: place for name, place in job.payload["columns"].items() if place},
        "left_out": columns_left_out(job),
        "rows": job.total or 0,
        **{one.value: job.result.get(one.value, 0) for one in What},
        "notes": [one.sentence for one in notes_of(job)],
        "reasons": [asdict(one) for one in groups(job)],
        "rejections": [
            {
                "line": one.line,
                "reasons": [{"column": column, "reason": words} for column, words in reasons(one)],
            }
            for one in rejected
        ],
    }


def target_label(job: Job) -> str:
    return str(TARGETS[job.payload["target"]].label)
