"""The clock names tasks that exist."""

from smarketing.celery import app
from smarketing.schedule import SCHEDULE


def test_every_task_of_the_schedule_exists():
    app.loader.import_default_modules()
    assert [entry["task"] for entry in SCHEDULE.values() if entry["task"] not in app.tasks] == []
