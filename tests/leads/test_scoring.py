"""Scores people believe: every number is the sum of its parts."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common import now, time_at
from leads.actions.touches import log_touch, withdraw_touch
from leads.models import Lead
from leads.scoring import engagement, explain, fit_of, heat_added, rules_in_force, threshold
from tests.factories import a_company, a_lead


def fresh(lead):
    return Lead.objects.select_related("company").get(pk=lead.pk)


def test_points_halve_with_every_half_life(defaults):
    lead, moment = a_lead(), now()
    log_touch(lead, by=None, kind="seminar_attended", machine=True)
    lead = fresh(lead)
    assert engagement(lead, at=moment) == pytest.approx(20, rel=1e-3)
    assert engagement(lead, at=moment + timedelta(days=30)) == pytest.approx(10, rel=1e-3)
    assert engagement(lead, at=moment + timedelta(days=90)) == pytest.approx(2.5, rel=1e-3)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    touches=st.lists(
        st.tuples(
            st.sampled_from(
                ["form", "visit", "mail_opened", "download", "call", "seminar_attended"]
            ),
            st.integers(0, 300),
            st.sampled_from(["", "reached", "not_interested"]),
        ),
        max_size=12,
    )
)
def test_the_stored_heat_equals_a_naive_sum_over_the_touches(touches, defaults):
    lead, moment = a_lead(captured_at=now() - timedelta(days=400)), now()
    for kind, days, result in touches:
        log_touch(
            lead, by=None, kind=kind, result=result, at=moment - timedelta(days=days), machine=True
        )
    lead = fresh(lead)
    naive = sum(
        touch.points * 0.5 ** ((moment - touch.at) / timedelta(days=30))
        for touch in lead.touches.all()
    )
    assert engagement(lead, at=moment) == pytest.approx(max(0, naive), abs=1e-6)
    explanation = explain(lead, at=moment)
    parts = sum(part.points for part in explanation.engagement_parts) + explanation.older
    if lead.heat > 0:
        assert parts == pytest.approx(explanation.engagement, abs=1e-9)


def test_three_mails_a_week_count_and_the_fourth_does_not(defaults):
    lead = a_lead()
    moment = now() - timedelta(days=1)
    given_points = [
        log_touch(
            lead, by=None, kind="mail_clicked", at=moment + timedelta(hours=n), machine=True
        ).points
        for n in range(4)
    ]
    assert given_points == [4, 4, 4, 0]


def test_taking_a_touch_back_sums_again(noa):
    lead = a_lead()
    log_touch(lead, by=noa, kind="download")
    heat = fresh(lead).heat
    wrong = log_touch(lead, by=noa, kind="form")
    assert fresh(lead).heat > heat
    withdraw_touch(wrong, by=noa)
    assert fresh(lead).heat == pytest.approx(heat)
    assert fresh(lead).last_touch.startswith("download:")


def test_warm_enough_now_is_an_index_range(defaults):
    moment = now()
    lead = a_lead(heat=heat_added(65.001, at=moment))
    cold = a_lead(heat=heat_added(64.999, at=moment))
    found = Lead.objects.filter(heat__gte=threshold(65, at=moment))
    assert lead in found
    assert cold not in found


def test_a_negative_sum_shows_as_nothing(defaults):
    lead = a_lead()
    log_touch(lead, by=None, kind="call", result="not_interested", machine=True)
    assert fresh(lead).heat < 0
    assert engagement(fresh(lead), at=now()) == 0


def test_a_head_of_department_of_a_mid_sized_company_is_an_a(defaults):
    company = a_company(industry="金属加工", employees=320)
    lead = a_lead(
        company=company, title="生産技術部 部長", phone="052-000-4821", email="saeki@naruse.example"
    )
    points, grade = fit_of(lead)
    assert (points, grade) == (90, "A")
    explained = explain(fresh(lead), at=now())
    assert sum(part.points for part in explained.fit_parts) == 90


def test_of_rules_about_one_field_only_the_first_that_holds_counts(defaults):
    lead = a_lead(company=a_company(employees=5000))
    assert fit_of(lead)[0] == 20


def test_the_same_webhook_twice_is_one_touch(defaults):
    lead = a_lead()
    first = log_touch(lead, by=None, kind="form", external_id="ma-1", machine=True)
    heat = fresh(lead).heat
    assert log_touch(lead, by=None, kind="form", external_id="ma-1", machine=True) == first
    assert fresh(lead).heat == heat


def test_a_demo_request_qualifies_by_itself_in_the_touch_s_own_transaction(defaults):
    lead = a_lead()
    log_touch(lead, by=None, kind="form", result="demo", machine=True)
    lead = fresh(lead)
    assert lead.stage == "mql"
    assert lead.mql_at
    event = lead.events.get(verb="lead.qualify")
    assert (event.data["because"], event.agreement_version, event.by) == ("trigger", 1, None)


def test_fit_and_engagement_together_qualify(defaults):
    lead = a_lead(fit="B")
    for kind in ("seminar_attended", "question", "form", "download"):
        log_touch(lead, by=None, kind=kind, machine=True)
    assert fresh(lead).stage == "mql"


def test_warm_but_not_our_kind_of_customer_does_not_qualify(defaults):
    lead = a_lead(fit="C")
    for kind in ("seminar_attended", "question", "form", "hearing", "web_meeting"):
        log_touch(lead, by=None, kind=kind, machine=True)
    assert fresh(lead).stage == "new"


def test_until_its_date_a_returned_lead_does_not_qualify_by_score(defaults):
    moment = now()
    lead = a_lead(fit="A", stage="nurturing", revisit_on=(moment + timedelta(days=30)).date())
    for kind in ("seminar_attended", "question", "hearing", "form"):
        log_touch(lead, by=None, kind=kind, machine=True)
    assert fresh(lead).stage == "nurturing"
    with time_at(moment + timedelta(days=31)):
        for kind in ("seminar_attended", "question", "hearing", "form"):
            log_touch(lead, by=None, kind=kind, machine=True)
    assert fresh(lead).stage == "mql"


def test_the_default_rules_are_one_set_in_force(defaults):
    assert rules_in_force().set.version == 1
    assert len(rules_in_force().engagement) > 20
