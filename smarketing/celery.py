"""The Celery app. Its settings are the `CELERY_…` names of the Django settings."""

import os

from celery import Celery
from celery.signals import celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.settings.base")

app = Celery("smarketing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# What tells people lies below the verbs, in a drawer Celery does not look into by itself.
app.autodiscover_tasks(related_name="notify")


@celeryd_init.connect
def _wait_for_tasks(conf, **_):
    """A worker listens for long; a page that publishes must not."""
    conf.broker_transport_options = {**conf.broker_transport_options, "socket_timeout": 5}
