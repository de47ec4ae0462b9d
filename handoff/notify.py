"""Mailing introductions: claims what is due, sends it in the giver's name, once each.

The rows are the outbox. A kick starts it at once; the sweeper asks again for whatever is left.
"""

import logging
import time
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.utils import parseaddr

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F

from accounts.models import Organisation
from common import now
from common.kick import begun
from handoff.models import Introduction

log = logging.getLogger(__name__)

# Longer than one mail can take: who claimed and died loses the claim after this.
LEASE = timedelta(minutes=2)
# Minutes to wait after each failed attempt; after the last one the mail is given up.
BACKOFF = (1, 5, 15, 60, 240, 720)
# A task does at most this much and leaves the rest to the next.
SECONDS = 20


@shared_task
def mail_introductions() -> int:
    """Send the introductions that are due. Returns how many went out."""
    begun(mail_introductions)
    end, sent = time.monotonic() + SECONDS, 0
    due = Introduction.objects.all().to_mail(at=now()).order_by("created_at")
    for pk in list(due.values_list("pk", flat=True)[:200]):
        if time.monotonic() > end:
            break
        sent += _mail(pk)
    return sent


def _mail(pk: int) -> int:
    introduction = _claim(pk, now())
    if introduction is None:
        return 0
    row = Introduction.objects.filter(pk=pk)
    try:
        write(introduction).send()
    except (
        Exception
    ) as failed:  # the mail server's client raises many kinds; none may stop the others
        _retry_later(row, introduction.attempts, failed)
        return 0
    row.update(mail_due=False, lease_until=None, mailed_at=now())
    return 1


@transaction.atomic
def _claim(pk: int, at: datetime) -> Introduction | None:
    """The row, held by this worker until the lease is over; None where another one holds or sent it."""
    due = Introduction.objects.all().to_mail(at=at).filter(pk=pk)
    if due.update(lease_until=at + LEASE, attempts=F("attempts") + 1) != 1:
        return None
    return Introduction.objects.select_related("by").get(pk=pk)


def _retry_later(row, attempts: int, failed: Exception) -> None:
    pk = row.get().pk
    if attempts > len(BACKOFF):
        row.update(mail_due=False, lease_until=None)
        log.error("introduction %s was not mailed after %s attempts: %s", pk, attempts, failed)
        return
    wait = timedelta(minutes=BACKOFF[attempts - 1])
    row.update(lease_until=now() + wait)
    log.warning("introduction %s was not mailed, again in %s: %s", pk, wait, failed)


def write(introduction: Introduction) -> EmailMessage:
    """The mail: from our own address in the giver's name, for no other server would vouch for theirs.

    Its id is that of the row: sent again after a crash, mail programs show it once.
    """
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    name = introduction.by.name if introduction.by else Organisation.current().name
    host = address.rpartition("@")[2]
    return EmailMessage(
        introduction.subject,
        introduction.text,
        str(Address(name, addr_spec=address)),
        [introduction.to],
        reply_to=[introduction.reply_to],
        headers={"Message-ID": f"<introduction-{introduction.pk}@{host}>"},
    )
