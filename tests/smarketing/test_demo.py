"""The demo: an invented company whose rules were kept, with something to do for everybody today."""

import csv
import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Absence, Notice, User, WorkingCalendar
from common import time_at
from common.text import normalise_company
from handoff.models import (
    Agreement,
    Clock,
    Deal,
    Entrustment,
    Handoff,
    Introduction,
    Proposal,
    QueuedLead,
    ReturnCondition,
)
from leads.models import Company, Fact, FollowUp, Hearing, Lead, LeadEvent, Question
from smarketing.demo import books
from smarketing.demo.load import load
from smarketing.demo.signins import SIGN_INS
from tests.factories import a_lead, a_team
from tests.promises import broken

TOKYO = ZoneInfo("Asia/Tokyo")
A_WEDNESDAY = datetime(2026, 11, 18, 14, 20, tzinfo=TOKYO)
# Moments that are awkward to tell a present at: a holiday at night, and the first working minute.
A_HOLIDAY = datetime(2027, 1, 2, 3, 0, tzinfo=TOKYO)
A_MONDAY_MORNING = datetime(2026, 10, 5, 9, 0, tzinfo=TOKYO)
# The hand-written scenes and a dozen others.
LEADS = 40
# A directory of real establishments, where one is at hand.
REAL = Path(settings.BASE_DIR).parent / "shared/data/jp_companies_japanpost/JIGYOSYO.CSV"


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The demo of a Wednesday afternoon, for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_at(A_WEDNESDAY):
            yield load(leads=LEADS)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _database(request, django_db_blocker):
    """Tests of the told demo read it; pytest-django runs those with a database of their own first."""
    if "told" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("told")
    with django_db_blocker.unblock():
        yield


def one(role: str) -> User:
    return User.objects.get(email=f"{role}@example.com")


def test_every_promise_holds_in_the_demo(told):
    assert broken() == []
    assert Lead.objects.count() == LEADS


@pytest.mark.parametrize("sign_in", SIGN_INS, ids=lambda one: one.role)
def test_everybody_named_can_sign_in(told, sign_in):
    user = User.objects.get(email=sign_in.email)
    assert authenticate(None, email=sign_in.email, password=sign_in.password) == user
    validate_password(sign_in.password, user)
    assert user.notices_by_mail


def test_the_rep_has_offers_by_name_and_in_the_pool_one_of_them_late(told):
    rep = one("rep")
    waiting = Handoff.objects.waiting().for_taker(rep)
    assert waiting.filter(named=True).count() >= 2
    assert waiting.filter(taker=None).count() >= 2
    late = Clock.objects.overdue(at=A_WEDNESDAY)
    assert late.filter(handoff__in=waiting).exists()
    assert late.filter(owner=rep, kind="contact").exists()
    assert Deal.objects.open().filter(owner=rep).exists()
    assert Deal.objects.won().filter(owner=rep).exists()
    assert FollowUp.objects.open().filter(owner=rep, due_at__date=A_WEDNESDAY.date()).exists()
    assert Notice.objects.filter(to=rep).unread().exists()


def test_the_marketer_has_returns_questions_and_leads_that_are_ready(told):
    marketer = one("marketer")
    returned = Handoff.objects.to_acknowledge().filter(giver=marketer)
    assert returned.count() >= 2
    assert Clock.objects.overdue(at=A_WEDNESDAY).filter(handoff__in=returned).exists()
    assert Question.objects.unanswered().filter(lead__marketer=marketer).exists()
    assert Lead.objects.ready_to_offer().filter(marketer=marketer).exists()


def test_inside_sales_and_the_agency_have_work_as_well(told):
    for who in ("inside", "partner"):
        assert Handoff.objects.waiting().for_taker(one(who)).exists()
        assert Handoff.objects.accepted().filter(taker=one(who)).exists()
    partner = one("partner")
    seen = Lead.objects.visible_to(partner)
    assert 0 < seen.count() < 10
    assert seen.filter(handoffs__taker_team=partner.team).exists()


def test_the_agreement_is_signed_by_both_heads(told):
    agreement = Agreement.objects.in_force().get()
    assert not agreement.is_draft
    assert (agreement.marketing_head, agreement.sales_head) == (one("marketing"), one("sales"))


def test_handoffs_carry_the_version_of_their_time(told):
    assert Agreement.objects.in_force().get().version == 2
    assert set(Handoff.objects.values_list("agreement_version", flat=True)) == {1, 2}


def test_a_proposal_waits_for_the_signature_of_sales_alone(told):
    proposal = Proposal.objects.open().get()
    assert proposal.marketing_signed_at
    assert proposal.sales_signed_at is None
    assert proposal.why
    assert sorted(proposal.comments.values_list("clause", flat=True)) == ["", "sales_accept"]


def test_leads_wait_for_a_manager_each_for_another_reason(told):
    reasons = sorted(QueuedLead.objects.waiting().values_list("reason", flat=True))
    assert reasons == ["lapsed", "no_rule", "nobody"]


def test_returns_wait_for_what_sales_named_and_one_has_come_true(told):
    watched = set(ReturnCondition.objects.watching().values_list("kind", flat=True))
    assert {"fact", "date"} <= watched
    again = Handoff.objects.waiting().filter(by_condition__isnull=False, taker=one("rep"))
    assert again.get().round == 2


def test_one_customer_asked_to_wait_and_the_clock_rests(told):
    resting = Handoff.objects.accepted().filter(taker=one("rep"), paused_until__gt=A_WEDNESDAY)
    assert resting.exists()


def test_the_company_closes_at_new_year_and_people_are_away(told):
    assert WorkingCalendar.objects.count() == 2
    for calendar in WorkingCalendar.objects.all():
        assert not calendar.business().works_on(date(2026, 12, 30))
    assert Absence.objects.on(date(2026, 11, 24)).get().stand_in
    assert Absence.objects.on(A_WEDNESDAY.date()).exists()


def test_known_answers_were_asked_for_and_mostly_confirmed(told):
    assert Hearing.objects.confirmed().exists()


def test_the_agency_has_its_terms_and_a_register(told):
    seat = one("partner").team.seat
    assert seat.purpose
    assert "phone" not in seat.masked
    assert seat.ends_on > A_WEDNESDAY.date()
    assert Entrustment.objects.running().filter(team=seat.team).exists()


def test_the_introduction_of_the_demo_is_never_really_mailed(told):
    mail = Introduction.objects.get()
    assert not mail.mail_due
    assert mail.to.endswith(".example")


def test_both_languages_are_spoken(told):
    assert Fact.objects.filter(
        value__regex="[a-z]{4}", lead__company__name__endswith="Ltd."
    ).exists()
    assert Fact.objects.filter(value__regex="[ぁ-ん]").exists()


def test_nobody_real_can_be_reached_from_the_demo(told):
    for lead in Lead.objects.all():
        assert not lead.email or lead.email.endswith(".example")
        for number in filter(None, (lead.phone, lead.mobile)):
            # No exchange in Japan begins with a nought; 555-01xx is kept for stories.
            assert re.match(r"0\d{1,3}-0+-|090-0000-|\+1 202-555-01", number), number
    assert all(company.domain.endswith(".example") for company in Company.objects.all())
    assert all(user.email.endswith("@example.com") for user in User.objects.all())


def test_mails_are_not_sent_for_what_happened_long_ago(told):
    assert not Notice.objects.filter(mail_due=True).exists()


@pytest.mark.skipif(not REAL.exists(), reason="No directory of real establishments at hand.")
def test_no_company_that_may_be_told_is_a_real_one():
    with REAL.open(encoding="cp932", newline="") as file:
        real = "\n".join(normalise_company(row[2]) for row in csv.reader(file))
    names = books.read("names")
    trades = [part[0] for line in names["trades"].values() for part in books.split(line)]
    told = [prefix[0] + trade for prefix in books.split(names["prefixes"]) for trade in trades]
    told += [scene["company"].rsplit(" ", 7)[0] for scene in books.read("scenes")["scene"]]
    assert [name for name in told if normalise_company(name) in real] == []


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("moment", [A_HOLIDAY, A_MONDAY_MORNING], ids=["holiday", "monday"])
def test_the_same_seed_tells_the_same_whenever_it_is_told(moment):
    def telling() -> list:
        with transaction.atomic(), time_at(moment):
            load(leads=LEADS, seed=3)
            assert broken() == []
            rows = LeadEvent.objects.order_by("id").values_list("verb", "at", "by__email", "data")
            told = [(verb, at, by, sorted(data)) for verb, at, by, data in rows]
            transaction.set_rollback(True)
        return told

    assert telling() == telling()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "made", [a_lead, lambda: User.objects.create_user("a@b.example", team=a_team())]
)
def test_it_never_mixes_with_what_is_there(made):
    made()
    with pytest.raises(CommandError, match="needs an empty one"):
        call_command("demo")


@pytest.mark.nodb
@pytest.mark.parametrize("leads", ["0", "100001"])
def test_a_size_beyond_reason_is_refused(leads):
    with pytest.raises(CommandError, match="between"):
        call_command("demo", "--leads", leads)
