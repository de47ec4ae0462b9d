"""The import, page by page: file, columns, check, run, result. Its work is a job."""

from leads.views.imports.columns import columns, preview_row
from leads.views.imports.files import file_page, imports, sample_file
from leads.views.imports.jobs import (
    cancellation,
    check_again,
    job_file,
    job_page,
    rejections,
    run,
)

__all__ = [
    "cancellation",
    "check_again",
    "columns",
    "file_page",
    "imports",
    "job_file",
    "job_page",
    "preview_row",
    "rejections",
    "run",
    "sample_file",
]
