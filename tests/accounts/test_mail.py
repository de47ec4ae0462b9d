"""Mails: each notice at most once by one worker, again after a failure, never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.db import connection, connections, transaction

from accounts import notify
from accounts.actions import invite_person, tell
from accounts.models import Notice
from common import now
from common.clock import time_at
from tests.factories import a_lead, an_mql, an_offer, the_team


def pending(**what):
    return Notice.objects.filter(mail_due=True, **what)


def drain():
    notify.drain_outbox()
    return mail.outbox


@pytest.fixture
def told(noa, sota):
    """Sota is told of an offer, and has no mail yet."""
    return an_offer(an_mql("Saeki"), by=noa, taker=sota)


class Broken:
    """A mail server that refuses everybody."""

    def __init__(self, monkeypatch):
        self.tries = 0
        monkeypatch.setattr("django.core.mail.EmailMessage.send", self.refuse)

    def refuse(self, *args, **kwargs):
        self.tries += 1
        raise SMTPException("451 try again later")


def test_a_notice_is_mailed_once_with_its_link(told, sota, settings):
    (message,) = drain()
    assert message.to == [sota.email]
    assert message.subject == "Noa offers you Saeki"
    assert f"{settings.SITE_URL}/handoffs/{told.pk}/" in message.body
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert f"{settings.SITE_URL}/handoffs/{told.pk}/" in html
    assert len(drain()) == 1, "not again"
    assert Notice.objects.get(to=sota).mailed_at


def test_each_reader_gets_their_own_language(noa, sota, rin):
    sota.language = "ja"
    sota.save()
    an_offer(an_mql("Saeki"), by=noa)
    by_reader = {message.to[0]: message for message in drain()}
    assert by_reader[sota.email].subject.endswith("引き渡しが届きました")
    assert "プロフィール" in by_reader[sota.email].body
    assert by_reader[rin.email].subject == "Noa offers Saeki to your team"


def test_many_notices_for_one_reader_are_one_mail(noa, sota):
    for _ in range(25):
        tell(sota, "lead.commented", by=noa, lead=an_mql())
    (message,) = drain()
    assert message.subject.endswith(", and 24 more")
    assert "and 5 more in your inbox" in message.body
    assert message.body.count(" commented on ") == notify.MOST_IN_ONE_MAIL


def test_a_kick_for_one_notice_takes_along_what_else_waits(noa, sota):
    rows = [tell(sota, "lead.commented", by=noa, lead=an_mql())[0] for _ in range(3)]
    notify.mail_notices([rows[0].pk])
    assert len(mail.outbox) == 1
    assert not pending().exists()


def test_letters_go_by_themselves_with_their_links(noa, settings):
    tell(noa, "account.reset", mail=True)
    tell(noa, "lead.commented", lead=an_mql())
    reset, news = sorted(drain(), key=lambda message: "commented" in message.body)
    assert reset.subject == "Choose a new password for Smarketing"
    assert f"{settings.SITE_URL}/accounts/password/reset/key/" in reset.body
    assert "/reset/" not in news.body


def test_who_has_not_come_in_yet_gets_the_invitation_but_no_word_of_leads(ada, noa, settings):
    """The address may be mistyped."""
    yui = invite_person(
        by=ada, email="yui@example.com", family_name="Yui", team=the_team("sales"), language="en"
    )
    an_offer(an_mql("Saeki"), by=noa)
    (invitation,) = drain()
    assert invitation.to == [yui.email]
    assert invitation.subject == "Ada invites you to Smarketing"
    assert f"{settings.SITE_URL}/invitations/" in invitation.body
    assert "7 days" in invitation.body
    assert "Saeki" not in invitation.body


def test_who_wants_no_mail_gets_none_but_letters(noa, sota):
    sota.notices_by_mail = False
    sota.save()
    tell(sota, "lead.commented", by=noa, lead=an_mql())
    tell(sota, "account.password", mail=True)
    assert [message.subject for message in drain()] == ["Your password was changed"]


def test_who_was_closed_meanwhile_gets_none(told, sota):
    sota.is_active = False
    sota.save()
    assert drain() == []
    assert not pending().exists()


def test_a_failure_waits_longer_each_time_and_ends(told, monkeypatch):
    server = Broken(monkeypatch)
    at = now()
    waits = []
    for _ in range(len(notify.BACKOFF) + 1):
        with time_at(at):
            notify.drain_outbox()
            notice = Notice.objects.get()
            if notice.lease_until:
                waits.append((notice.lease_until - at) // timedelta(minutes=1))
            notify.drain_outbox()  # at once: not due yet
        at = (notice.lease_until or at) + timedelta(seconds=1)
    assert waits == list(notify.BACKOFF)
    assert server.tries == len(notify.BACKOFF) + 1
    assert not pending().exists(), "given up; the inbox has it"
    assert Notice.objects.get().mailed_at is None


def test_after_the_mail_server_is_back_the_mail_goes(told, monkeypatch):
    with monkeypatch.context() as while_down:
        Broken(while_down)
        drain()
    with time_at(now() + timedelta(minutes=2)):
        assert len(drain()) == 1


def test_one_bad_address_does_not_hold_back_the_others(noa, sota, rin, monkeypatch):
    real = mail.EmailMessage.send

    def send(self, *args, **kwargs):
        if self.to == [sota.email]:
            raise SMTPException("550 no such user")
        return real(self, *args, **kwargs)

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    tell([sota, rin], "lead.commented", by=noa, lead=an_mql())
    assert [message.to for message in drain()] == [[rin.email]]


def test_what_another_worker_holds_is_left_alone(told):
    Notice.objects.update(lease_until=now() + timedelta(minutes=1))
    assert drain() == []
    Notice.objects.update(lease_until=now() - timedelta(seconds=1))  # that worker died
    assert len(drain()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(noa, sota):
    def work(_n):
        try:
            return notify.mail_readers([sota.pk])
        finally:
            connections.close_all()

    tell(sota, "lead.commented", by=noa, lead=an_mql())
    with ThreadPoolExecutor(6) as workers:
        assert sum(workers.map(work, range(6))) == 1


def test_old_news_is_not_mailed_any_more(noa, sota):
    tell(sota, "lead.commented", by=noa, lead=an_mql(), at=now() - timedelta(days=4))
    assert drain() == []
    assert not pending().exists()


def test_line_breaks_in_names_cannot_add_headers(noa, sota):
    lead = a_lead("Saeki\r\nBcc: evil@example.com")
    noa.family_name = "Noa\nX-Evil: 1"
    noa.save()
    tell(sota, "lead.commented", by=noa, lead=lead)
    (message,) = drain()
    assert "\n" not in message.subject
    raw = message.message()
    assert raw["Bcc"] is None
    assert raw["X-Evil"] is None
    assert message.recipients() == [sota.email]


def test_words_in_names_are_no_markup_in_the_mail(noa, sota):
    tell(sota, "lead.commented", by=noa, lead=a_lead("<img src=x>"))
    (message,) = drain()
    assert "<img" not in message.alternatives[0][0]
    assert "<img src=x>" in message.body


def test_nothing_is_mailed_of_what_did_not_happen(noa, sota):
    class Gone(Exception):
        pass

    def offer_and_fail():
        with transaction.atomic():
            an_offer(by=noa, taker=sota)
            raise Gone

    with pytest.raises(Gone):
        offer_and_fail()
    assert not Notice.objects.exists()
    assert drain() == []


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_verb_succeeds_and_the_sweeper_mails(noa, sota, monkeypatch):
    def gone(*args, **kwargs):
        raise ConnectionError("broker away")

    monkeypatch.setattr("celery.app.task.Task.apply_async", gone)
    an_offer(by=noa, taker=sota)
    assert pending().count() == 1
    assert len(drain()) == 1


def test_the_outbox_is_read_by_its_index(told, django_assert_max_num_queries):
    drain()
    with django_assert_max_num_queries(3) as asked:  # the time, what is stale, what is due
        notify.drain_outbox()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked.captured_queries[-1]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "notice_outbox" in plan, plan
