"""The seat of a partner: set by the administrator, over after its last day."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import tell
from accounts.actions.seats import set_seat
from accounts.models import Notice, Seat
from accounts.models.seats import today
from accounts.notices import tell_all
from accounts.states import TeamKind
from common import now, time_at
from common.refusals import Malformed, NotAllowed, Refusal
from handoff.actions import offer_lead
from handoff.tasks import watch_seats
from tests.factories import PASSWORD, a_team, an_mql
from tests.partner.world import a_lane_to, an_entrusted, hide

pytestmark = pytest.mark.django_db

TERMS = {"purpose": "Calls by telephone", "masked": ["email"], "ends_on": None}


def test_the_administrator_sets_the_terms(ada, paz):
    seat = set_seat(paz.team, by=ada, **TERMS | {"ends_on": today() + timedelta(days=30)})
    assert (seat.purpose, seat.masked) == ("Calls by telephone", ["email"])


def test_nobody_else_sets_them(mio, paz):
    for by in (mio, paz):
        with pytest.raises(NotAllowed):
            set_seat(paz.team, by=by, **TERMS)


def test_only_a_partner_has_a_seat(ada, sota, in_english):
    with pytest.raises(Refusal, match="outside partner"):
        set_seat(sota.team, by=ada, **TERMS)


def test_a_last_day_that_is_over_is_refused_but_one_that_passed_may_stay(ada, paz, in_english):
    yesterday = today() - timedelta(days=1)
    with pytest.raises(Malformed, match="This day is over"):
        set_seat(paz.team, by=ada, **TERMS | {"ends_on": yesterday})
    hide(paz.team, ends_on=yesterday)
    assert set_seat(paz.team, by=ada, **TERMS | {"ends_on": yesterday}).masked == ["email"]


def test_what_cannot_be_hidden_is_refused(ada, paz):
    with pytest.raises(Malformed):
        set_seat(paz.team, by=ada, **TERMS | {"masked": ["name"]})


def test_the_dialog_of_the_seat_saves_it(as_user, ada, paz):
    client = as_user(ada)
    address = f"/settings/teams/{paz.team_id}/seat/"
    assert client.get(address).status_code == 200
    sent = {"purpose": "Calls", "masked": ["phone", "score"], "ends_on": "2199-01-31"}
    assert client.post(address, sent).status_code == 302
    seat = Seat.objects.get(team=paz.team)
    assert (seat.masked, seat.ends_on) == (["phone", "score"], date(2199, 1, 31))


def test_our_own_teams_have_no_such_dialog(as_user, ada, sota):
    assert as_user(ada).get(f"/settings/teams/{sota.team_id}/seat/").status_code == 404


def test_on_the_last_day_a_partner_works_and_after_it_is_signed_out(as_user, paz):
    client = as_user(paz)
    hide(paz.team, ends_on=today())
    assert client.get("/leads/").status_code == 200
    hide(paz.team, ends_on=today() - timedelta(days=1))
    answer = client.get("/leads/")
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_signing_in_after_the_last_day_says_why_not(client, paz):
    hide(paz.team, ends_on=today() - timedelta(days=1))
    answer = client.post("/accounts/login/", {"login": paz.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert "account/seat_over.html" in [one.name for one in answer.templates]
    assert client.get("/leads/").status_code == 302


def test_a_wrong_password_tells_nothing_of_the_seat(client, paz):
    hide(paz.team, ends_on=today() - timedelta(days=1))
    answer = client.post("/accounts/login/", {"login": paz.email, "password": "wrong password"})
    assert "account/seat_over.html" not in [one.name for one in answer.templates]


def test_nothing_is_offered_to_a_partner_whose_seat_is_over(noa, paz, in_english):
    lane = a_lane_to(paz.team)
    hide(paz.team, ends_on=today() - timedelta(days=1))
    with pytest.raises(Refusal, match="does not take leads any more"):
        offer_lead(an_mql(), by=noa, lane=lane)


def sentences(person):
    notices = Notice.objects.filter(to=person, kind__startswith="seat.")
    return [one.sentence for one in tell_all(notices.order_by("pk"), person)]


def test_a_week_before_and_on_the_last_day_everybody_is_told_once(mio, ada, paz, in_english):
    last = today() + timedelta(days=7)
    hide(paz.team, ends_on=last)
    moment = now()
    for days in (0, 0, 1, 7, 7):
        with time_at(moment + timedelta(days=days)):
            watch_seats()
    told = ["The seat of Agency ends in 7 days.", "The seat of Agency ends today."]
    assert sentences(mio) == sentences(ada) == sentences(paz) == told


def test_after_the_last_day_managers_hear_what_is_still_there_once(noa, mio, paz, in_english):
    an_entrusted(paz, by=noa)
    hide(paz.team, ends_on=today())
    moment = now()
    with time_at(moment + timedelta(days=1)):
        watch_seats()
    with time_at(moment + timedelta(days=2)):
        watch_seats()
    (told,) = sentences(mio)
    assert told.startswith("The seat of Agency has ended, and leads are still with them.")


def test_a_partner_whose_seat_is_over_gets_no_more_notices(noa, paz):
    handoff = an_entrusted(paz, by=noa)
    hide(paz.team, ends_on=today() - timedelta(days=1))
    before = Notice.objects.filter(to=paz).count()
    tell(paz, "lead.commented", by=noa, lead=handoff.lead)
    assert Notice.objects.filter(to=paz).count() == before


def test_managers_see_what_is_left_and_the_partner_their_own_terms(as_user, noa, mio, paz):
    an_entrusted(paz, by=noa)
    hide(paz.team, "email", purpose="Calls", ends_on=today() - timedelta(days=1))
    address = f"/handoffs/seats/{paz.team_id}/"
    assert b"banner--late" in as_user(mio).get(address).content
    hide(paz.team, "email", ends_on=None)
    assert as_user(paz).get(address).status_code == 200


def test_the_seats_are_for_managers_administrators_and_the_partner(
    as_user, mio, ada, noa, sota, paz
):
    for person, status in ((mio, 200), (ada, 200), (noa, 403), (sota, 403), (paz, 302)):
        assert as_user(person).get("/handoffs/seats/").status_code == status
    for person, status in ((mio, 200), (ada, 200), (noa, 403), (sota, 403), (paz, 200)):
        assert as_user(person).get(f"/handoffs/seats/{paz.team_id}/").status_code == status


def test_a_partner_does_not_see_that_there_is_another(as_user, paz):
    other = a_team(TeamKind.SALES, "Second agency", is_partner=True)
    client = as_user(paz)
    month = f"{today():%Y-%m}"
    for noun in ("", "return/", "register.csv", f"statements/{month}/", f"statements/{month}.csv"):
        assert client.get(f"/handoffs/seats/{other.pk}/{noun}").status_code == 404, noun


def test_what_was_told_of_a_seat_is_looked_up_by_whom_it_was_told_to(ada, paz):
    hide(paz.team, ends_on=today())
    watch_seats()
    with CaptureQueriesContext(connection) as caught:
        watch_seats()
    asked = [one["sql"] for one in caught if "accounts_notice" in one["sql"]]
    assert asked
    assert all('"to_id" IN' in sql for sql in asked)
