"""Long work in steps: each commits its effect and its progress together, so any of them may be the last.

A kind of job is a function that does one step (a second or so of work) in the present transaction
and says whether that was all. Whoever runs it holds a lease; after a kill the lease runs out, and
the next worker goes on from what the last committed step wrote into `cursor`.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from common import now
from common.kick import kick
from common.models import Job, StoredFile
from common.refusals import NotAllowed, Refusal
from common.states import JobState

log = logging.getLogger(__name__)

# Longer than any step may take, so that a lease runs out only under a worker that is gone.
LEASE = timedelta(seconds=60)
CHUNK_SECONDS = 8
# A step that kills its worker (memory, a machine that restarts) is not tried for ever.
MOST_ATTEMPTS = 5
RETRY_AFTER = timedelta(seconds=5)

STOPPED_TOO_OFTEN = _("This stopped several times at the same place. Tell your administrator.")
UNEXPECTED = _(
    "Something unexpected stopped this. What was done before stays; your administrator finds the cause in the log."
)


@dataclass(frozen=True)
class Kind:
    """A kind of job. `step(job)` changes `cursor`, `done`, `total` and `result` of `job` in memory
    and the rest of the world in the present transaction; it answers True when all is done.
    `ended(job)` runs in the transaction in which the job became done, failed or cancelled."""

    name: str
    step: Callable[[Job], bool]
    ended: Callable[[Job], None] | None = None


KINDS: dict[str, Kind] = {}


class LeaseLost(Exception):
    """Somebody else works on this job now: what this step did is rolled back."""


def register(kind: Kind) -> Kind:
    """Make `kind` known; called when the apps are ready."""
    KINDS[kind.name] = kind
    return kind


@transaction.atomic
def start_job(
    kind: str, *, by, payload: dict | None = None, files: Iterable[StoredFile] = (), here=False
) -> Job:
    """A new job of `kind` for `by` (None: the system), queued as the present transaction commits.

    `files` belong to the job from now on. With `here` the caller runs it itself by `run_here`;
    should the caller die, a worker goes on.
    """
    moment = now()
    job = Job.objects.create(
        kind=KINDS[kind].name,
        by=by,
        payload=payload or {},
        created_at=moment,
        lease_until=moment + LEASE if here else None,
    )
    StoredFile.objects.filter(pk__in=[file.pk for file in files]).update(job=job)
    if not here:
        _queue(job.pk)
    return job


def _queue(pk: int) -> None:
    from common.tasks import run_job  # the task stands above: it runs what is here

    kick(run_job, pk)


def run_chunk(pk: int) -> bool:
    """Do some seconds of the job, if nobody else does; True if it is not finished yet."""
    job = _claim(pk)
    if job is None:
        return False
    return _work(job, until=time.monotonic() + CHUNK_SECONDS)


def run_here(job: Job, *, progress: Callable[[Job], None] = lambda job: None) -> Job:
    """Run a job that was started with `here=True` to its end, in this process."""
    mine = Job.objects.get(pk=job.pk)
    while mine and _work(mine, progress=progress):
        # A deadlock or a lost connection: the same step again, a little later.
        time.sleep(1)
        mine = _claim(job.pk, held=True)
    job.refresh_from_db()
    return job


def _claim(pk: int, *, held: bool = False) -> Job | None:
    """Take the lease by one conditional update; None if somebody has it or the job is over."""
    moment = now()
    free = Job.objects.open() if held else Job.objects.resumable(at=moment)
    claimed = free.filter(pk=pk).update(
        state=JobState.RUNNING,
        lease_until=moment + LEASE,
        started_at=Coalesce("started_at", moment),
        attempts=F("attempts") + 1,
    )
    if not claimed:
        return None
    job = Job.objects.select_related("by").get(pk=pk)
    if job.attempts > MOST_ATTEMPTS:
        _fail(job, STOPPED_TOO_OFTEN)
        return None
    return job


def _work(job: Job, *, until: float | None = None, progress=lambda job: None) -> bool:
    """Steps until the job ends or `until` is reached; True if there is more to do."""
    try:
        while job.is_open:
            _step(job)
            progress(job)
            if until and job.is_open and time.monotonic() >= until:
                return _pause(job)
    except LeaseLost:
        log.warning("job %s is worked on elsewhere", job.pk)
    except Refusal as refusal:
        _fail(job, refusal.sentence)
    except (DatabaseError, InterfaceError, SoftTimeLimitExceeded) as trouble:
        log.warning("job %s will be tried again: %s", job.pk, trouble)
        return _pause(job, for_a=RETRY_AFTER)
    except Exception:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        _fail(job, UNEXPECTED)
    return False


@transaction.atomic
def _step(job: Job) -> None:
    if Job.objects.filter(pk=job.pk, cancel_asked=True).exists():
        _end(job, JobState.CANCELLED)
    elif KINDS[job.kind].step(job):
        _end(job, JobState.DONE)
    else:
        _save(job, state=JobState.RUNNING, lease_until=now() + LEASE)


def _fail(job: Job, sentence) -> None:
    # The step was rolled back: what it had noted in memory did not happen.
    job.refresh_from_db(fields=["cursor", "done", "total", "result"])
    _end(job, JobState.FAILED, error=sentence)


@transaction.atomic
def _end(job: Job, state: JobState, *, error="") -> None:
    """The job is over; whoever waits for it is told in the same transaction."""
    job.error = _in_words(job, error)
    job.state = state
    if ended := KINDS[job.kind].ended:
        ended(job)
    _save(job, state=state, error=job.error, finished_at=now(), lease_until=None)


def _pause(job: Job, *, for_a: timedelta | None = None) -> bool:
    """Let go of the job; the next step is anybody's, at once or after a while."""
    until = now() + for_a if for_a else None
    Job.objects.filter(pk=job.pk, lease_until=job.lease_until).update(lease_until=until)
    return True


def _save(job: Job, **columns) -> None:
    """Write the progress, in the transaction of its effect, if the lease is still ours."""
    columns |= {name: getattr(job, name) for name in ("cursor", "done", "total", "result")}
    columns["attempts"] = 0
    if not Job.objects.filter(pk=job.pk, lease_until=job.lease_until).update(**columns):
        raise LeaseLost(job.pk)
    for name, value in columns.items():
        setattr(job, name, value)


def _in_words(job: Job, sentence) -> str:
    """The sentence in the language of the person who waits for the job."""
    with translation.override(getattr(job.by, "language", "") or settings.LANGUAGE_CODE):
        return str(sentence)


def cancel_job(job: Job, *, by) -> Job:
    """Stop the job after its present step; what was done stays. Repeated, or too late: nothing changes."""
    if not may_see(by, job):
        raise NotAllowed
    waiting = Job.objects.filter(pk=job.pk, state=JobState.QUEUED, lease_until=None)
    waiting.update(state=JobState.CANCELLED, finished_at=now(), cancel_asked=True)
    Job.objects.open().filter(pk=job.pk).update(cancel_asked=True)
    job.refresh_from_db()
    return job


def may_see(user, job: Job) -> bool:
    """A job belongs to who started it; an administrator sees all."""
    return job.by_id == user.pk or getattr(user, "is_administrator", False)


def seconds_left(job: Job, *, at: datetime) -> int | None:
    """A guess from the pace so far, or None while there is nothing to guess from."""
    if not (job.is_open and job.started_at and job.total and job.done):
        return None
    spent = (at - job.started_at).total_seconds()
    return round(spent * (job.total - job.done) / job.done)


def kick_resumable(*, at: datetime) -> int:
    """Queue every open job that nobody works on; how many. Losing the broker thus loses no job."""
    pks = list(Job.objects.resumable(at=at).order_by("pk").values_list("pk", flat=True)[:100])
    for pk in pks:
        _queue(pk)
    return len(pks)
