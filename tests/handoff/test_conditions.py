"""Return with a condition: watched, met once, and the lead goes back to whoever named it."""

from datetime import timedelta

import pytest

from accounts.models import Absence, Notice
from common import now, time_at
from common.refusals import Malformed
from handoff.actions import (
    Condition,
    accept_lead,
    disqualify_lead,
    offer_lead,
    open_deal,
    qualify_lead,
    return_lead,
)
from handoff.actions.routing import _offer_automatically
from handoff.models import Handoff, Leg, ReturnCondition
from handoff.tasks import follow_conditions, sweep_conditions
from leads.actions import learn_fact, log_touch
from leads.models import LeadEvent
from tests.factories import a_reason, a_user, an_accepted, the_lane
from tests.promises import broken
from tests.races.world import an_mql

pytestmark = pytest.mark.usefixtures("in_english")
BUDGET = Condition("fact", field="budget", words="When their budget is fixed")
DEMO = Condition("touch", touch_kind="form", touch_result="demo")


def in_days(n):
    return (now() + timedelta(days=n)).date()


@pytest.fixture
def lead(noa):
    return an_mql(noa, title="部長", phone="03-0000-0000")


@pytest.fixture
def returned(lead, noa, sota):
    """`returned(BUDGET)`: accepted by Sota and returned with this condition."""

    def give_back(condition, reason="no_budget", **said):
        handoff = an_accepted(lead, by=noa, taker=sota, next_step="Call them at one.")
        return return_lead(
            handoff, by=sota, reason=a_reason(reason), condition=condition, note="April.", **said
        )

    return give_back


def settled(handoff):
    return ReturnCondition.objects.get(handoff=handoff.pk)


def watched_now():
    """What the reader of the timeline and the look each minute do, the second being enough here."""
    follow_conditions()
    return sweep_conditions()


@pytest.mark.parametrize("condition", [BUDGET, DEMO])
def test_until_it_is_met_nothing_qualifies_the_lead_by_itself(returned, lead, condition):
    returned(condition)
    for _n in range(3):
        log_touch(lead, by=None, kind="download", machine=True)
    log_touch(lead, by=None, kind="call", result="demo", machine=True)
    watched_now()
    lead.refresh_from_db()
    assert (lead.stage, lead.awaits_condition) == ("nurturing", True)


def test_a_learnt_fact_meets_it_and_the_same_person_is_asked_again(returned, lead, noa, sota):
    handoff = returned(BUDGET)
    learn_fact(lead, by=noa, field="need", value="Downtime")
    assert watched_now() == 0
    learn_fact(lead, by=noa, field="budget", value="3 million")
    assert watched_now() == 1
    assert watched_now() == 0
    again = Handoff.objects.waiting().get()
    assert (again.taker, again.named, again.giver, again.round) == (sota, True, None, 2)
    assert again.next_step == "Call them at one."
    condition = settled(handoff)
    assert (condition.state, condition.offered) == ("met", again)
    lead.refresh_from_db()
    assert (lead.stage, lead.awaits_condition, lead.revisit_on) == ("mql", False, None)
    assert lead.events.filter(verb="lead.qualify", data__because="condition").count() == 1
    told = Notice.objects.filter(kind__startswith="condition.").values_list("kind", "to")
    assert set(told) == {("condition.met", sota.pk), ("condition.answered", noa.pk)}


def test_only_the_touch_that_was_named_meets_it(returned, lead, sota):
    handoff = returned(DEMO)
    log_touch(lead, by=None, kind="form", machine=True)
    log_touch(lead, by=None, kind="form", result="demo", at=now() - timedelta(days=9), machine=True)
    assert watched_now() == 0
    touch = log_touch(lead, by=None, kind="form", result="demo", machine=True)
    assert watched_now() == 1
    assert settled(handoff).touch == touch
    assert Handoff.objects.waiting().get().taker == sota


def test_an_answer_known_before_does_not_meet_it_a_new_one_does(returned, lead, noa):
    learn_fact(lead, by=noa, field="budget", value="1 million")
    handoff = returned(BUDGET)
    learn_fact(lead, by=noa, field="budget", value="1 million")
    assert watched_now() == 0
    learn_fact(lead, by=noa, field="budget", value="4 million")
    assert watched_now() == 1
    assert settled(handoff).state == "met"


def test_what_other_is_about_must_be_the_same(returned, lead, noa):
    returned(Condition("fact", field="other", label="Plant"))
    learn_fact(lead, by=noa, field="other", label="Holidays", value="May")
    assert watched_now() == 0
    learn_fact(lead, by=noa, field="other", label="plant", value="Kariya")
    assert watched_now() == 1


def test_on_the_day_it_comes_back_in_the_zone_of_the_organisation(returned, lead, sota):
    day = in_days(40)
    handoff = returned(Condition("date"), reason="too_early", revisit_on=day)
    lead.refresh_from_db()
    assert (handoff.revisit_on, lead.revisit_on, lead.awaits_condition) == (day, day, True)
    midnight = now().replace(hour=15, minute=0, second=0) + timedelta(
        days=(day - now().date()).days - 1
    )
    with time_at(midnight - timedelta(seconds=1)):
        assert watched_now() == 0
    with time_at(midnight + timedelta(seconds=1)):
        assert watched_now() == 1
    assert Handoff.objects.waiting().get().taker == sota


def test_what_was_not_met_by_its_day_expires_and_the_lead_is_free(returned, lead, noa):
    handoff = returned(Condition("fact", field="budget", on=in_days(30)))
    with time_at(now() + timedelta(days=31)):
        assert watched_now() == 1
        lead.refresh_from_db()
        assert (settled(handoff).state, lead.awaits_condition) == ("expired", False)
        assert not Handoff.objects.waiting().exists()
        assert Notice.objects.get(kind="condition.expired").to == noa
        log_touch(lead, by=None, kind="form", result="demo", machine=True)
    lead.refresh_from_db()
    assert lead.stage == "mql"


def test_a_marketer_may_judge_otherwise_and_it_is_dropped(returned, lead, noa):
    handoff = returned(BUDGET)
    qualify_lead(lead, by=noa, judgement="Met them at the fair.")
    lead.refresh_from_db()
    assert (lead.stage, lead.awaits_condition) == ("mql", False)
    assert settled(handoff).state == "dropped"
    learn_fact(lead, by=noa, field="budget", value="3 million")
    assert watched_now() == 0


@pytest.mark.parametrize("why", ["absent", "inactive", "left", "takes_none"])
def test_who_is_not_there_any_more_is_replaced_by_the_pool_which_says_so(
    returned, lead, noa, sota, rin, ren, why
):
    returned(BUDGET)
    if why == "absent":
        Absence.objects.create(person=sota, first_day=in_days(-1), last_day=in_days(3))
    elif why == "inactive":
        type(sota).objects.filter(pk=sota.pk).update(is_active=False)
    elif why == "takes_none":
        type(sota).objects.filter(pk=sota.pk).update(role="administrator")
    else:
        type(sota).objects.filter(pk=sota.pk).update(team=noa.team)
    learn_fact(lead, by=noa, field="budget", value="3 million")
    watched_now()
    again = Handoff.objects.waiting().get()
    assert (again.taker, again.route["why_not"]) == (None, why)
    assert {n.data[why] for n in Notice.objects.filter(kind__startswith="condition.")} == {True}
    assert Notice.objects.filter(kind="condition.met", to=rin).exists()


def test_what_cannot_be_offered_any_more_is_told_and_stays_qualified(returned, lead, noa):
    handoff = returned(BUDGET)
    type(handoff.lane).objects.filter(pk=handoff.lane_id).update(is_active=False)
    learn_fact(lead, by=noa, field="budget", value="3 million")
    watched_now()
    lead.refresh_from_db()
    assert (lead.stage, settled(handoff).state) == ("mql", "met")
    assert Notice.objects.get(kind="condition.stuck").to == noa
    assert broken() == []


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        (Condition("fact"), "fact"),
        (Condition("fact", field="other"), "label"),
        (Condition("touch"), "touch"),
        (Condition("touch", touch_kind="form", touch_result="odd"), "result"),
        (Condition("date"), "revisit_on"),
        (Condition("odd"), "wants"),
    ],
)
def test_a_condition_that_says_nothing_is_refused_and_changes_nothing(returned, condition, field):
    with pytest.raises(Malformed) as wrong:
        returned(condition)
    assert wrong.value.field == field
    assert not ReturnCondition.objects.exists()
    assert not Handoff.objects.filter(state="returned").exists()


def test_returning_twice_with_the_same_condition_is_once_another_is_too_late(returned, sota):
    handoff = returned(BUDGET)
    said = {"by": sota, "reason": a_reason(), "note": "April."}
    assert return_lead(handoff, condition=BUDGET, **said) == handoff
    with pytest.raises(Exception, match="already returned"):
        return_lead(handoff, condition=DEMO, **said)
    assert LeadEvent.objects.filter(verb="handoff.return").count() == 1


def test_disqualifying_forgets_what_was_waited_for(returned, lead, noa):
    handoff = returned(BUDGET)
    disqualify_lead(lead, by=noa, reason="A student.")
    assert settled(handoff).state == "dropped"


class TestOnTheSecondLeg:
    @pytest.fixture
    def with_iku(self, noa, iku, lead):
        return accept_lead(offer_lead(lead, by=noa, lane=the_lane("inside")), by=iku)

    @pytest.fixture
    def back_at_iku(self, with_iku, iku, sota, lead):
        onward = offer_lead(lead, by=iku, lane=the_lane("inside"))
        return return_lead(onward, by=sota, reason=a_reason(), condition=BUDGET)

    def test_inside_sales_waits_and_sales_is_asked_again(self, back_at_iku, lead, iku, sota):
        learn_fact(lead, by=iku, field="budget", value="3 million")
        assert watched_now() == 1
        again = Handoff.objects.waiting().get()
        assert (again.leg, again.round, again.taker) == (1, 2, sota)
        assert again.previous_leg.taker == iku
        assert broken() == []

    def test_what_inside_sales_does_instead_drops_it(self, back_at_iku, lead, iku):
        open_deal(lead, by=iku)
        assert settled(back_at_iku).state == "dropped"

    def test_a_return_further_back_drops_it(self, back_at_iku, with_iku, lead, iku):
        return_lead(with_iku, by=iku, reason=a_reason())
        assert settled(back_at_iku).state == "dropped"
        lead.refresh_from_db()
        assert (lead.stage, lead.awaits_condition) == ("nurturing", False)


def test_a_pool_with_nobody_named_comes_back_to_who_returned_it(lead, noa, sota):
    offered = offer_lead(lead, by=noa, lane=the_lane())
    return_lead(offered, by=sota, reason=a_reason(), condition=BUDGET)
    learn_fact(lead, by=noa, field="budget", value="3 million")
    watched_now()
    assert Handoff.objects.waiting().get().taker == sota


def test_the_lane_may_have_got_another_team(lead, returned, noa, sota):
    returned(BUDGET)
    Leg.objects.filter(lane=the_lane()).update(taker=a_user(kind="inside_sales").team)
    learn_fact(lead, by=noa, field="budget", value="3 million")
    watched_now()
    again = Handoff.objects.waiting().get()
    assert again.taker is None


def test_on_the_day_the_condition_goes_before_the_rules_of_routing(lead, returned, noa, sota):
    returned(Condition("date"), reason="too_early", revisit_on=in_days(10))
    with time_at(now() + timedelta(days=11)):
        log_touch(lead, by=None, kind="form", result="demo", machine=True)
        lead.refresh_from_db()
        assert (lead.stage, lead.awaits_condition) == ("mql", True)
        _offer_automatically(lead)
    again = Handoff.objects.waiting().get()
    assert (again.taker, again.route["condition"]) == (sota, again.lead.conditions.get().pk)
