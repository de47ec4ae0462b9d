"""Composition root: settings, addresses, tasks, schedule. Sees every app; no app imports it."""

# Tasks have `delay_on_commit` only once the Celery app is loaded.
from .celery import app as celery_app

__all__ = ["celery_app"]
