"""What the agreement asks of a qualified lead besides fit and engagement: what is known, who is left out."""

import pytest

from leads.actions import edit_company, learn_fact, log_touch
from leads.models import Lead
from leads.scoring import definition_in_force, excluded_as
from leads.scoring.free_mail import is_free_mail
from leads.scoring.qualifying import unknown_facts
from leads.states import Exclusion
from tests.factories import a_company, a_lead, an_agreement

WARM = ("seminar_attended", "question", "form", "download")


def warm(lead) -> str:
    """The lead's stage after touches that make it warm enough."""
    for kind in WARM:
        log_touch(lead, by=None, kind=kind, machine=True)
    return Lead.objects.get(pk=lead.pk).stage


def asks_for_a_demo(lead) -> str:
    log_touch(lead, by=None, kind="form", result="demo", machine=True)
    return Lead.objects.get(pk=lead.pk).stage


def a_customer(**fields) -> Lead:
    lead = a_lead(fit="A", **fields)
    lead.won_at = lead.captured_at
    lead.save()
    return lead


def test_a_lead_qualifies_once_what_must_be_known_is_known(defaults, noa):
    an_agreement(required_facts=("need", "budget"))
    lead = a_lead(fit="A")
    assert warm(lead) == "new"
    learn_fact(lead, by=noa, field="need", value="Offline use")
    assert Lead.objects.get(pk=lead.pk).stage == "new"
    learn_fact(lead, by=noa, field="budget", value="3M")
    assert Lead.objects.get(pk=lead.pk).stage == "mql"


def test_what_must_be_known_qualifies_nobody_who_is_cold(defaults, noa):
    an_agreement(required_facts=("need",))
    lead = a_lead(fit="A")
    learn_fact(lead, by=noa, field="need", value="Offline use")
    assert Lead.objects.get(pk=lead.pk).stage == "new"


def test_a_trigger_makes_up_for_what_is_not_known(defaults):
    an_agreement(required_facts=("need",))
    assert asks_for_a_demo(a_lead(fit="D")) == "mql"


def excluded(kind: Exclusion) -> Lead:
    """A lead that the exclusion is about."""
    if kind == Exclusion.CUSTOMER:
        return a_customer(stage="nurturing")
    if kind == Exclusion.COMPETITOR:
        return a_lead(fit="A", company=a_company(is_competitor=True))
    if kind == Exclusion.FREE_MAIL:
        return a_lead(fit="A", email="someone@gmail.com")
    return a_lead(fit="A", consent_email=False, consent_phone=False)


@pytest.mark.parametrize("kind", Exclusion)
@pytest.mark.parametrize("becoming", [warm, asks_for_a_demo])
def test_who_is_left_out_never_qualifies_by_themselves(defaults, kind, becoming):
    an_agreement(exclusions=(kind.value,))
    assert becoming(excluded(kind)) in ("new", "nurturing")


@pytest.mark.parametrize("kind", Exclusion)
def test_who_is_not_left_out_by_the_agreement_qualifies(defaults, kind):
    an_agreement(exclusions=tuple(one for one in Exclusion.values if one != kind))
    assert warm(excluded(kind)) == "mql"


def test_a_colleague_of_a_customer_is_a_customer(defaults):
    an_agreement(exclusions=("customer",))
    company = a_company()
    a_customer(stage="won", company=company)
    assert warm(a_lead(fit="A", company=company)) == "new"
    assert warm(a_lead(fit="A", company=a_company())) == "mql"
    assert warm(a_lead(fit="A")) == "mql"


def test_a_channel_nobody_asked_about_is_not_refused(defaults):
    an_agreement(exclusions=("no_consent",))
    assert warm(a_lead(fit="A", consent_email=False)) == "mql"


def test_a_company_is_marked_as_a_competitor(defaults, noa):
    company = edit_company(a_company(), by=noa, is_competitor=True)
    company.refresh_from_db()
    assert company.is_competitor


@pytest.mark.nodb
@pytest.mark.parametrize(
    ("address", "free"),
    [
        ("a@gmail.com", True),
        ("A@YAHOO.co.jp", True),
        ("a@docomo.ne.jp", True),
        ("a@mail.ocn.ne.jp", True),
        ("a@suikyo.example.co.jp", False),
        ("a@notgmail.com", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_free_mail_is_told_by_its_domain(address, free):
    assert is_free_mail(address) is free


def test_a_definition_without_such_clauses_asks_the_database_nothing_more(
    defaults, django_assert_num_queries
):
    lead, definition = a_lead(), definition_in_force()
    with django_assert_num_queries(0):
        assert excluded_as(lead, definition) is None
        assert unknown_facts(lead, definition) == []
