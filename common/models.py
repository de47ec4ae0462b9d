"""Long work with progress (`Job`) and the files it reads or makes (`StoredFile`)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from common.states import OPEN_JOB_STATES, JobState


class JobQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state__in=OPEN_JOB_STATES)

    def resumable(self, *, at):
        """Open jobs that nobody is working on: never started, or the worker died (lease over)."""
        return self.open().filter(Q(lease_until=None) | Q(lease_until__lt=at))


class Job(models.Model):
    """One piece of long work, done chunk by chunk; what is done is committed with its progress.

    A worker holds the `lease_until` while it does a chunk; after a kill the lease runs out and
    the next worker goes on from `cursor`.
    """

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    payload = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    total = models.PositiveBigIntegerField(null=True, help_text="Units of work, once known.")
    done = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    cancel_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Claims since the last step that was committed."
    )
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["lease_until"], name="job_open", condition=Q(state__in=OPEN_JOB_STATES)
            ),
            models.Index(fields=["by", "-id"], name="job_by"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_JOB_STATES

    @property
    def percent(self) -> int | None:
        """Whole percent done, or None while the total is unknown."""
        return min(100, self.done * 100 // self.total) if self.total else None


class StoredFile(models.Model):
    """A file kept in the database, so that every web and worker machine reads the same one."""

    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    job = models.ForeignKey(Job, null=True, on_delete=models.CASCADE, related_name="files")
    purpose = models.CharField(max_length=20, blank=True, help_text="What the job uses it for.")
    created_at = models.DateTimeField()

    @cached_property
    def content(self) -> bytes:
        """The whole file; for reading in pieces use `common.files.open_stored`."""
        return b"".join(bytes(data) for data in self.pieces.values_list("data", flat=True))


class FilePiece(models.Model):
    """One megabyte of a stored file at most: a row that neither the wire nor memory minds."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="file_piece_once")]
