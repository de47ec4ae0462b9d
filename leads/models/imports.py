"""What imports remember: how columns were mapped, and the rows that were refused."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.models import Job
from leads.models.leads import Lead


class ImportMapping(models.Model):
    """A remembered mapping of columns to fields, offered again for a file with the same header."""

    kind = models.CharField(max_length=10)
    name = models.CharField(_("name"), max_length=100)
    signature = models.CharField(max_length=64, help_text="SHA-256 of the header row.")
    columns = models.JSONField(default=dict, help_text="Column name → field.")
    options = models.JSONField(default=dict)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    used_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "signature"], name="mapping_of_header")]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="mapping_name_once")]


class ImportRejection(models.Model):
    """A row of a file that did not go in: its line, the column at fault, and why."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="rejections")
    line = models.PositiveBigIntegerField()
    column = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40)
    data = models.JSONField(default=dict, help_text="Values the sentence needs.")
    row = models.JSONField(default=list, help_text="The cells as they were.")

    class Meta:
        ordering = ["line", "id"]
        indexes = [models.Index(fields=["job", "line"], name="rejection_of_job")]


class ImportedLead(models.Model):
    """That a file brought a lead in or changed it: the list behind the counts of an import."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="imported", db_index=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="imports", db_index=False)
    what = models.CharField(max_length=7, help_text="new or updated; new wins.")

    class Meta:
        indexes = [models.Index(fields=["lead"], name="imported_of_lead")]
        constraints = [
            # In this order it is also the index behind the list of a job.
            models.UniqueConstraint(fields=["job", "lead"], name="imported_lead_once")
        ]
