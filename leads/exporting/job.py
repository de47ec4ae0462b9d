"""The job behind a large export: some thousand rows a step, each step a piece of the file."""

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone, translation

from accounts.actions import tell
from accounts.models import User
from common import csvs, files, jobs, now
from common.models import Job, StoredFile
from common.states import JobState
from leads.exporting.exports import EXPORTS, cells
from leads.permissions import demand

KIND = "export"
AT_ONCE = 2_000


def start_export(what: str, params: QueryDict, *, by: User) -> Job:
    """Begin to write the rows that `params` mean, of those `by` may see, into a file."""
    demand(by, "export")
    payload = {"what": what, "params": params.urlencode(), "name": file_name(what)}
    return jobs.start_job(KIND, by=by, payload=payload)


def file_name(what: str) -> str:
    return f"smarketing-{what}-{timezone.localtime(now()):%Y%m%d-%H%M}.csv"


def export_step(job: Job) -> bool:
    """Count at first, then write a portion. True when all rows are written."""
    demand(job.by, "export")
    language = getattr(job.by, "language", "") or settings.LANGUAGE_CODE
    zone = getattr(job.by, "time_zone", "") or settings.TIME_ZONE
    with translation.override(language), timezone.override(zone):
        return _step(job)


def _step(job: Job) -> bool:
    export = EXPORTS[job.payload["what"]]
    rows = export.found(QueryDict(job.payload["params"]), job.by)
    if job.total is None:
        job.total = rows.order_by().count()
        _append(job, csvs.BOM + csvs.lines([export.heading()]))
        return False
    after = job.cursor.get("after", 0)
    portion = list(rows.filter(pk__gt=after)[:AT_ONCE])
    if portion:
        _append(job, csvs.lines(cells(export, portion)))
        job.cursor = {"after": portion[-1].pk}
        job.done += len(portion)
    return len(portion) < AT_ONCE


def _append(job: Job, text: str) -> None:
    file = job.files.filter(purpose=KIND).first() or _new_file(job)
    files.append(file, text.encode())
    file.save(update_fields=["size"])


def _new_file(job: Job) -> StoredFile:
    return files.new_file(
        name=job.payload["name"], by=job.by, job=job, purpose=KIND, content_type="text/csv"
    )


def export_ended(job: Job) -> None:
    """Tell who waits: an export is only a job where it takes its time."""
    if job.state == JobState.CANCELLED:
        job.files.all().delete()
    elif job.by:
        tell(job.by, f"job.{job.state}", path=f"/leads/exports/{job.pk}/", job=job.pk)


jobs.register(jobs.Kind(KIND, export_step, export_ended))
