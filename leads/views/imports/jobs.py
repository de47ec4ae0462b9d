"""Steps three and four, and the page of any job: check, progress, result, and what it left behind."""

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from common import formats, jobs, now
from common.csvs import csv_response, in_portions
from common.files import pieces_of
from common.keyset import portions
from common.models import Job
from common.states import JobState
from common.web import is_htmx
from leads.actions.captures import Existing, What
from leads.exporting.job import KIND as EXPORT
from leads.importing import report
from leads.importing.formats import Format
from leads.importing.forms import EXISTING
from leads.importing.job import KIND, again
from leads.importing.mapping import REASON_COLUMN
from leads.importing.tally import EXAMPLES
from leads.importing.targets import TARGETS
from leads.models import ImportedLead, ImportRejection, Lead

# Other jobs have pages of their own.
KINDS = (KIND, EXPORT)
SHOWN = 50
EXAMPLES_SHOWN = 5


def own_job(request, pk: int, **more) -> Job:
    """A job the person started, or any for an administrator; else 404."""
    job = get_object_or_404(Job.objects.select_related("by").filter(kind__in=KINDS), pk=pk, **more)
    if not jobs.may_see(request.user, job):
        raise Http404
    return job


@require_safe
def job_page(request, pk: int):
    """The job as it stands; while it runs, only its progress is asked for again."""
    job = own_job(request, pk)
    if job.is_open:
        return _running(request, job)
    if is_htmx(request):
        return HttpResponseClientRefresh()
    if job.kind != KIND:
        return render(request, "leads/import/export.html", _export(job))
    if job.payload["dry_run"] and job.state == JobState.DONE:
        return render(request, "leads/import/check.html", _check(job, request.GET))
    return render(request, "leads/import/result.html", _result(job))


def _running(request, job: Job):
    is_import = job.kind == KIND
    context = {
        "job": job,
        "url": request.path,
        "is_check": is_import and job.payload["dry_run"],
        "is_import": is_import,
        "left": jobs.seconds_left(job, at=now()),
        "counts": _counts(job) if is_import else [],
        "step": 3 if is_import and job.payload["dry_run"] else 4,
    }
    template = "leads/import/_running.html" if is_htmx(request) else "leads/import/run.html"
    return render(request, template, context)


def _counts(job: Job) -> list[tuple[str, str, int]]:
    return [(one.value, one.label, job.result.get(one.value, 0)) for one in What]


def _check(job: Job, said) -> dict:
    """What the import would do, before it does it."""
    result = job.result
    every = said.get("all") == "1"
    ready = result[What.NEW] + result[What.UPDATED]
    return {
        "job": job,
        "step": 3,
        "target": TARGETS[job.payload["target"]],
        "ready": ready,
        "existing": result[What.UPDATED] + result[What.UNCHANGED],
        "examples": _examples(job, EXAMPLES if every else EXAMPLES_SHOWN),
        "hidden": max(0, min(result[What.UPDATED], EXAMPLES) - EXAMPLES_SHOWN) if not every else 0,
        "policies": [(code, words, code == job.payload["existing"]) for code, words in EXISTING],
        "rejections": _rejections(job),
        "groups": report.groups(job),
        "notes": report.notes_of(job),
        "left_out": report.columns_left_out(job),
        "read_as": report.how_read(Format.of(job.payload["form"])),
        "unknown_people": job.rejections.filter(code="person_unknown").exists(),
        "back": reverse("leads:import_file", args=[job.payload["file"]]),
        "most_shown": SHOWN,
    }


def _examples(job: Job, most: int) -> list[dict]:
    """Whom the file knows differently: what stands there now, and what the file says."""
    found = job.result.get("examples", [])[:most]
    leads = Lead.objects.select_related("company").in_bulk([one["lead"] for one in found])
    labels = {one.name: one.label for one in TARGETS[job.payload["target"]].fields()}
    # Columns of a lead that fields of a file fill under another name.
    labels |= {"company": labels.get("company.name"), "stage": labels.get("stage")}
    return [
        {
            "line": one["line"],
            "lead": leads[one["lead"]],
            "changes": [
                (labels.get(name) or name, _shown(before), _shown(after))
                for name, before, after in one["changes"]
            ],
        }
        for one in found
        if one["lead"] in leads
    ]


def _shown(value) -> str:
    if value in (None, ""):
        return formats.NOTHING
    return {True: _("Yes"), False: _("No")}.get(value, value) if isinstance(value, bool) else value


def _rejections(job: Job) -> list[dict]:
    """The first rows that did not go in, each with its reasons and, by column, where to mend it."""
    heading = job.payload["heading"]
    return [
        {
            "line": one.line,
            "who": _who(job, one),
            "reasons": report.reasons(one),
            "cells": _cells_at_fault(one, heading) if len(one.row) == len(heading) else [],
        }
        for one in job.rejections.all()[:SHOWN]
    ]


def _cells_at_fault(rejection: ImportRejection, heading: list[str]) -> list[dict]:
    columns = dict.fromkeys(column for column, _words in report.reasons(rejection))
    return [
        {
            "input": f"fix-{rejection.line}-{heading.index(column)}",
            "column": column,
            "value": rejection.row[heading.index(column)],
        }
        for column in columns
        if column in heading
    ]


def _who(job: Job, rejection: ImportRejection) -> str:
    """Company and name as the row says them, to find it again."""
    columns, heading = job.payload["columns"], job.payload["heading"]
    wanted = ("company.name", "name", "family_name", "given_name", "lead.name")
    found = [
        cell
        for name, cell in zip(heading, rejection.row, strict=False)
        if columns.get(name) in wanted and cell.strip()
    ]
    return " ".join(found)[:80] or next((cell[:40] for cell in rejection.row if cell.strip()), "")


def _result(job: Job) -> dict:
    counted = job.imported.values("what").annotate(n=Count("pk")).values_list("what", "n")
    leads = dict(counted)
    return {
        "job": job,
        "step": 4,
        "target": TARGETS[job.payload["target"]],
        "counts": _counts(job),
        "taken": sum(
            job.result.get(one.value, 0) for one in (What.NEW, What.UPDATED, What.UNCHANGED)
        ),
        "leads_new": leads.get(What.NEW, 0),
        "leads_updated": leads.get(What.UPDATED, 0),
        "qualified": ImportedLead.objects.filter(job=job, lead__stage="mql").count(),
        "rejections": _rejections(job),
        "groups": report.groups(job),
        "notes": report.notes_of(job),
        "left_out": report.columns_left_out(job),
        "read_as": report.how_read(Format.of(job.payload["form"])),
        "seconds": (job.finished_at - (job.started_at or job.finished_at)).total_seconds(),
        "most_shown": SHOWN,
    }


def _export(job: Job) -> dict:
    return {"job": job, "file": job.files.filter(purpose="export").first()}


@require_POST
def run(request, pk: int):
    """The check was good: import the file, with what was written for cells that were not."""
    check = own_job(request, pk, kind=KIND, payload__dry_run=True, state=JobState.DONE)
    job = again(check, by=request.user, dry_run=False, fixes=_fixes(request.POST, check))
    return redirect("leads:job", job.pk)


@require_POST
def check_again(request, pk: int):
    """The same file under other terms for those we have, or with mended cells."""
    check = own_job(request, pk, kind=KIND, payload__dry_run=True, state=JobState.DONE)
    existing = request.POST.get("existing", check.payload["existing"])
    if existing not in {one.value for one in Existing}:
        existing = check.payload["existing"]
    create = check.payload["create_people"] or request.POST.get("create_people") == "1"
    job = again(
        check,
        by=request.user,
        dry_run=True,
        fixes=_fixes(request.POST, check),
        existing=existing,
        create_people=create,
    )
    return redirect("leads:job", job.pk)


def _fixes(said, check: Job) -> dict[str, dict[str, str]]:
    """fix-<line>-<column> → what somebody wrote, where it differs from what the file says."""
    heading = check.payload["heading"]
    rows = {one.line: one.row for one in check.rejections.all()[:SHOWN]}
    found: dict[str, dict[str, str]] = {}
    for name, value in said.items():
        parts = name.split("-")
        if len(parts) != 3 or parts[0] != "fix" or not all(one.isdigit() and one.isascii() and len(one) < 10 for one in parts[1:]):  # fmt: skip
            continue
        line, at = int(parts[1]), int(parts[2])
        row = rows.get(line)
        if row and at < min(len(heading), len(row)) and value != row[at]:
            found.setdefault(str(line), {})[heading[at]] = value[:20_000]
    return found


@require_POST
def cancellation(request, pk: int):
    """Stop the job; what it did so far stays."""
    job = own_job(request, pk)
    jobs.cancel_job(job, by=request.user)
    return redirect("leads:job" if job.kind == KIND else "leads:export_job", pk)


@require_safe
def rejections(request, pk: int) -> HttpResponse:
    """The rows that did not go in, as a file: mend it and import it again."""
    job = own_job(request, pk, kind=KIND)
    was = job.payload["heading"]
    heading = [*(one for one in was if one != REASON_COLUMN), REASON_COLUMN]
    # A file that came back once has its old reasons in a column, which goes.
    old = was.index(REASON_COLUMN) if REASON_COLUMN in was else None
    rows = (
        [*_padded(one, heading, old), report.reasons_in_line(one)]
        for one in portions(job.rejections.all())
    )
    name = f"{job.payload['name'].rsplit('.', 1)[0]}-{job.pk}.csv"
    return csv_response(in_portions(heading, rows), name)


def _padded(rejection: ImportRejection, heading: list[str], old: int | None) -> list[str]:
    """The cells under their headings; of a row with too many the last ones are kept together."""
    width = len(heading) - 1
    cells = [cell for at, cell in enumerate(rejection.row) if at != old]
    if len(cells) > width:
        cells = [*cells[: width - 1], " ".join(cells[width - 1 :])]
    return [*cells, *[""] * (width - len(cells))]


@require_safe
def job_file(request, pk: int) -> HttpResponse:
    """What a job made: the file of an export."""
    job = own_job(request, pk, state=JobState.DONE)
    file = job.files.filter(purpose="export").first()
    if file is None:
        raise Http404
    return csv_response(pieces_of(file), file.name)
