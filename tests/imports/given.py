"""Files, and imports of them, as tests tell of them."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings

from common import jobs
from common.files import store
from common.models import Job, StoredFile
from leads.importing import mapping
from leads.importing.formats import guess_format
from leads.importing.job import start_import
from leads.importing.reading import Table
from leads.importing.targets import TARGETS

REAL = Path(settings.BASE_DIR).parent / "shared" / "data"


def real(name: str) -> Path:
    """A file of real data, which is not part of the product: the test is skipped where it is absent."""
    path = REAL / name
    if not path.exists():
        pytest.skip(f"real data is not here: {path}")
    return path


def a_file(content: bytes | str, name: str = "rows.csv", by=None) -> StoredFile:
    data = content.encode() if isinstance(content, str) else content
    return store([data], name=name, by=by, purpose="import")


def a_table(content: bytes | str, **how) -> Table:
    file = a_file(content)
    return Table(file, guess_format(file, **how))


def csv_of(*rows, delimiter=",", encoding="utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_of(*rows, title="Sheet") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def started(
    content, target="leads", *, by=None, said=None, name="rows.csv", here=True, how=None, **terms
) -> Job:
    """An import of `content` that has begun; `said` is heading → field, `how` how it is read."""
    file = content if isinstance(content, StoredFile) else a_file(content, name, by)
    form = guess_format(file, **(how or {}))
    heading = Table(file, form).heading
    columns = mapping.settle(TARGETS[target], heading, said or {})
    return start_import(
        file, by=by, target=target, form=form, heading=heading, columns=columns, here=here, **terms
    )


def imported(content, target="leads", **what) -> Job:
    """The import, run to its end in this process."""
    return jobs.run_here(started(content, target, **what))


def counts(job: Job) -> tuple[int, int, int, int]:
    """(new, updated, unchanged, rejected), which add up to the rows of the file."""
    assert job.state == "done", job.error
    found = tuple(job.result[one] for one in ("new", "updated", "unchanged", "rejected"))
    assert sum(found) == job.total == job.done
    return found


def reasons(job: Job) -> list[tuple[int, str, str]]:
    """(line, column, code) of every row that did not go in."""
    return list(job.rejections.values_list("line", "column", "code"))
