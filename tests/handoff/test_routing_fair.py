"""Turns are fair, whoever is passed over and however many offers are made at once."""

import threading
from types import SimpleNamespace

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import TeamKind
from handoff.actions import route_lead
from handoff.models import Handoff, RoutingShare
from handoff.routing.choosing import next_share
from handoff.states import State
from tests import factories as make
from tests.handoff.routes import a_plan, in_turn

WEIGHTS = st.lists(st.integers(1, 9), min_size=1, max_size=8)


@pytest.mark.nodb
@given(weights=WEIGHTS, n=st.integers(0, 120))
def test_nobody_is_ever_a_whole_lead_away_from_their_weight(weights, n):
    shares = [SimpleNamespace(pk=pk, weight=w, given=0) for pk, w in enumerate(weights)]
    for made in range(1, n + 1):
        next_share(shares).given += 1
        for share in shares:
            assert abs(share.given - made * share.weight / sum(weights)) < 1


@pytest.mark.nodb
@given(weights=WEIGHTS, start=st.lists(st.integers(0, 50), min_size=8, max_size=8))
def test_whatever_was_given_before_there_is_always_a_next(weights, start):
    shares = [SimpleNamespace(pk=pk, weight=w, given=start[pk]) for pk, w in enumerate(weights)]
    assert next_share(shares) in shares


class TestAtOnce:
    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def noa(self, transactional_db):
        make.the_defaults()
        return make.a_user("Noa", kind=TeamKind.MARKETING)

    def test_sixteen_offers_at_once_are_fair(self, noa):
        people = [make.a_user(kind=TeamKind.SALES) for _n in range(3)]
        a_plan(in_turn((people[0], 2), (people[1], 1), (people[2], 1)))
        leads = [make.an_mql() for _n in range(16)]
        errors = at_once([lambda lead=lead: route_lead(lead, by=noa) for lead in leads])
        assert errors == []
        given_ = {share.person_id: share.given for share in RoutingShare.objects.all()}
        for person, share in zip(people, (8, 4, 4), strict=True):
            assert abs(given_[person.pk] - share) <= 1
            assert Handoff.objects.filter(taker=person).count() == given_[person.pk]

    def test_a_cap_holds_across_rules_and_rivals(self, noa):
        one, other = (make.a_user(kind=TeamKind.SALES) for _n in range(2))
        fit = {"conditions": [{"about": "title", "operator": "filled"}]}
        a_plan(in_turn((one, 1, 3), other) | fit, in_turn((one, 1, 3), other))
        leads = [make.an_mql(title="CTO" if n % 2 else "") for n in range(16)]
        assert at_once([lambda lead=lead: route_lead(lead, by=noa) for lead in leads]) == []
        assert Handoff.objects.filter(taker=one).count() == 3
        assert Handoff.objects.filter(taker=other).count() == 13

    def test_one_lead_offered_by_several_at_once_is_offered_once(self, noa):
        rivals = [make.a_user(kind=TeamKind.MARKETING) for _n in range(7)]
        taker = make.a_user(kind=TeamKind.SALES)
        a_plan(in_turn(taker))
        lead = make.an_mql()
        errors = at_once([lambda by=by: route_lead(lead, by=by) for by in [noa, *rivals]])
        assert len(errors) == 7
        assert Handoff.objects.filter(lead=lead, state=State.WAITING).count() == 1
        assert RoutingShare.objects.get().given == 1


def at_once(acts):
    """Run all in threads that begin together; what they raised."""
    barrier, errors = threading.Barrier(len(acts)), []

    def run(act):
        try:
            barrier.wait(30)
            act()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors
