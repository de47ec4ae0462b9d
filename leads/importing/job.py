"""The job behind every import: looks through the file once, then takes it in sets of a thousand rows."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import User
from common import jobs, now
from common.models import Job, StoredFile
from common.refusals import Malformed
from common.states import JobState
from leads.actions.captures import Existing
from leads.importing.formats import Format
from leads.importing.session import Session
from leads.permissions import demand

KIND = "import"
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
    everybody in the file agreed to, and `evidence` how we know. `order` says whether day or month
    comes first where the file does not. A `dry_run` judges every row and writes none. Raises
    `Malformed` for what cannot work.
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
