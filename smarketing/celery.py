"""The Celery app. Its settings are the `CELERY_…` names of the Django settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.settings.base")

app = Celery("smarketing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# What tells people lies below the verbs, in a drawer Celery does not look into by itself.
app.autodiscover_tasks(related_name="notify")
