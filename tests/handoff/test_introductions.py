"""The warm introduction: seen before it goes, sent once, in the giver's name, answered to the taker."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.db import connections

from common import now
from common.clock import time_at
from common.refusals import Malformed, NotAllowed, Refusal
from handoff.actions import introduce_taker, return_lead
from handoff.actions.introductions import draft_introduction, language_of
from handoff.models import Introduction
from handoff.notify import LEASE, mail_introductions
from leads.actions import record_consent
from tests.factories import a_company, a_reason, an_accepted, an_mql, an_offer

HTMX = {"HX-Request": "true"}
MAIL = {"subject": "Hello", "text": "This is Sota."}


def a_willing_lead(noa, **fields):
    fields = {"email": "saeki@example.com", "company": a_company("Aoba")} | fields
    lead = an_mql("Saeki", **fields)
    record_consent(lead, by=noa, channel="email", granted=True, evidence="Form")
    return lead


@pytest.fixture
def taken(noa, sota):
    return an_accepted(a_willing_lead(noa), by=noa, taker=sota)


class TestTheVerb:
    def test_it_is_mailed_once_and_answers_go_to_the_taker(self, taken, noa, sota):
        introduce_taker(taken, by=noa, **MAIL)
        assert not mail.outbox, "never inside the transaction"
        assert mail_introductions() == 1
        assert mail_introductions() == 0
        (sent,) = mail.outbox
        assert (sent.subject, sent.body, sent.to) == (
            "Hello",
            "This is Sota.",
            ["saeki@example.com"],
        )
        assert sent.reply_to == [sota.email]
        assert sent.from_email.startswith("Noa <")
        assert f"introduction-{taken.pk}@" in sent.extra_headers["Message-ID"]

    def test_it_stands_on_the_timeline_as_a_mail_of_ours(self, taken, noa):
        introduce_taker(taken, by=noa, **MAIL)
        touch = taken.lead.touches.get()
        assert (touch.kind, touch.direction, touch.by) == ("mail_sent", "out", noa)
        event = taken.lead.events.get(verb="handoff.introduce")
        assert event.data == {"touch": touch.pk}
        taken.refresh_from_db()
        assert taken.introduced_at == touch.at
        assert taken.first_attempt_at is None, "the taker has not reached out yet"

    def test_the_same_again_is_one_mail_and_another_is_refused(self, taken, noa):
        first = introduce_taker(taken, by=noa, **MAIL)
        assert introduce_taker(taken, by=noa, **MAIL) == first
        with pytest.raises(Refusal):
            introduce_taker(taken, by=noa, subject="Again", text="Again")
        assert Introduction.objects.count() == 1

    def test_without_an_address_or_consent_nothing_is_sent(self, noa, sota):
        for lead in (a_willing_lead(noa, email=""), an_mql("Abe", email="abe@example.com")):
            handoff = an_accepted(lead, by=noa, taker=sota)
            with pytest.raises(Refusal):
                introduce_taker(handoff, by=noa, **MAIL)
        no = a_willing_lead(noa)
        record_consent(no, by=noa, channel="email", granted=False, evidence="Mail")
        with pytest.raises(Refusal):
            introduce_taker(an_accepted(no, by=noa, taker=sota), by=noa, **MAIL)
        assert not Introduction.objects.exists()

    def test_only_an_accepted_handoff_has_somebody_to_introduce(self, noa, sota):
        waiting = an_offer(a_willing_lead(noa), by=noa)
        with pytest.raises(Refusal):
            introduce_taker(waiting, by=noa, **MAIL)
        returned = an_accepted(a_willing_lead(noa), by=noa, taker=sota)
        return_lead(returned, by=sota, reason=a_reason())
        with pytest.raises(Refusal):
            introduce_taker(returned, by=noa, **MAIL)

    def test_the_taking_side_introduces_nobody(self, taken, sota, ren, paz):
        for who in (sota, ren, paz):
            with pytest.raises(NotAllowed):
                introduce_taker(taken, by=who, **MAIL)

    @pytest.mark.parametrize(
        "wrong", [{"subject": " "}, {"text": " "}, {"subject": "x" * 201}, {"text": "x" * 5001}]
    )
    def test_what_is_no_mail_is_refused(self, taken, noa, wrong):
        with pytest.raises(Malformed):
            introduce_taker(taken, by=noa, **(MAIL | wrong))
        assert not Introduction.objects.exists()


class TestTheOutbox:
    def test_a_mail_server_that_is_down_is_asked_again(self, taken, noa, monkeypatch):
        introduce_taker(taken, by=noa, **MAIL)

        def refuse(*args, **kwargs):
            raise SMTPException("451 try again later")

        with monkeypatch.context() as broken:
            broken.setattr("django.core.mail.EmailMessage.send", refuse)
            assert mail_introductions() == 0
        assert mail_introductions() == 0, "not at once"
        with time_at(now() + timedelta(minutes=2)):
            assert mail_introductions() == 1

    def test_who_claimed_and_died_loses_the_claim(self, taken, noa):
        introduction = introduce_taker(taken, by=noa, **MAIL)
        Introduction.objects.filter(pk=introduction.pk).update(lease_until=now() + LEASE)
        assert mail_introductions() == 0
        with time_at(now() + LEASE + timedelta(seconds=1)):
            assert mail_introductions() == 1

    @pytest.mark.django_db(transaction=True)
    def test_many_workers_at_once_send_it_once(self, noa, sota):
        handoff = an_accepted(a_willing_lead(noa), by=noa, taker=sota)
        introduce_taker(handoff, by=noa, **MAIL)
        mail.outbox.clear()
        Introduction.objects.update(mail_due=True, mailed_at=None, lease_until=None)

        def work(_n):
            try:
                return mail_introductions()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as workers:
            assert sum(workers.map(work, range(8))) == 1
        assert len(mail.outbox) == 1


class TestTheText:
    def test_it_is_written_in_the_language_of_the_lead(self, noa, sota):
        japanese = an_accepted(a_willing_lead(noa, given_name="千尋"), by=noa, taker=sota)
        english = an_accepted(a_willing_lead(noa), by=noa, taker=sota)
        assert (language_of(japanese.lead), language_of(english.lead)) == ("ja", "en")
        draft = draft_introduction(japanese, by=noa, language="ja")
        assert "様" in draft.text
        assert "Aoba\n" in draft.text
        draft = draft_introduction(english, by=noa, language="en")
        assert draft.text.startswith("Dear Saeki,")
        assert sota.email in draft.text


class TestThePage:
    def test_the_text_is_shown_changed_and_sent(self, as_user, taken, noa):
        client = as_user(noa)
        assert (
            f"/handoffs/{taken.pk}/introduction/"
            in client.get(f"/handoffs/{taken.pk}/").content.decode()
        )
        url = f"/handoffs/{taken.pk}/introduction/"
        page = client.get(url, headers=HTMX).content.decode()
        assert "saeki@example.com" in page
        assert "Dear Saeki," in page
        assert "様" in client.get(f"{url}?lang=ja", headers=HTMX).content.decode()
        assert client.post(url, {"subject": "", "text": "x"}, headers=HTMX).status_code == 422
        client.post(url, {"subject": "Changed", "text": "By me"}, headers=HTMX)
        assert Introduction.objects.get().text == "By me"
        assert client.get(url, headers=HTMX).status_code == 409
        assert "was introduced by e-mail" in client.get(f"/handoffs/{taken.pk}/").content.decode()

    def test_it_is_not_offered_where_it_cannot_be_sent(self, as_user, noa, sota, rin):
        handoff = an_accepted(an_mql("Abe"), by=noa, taker=sota)
        assert "/introduction/" not in as_user(noa).get(f"/handoffs/{handoff.pk}/").content.decode()
        assert as_user(sota).get(f"/handoffs/{handoff.pk}/introduction/").status_code == 403
