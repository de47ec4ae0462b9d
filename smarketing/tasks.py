"""What the clock starts for the house itself."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def forget_sessions() -> None:
    """Every night: sessions that have run out."""
    call_command("clearsessions", verbosity=0)
