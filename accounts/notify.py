"""Telling people by mail: claims notices that are due, renders each in its reader's language, sends.

The notice rows are the outbox. A kick names some of them; the sweeper asks for whatever is left. What
waits for one reader goes into one mail.
"""

import logging
import time
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.identity import INVITATION_LASTS, invitation_url, reset_url
from accounts.models import Notice, Organisation, User
from accounts.notices import LETTERS, Told, tell_all
from common import now
from common.kick import begun

log = logging.getLogger(__name__)

# Longer than one mail can take: who claimed and died loses the claim after this.
LEASE = timedelta(minutes=2)
# Minutes to wait after each failed attempt; after the last one the mail is given up, the inbox has it.
BACKOFF = (1, 5, 15, 60, 240, 720)
# News older than this is not worth a mail any more.
STALE = timedelta(days=3)
# A task does at most this much and leaves the rest to the next.
SECONDS = 20
MOST_IN_ONE_MAIL = 20


@shared_task
def mail_notices(ids: list[int]) -> None:
    """Send what waits for the readers of these notices."""
    readers = Notice.objects.filter(pk__in=ids).values_list("to_id", flat=True).distinct()
    mail_readers(list(readers))


@shared_task
def drain_outbox() -> int:
    """Send whatever is due by mail: news, what the broker lost, what failed before. Also every minute."""
    begun(drain_outbox)
    at = now()
    Notice.objects.filter(mail_due=True, created_at__lt=at - STALE).update(
        mail_due=False, lease_until=None
    )
    due = Notice.objects.all().to_mail(at=at).order_by("pk").values_list("to_id", flat=True)
    return mail_readers(list(dict.fromkeys(due[:1000])))


def mail_readers(readers: list[int]) -> int:
    """Send each of these people what waits for them, over one connection. Returns the mails sent."""
    end, sent = time.monotonic() + SECONDS, 0
    connection = get_connection()
    try:
        for reader in readers:
            if time.monotonic() > end:
                break
            sent += _mail_reader(reader, connection)
    finally:
        connection.close()
    return sent


def _mail_reader(reader_id: int, connection) -> int:
    at = now()
    notices = _claim(reader_id, at)
    if not notices:
        return 0
    letters = [[notice] for notice in notices if notice.kind in LETTERS]
    news = [notice for notice in notices if notice.kind not in LETTERS]
    return sum(_send(notices, connection) for notices in filter(None, [*letters, news]))


@transaction.atomic
def _claim(reader_id: int, at: datetime) -> list[Notice]:
    """What is due for one reader, held by this worker until the lease is over; rows others hold are skipped."""
    rows = Notice.objects.filter(to=reader_id).to_mail(at=at).select_for_update(skip_locked=True)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    claimed = Notice.objects.filter(pk__in=ids)
    if not ids or not claimed.update(lease_until=at + LEASE, attempts=F("attempts") + 1):
        return []
    return list(claimed.select_related("to__team", "by").order_by("pk"))


def _send(notices: list[Notice], connection) -> int:
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    reader = notices[0].to
    if not reader.is_active:
        rows.update(mail_due=False, lease_until=None)
        return 0
    try:
        write(reader, notices, connection).send()
    except (
        Exception
    ) as failed:  # the mail server's client raises many kinds; none may stop the others
        _retry_later(rows, max(notice.attempts for notice in notices), failed)
        return 0
    rows.update(mail_due=False, lease_until=None, mailed_at=now())
    return 1


def _retry_later(rows, attempts: int, failed: Exception) -> None:
    ids = list(rows.values_list("pk", flat=True))
    if attempts > len(BACKOFF):
        rows.update(mail_due=False, lease_until=None)
        log.error("notices %s were not mailed after %s attempts: %s", ids, attempts, failed)
        return
    wait = timedelta(minutes=BACKOFF[attempts - 1])
    rows.update(lease_until=now() + wait)
    log.warning("notices %s were not mailed, again in %s: %s", ids, wait, failed)


def write(reader: User, notices: list[Notice], connection=None) -> EmailMultiAlternatives:
    """The mail that tells `reader` of `notices`, in their language and time zone."""
    with translation.override(reader.language), timezone.override(reader.time_zone):
        told = tell_all(notices, reader)
        content = _content(reader, told)
        subject = " ".join(content["subject"].split())
        text = render_to_string("accounts/mail.txt", content)
        mail = EmailMultiAlternatives(subject, text, to=[reader.email], connection=connection)
        mail.attach_alternative(render_to_string("accounts/mail.html", content), "text/html")
        return mail


def _content(reader: User, told: list[Told]) -> dict:
    first = told[0]
    letter = _letter(reader, first)
    if letter is None:
        rest = len(told) - 1
        more = ngettext("%(first)s, and %(n)s more", "%(first)s, and %(n)s more", rest)
        subject = more % {"first": first.title, "n": rest} if rest else first.title
        letter = {
            "subject": subject,
            "told": [(one, _address(one)) for one in told[:MOST_IN_ONE_MAIL]],
        }
    return letter | {
        "reader": reader,
        "language": reader.language,
        "organisation": Organisation.current().name,
        "site": settings.SITE_URL,
        "inbox": settings.SITE_URL + reverse("accounts:notices"),
        "profile": settings.SITE_URL + reverse("accounts:profile"),
        "left_out": max(0, len(told) - MOST_IN_ONE_MAIL),
    }


def _address(told: Told) -> str:
    return settings.SITE_URL + (told.notice.path or reverse("accounts:notices"))


def _letter(reader: User, told: Told) -> dict | None:
    """Subject, words and link of a letter about the account itself; None for news."""
    kind = told.notice.kind
    if kind == "account.invited":
        words = [
            _(
                "Here marketing and sales hand over leads to each other. Open this link and choose a password:"
            ),
            _("Then sign in with %(email)s. The link works once, for %(days)s days.")
            % {"email": reader.email, "days": INVITATION_LASTS.days},
        ]
        return {"subject": told.title, "words": words, "link": invitation_url(reader)}
    if kind == "account.reset":
        words = [
            _("Somebody, probably you, asked for a new password. Open this link to choose one:"),
            _(
                "The link works once and for three days. If you did not ask, do nothing: the old password stays."
            ),
        ]
        return {"subject": told.title, "words": words, "link": reset_url(reader)}
    if kind == "account.password":
        words = [
            _(
                "The password of your account was changed just now. All other devices were signed out."
            ),
            _("If this was not you, have a new password sent at once and tell your administrator."),
        ]
        link = settings.SITE_URL + reverse("account_reset_password")
        return {"subject": told.title, "words": words, "link": link}
    return None
