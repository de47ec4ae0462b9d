"""What the clock starts: mails that no kick has sent."""

from celery import shared_task

from accounts.models import Notice
from accounts.notify import STALE, mail_readers
from common import now
from common.kick import begun


@shared_task
def drain_outbox() -> int:
    """Send whatever is due by mail: what the broker lost, what a killed worker held, what failed before."""
    begun(drain_outbox)
    at = now()
    Notice.objects.filter(mail_due=True, created_at__lt=at - STALE).update(
        mail_due=False, lease_until=None
    )
    due = Notice.objects.all().to_mail(at=at).order_by("pk").values_list("to_id", flat=True)
    return mail_readers(list(dict.fromkeys(due[:1000])))
