"""Telling people by mail: loads notices by id, renders each in its reader's language, sends."""

from celery import shared_task


@shared_task
def mail_notices(ids):
    """Send these notices by mail, each at most once by one worker at a time."""
