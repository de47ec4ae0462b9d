"""Never ask twice: what became of asking for what was known, and which answers a team asks for."""

import pytest

from common.refusals import Malformed, NotAllowed, Refusal
from leads.actions import (
    ask_again,
    change_fact,
    confirm_fact,
    drop_sheet,
    learn_fact,
    log_touch,
    save_sheet,
    withdraw_touch,
)
from leads.actions.hearings import Heard, Occasion, hear
from leads.measures import with_confirmations
from leads.models import Fact, Hearing, HearingSheet
from tests.factories import a_lead, the_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(noa):
    return learn_fact(a_lead(), by=noa, field="budget", value="3 million")


def outcomes(lead):
    return list(lead.hearings.order_by("pk").values_list("field", "outcome"))


class TestConfirming:
    def test_a_confirmed_answer_stays_and_is_counted(self, known, sota):
        confirm_fact(known, by=sota)
        confirm_fact(known, by=sota)
        fact = with_confirmations(Fact.objects.filter(pk=known.pk)).get()
        assert (fact.value, fact.superseded_at, fact.confirmed) == ("3 million", None, 2)
        assert fact.confirmed_by == sota.pk

    def test_the_timeline_says_so_without_the_answer(self, known, sota):
        confirm_fact(known, by=sota)
        event = known.lead.events.get(verb="fact.confirm")
        assert event.data == {"field": "budget", "fact": known.pk}

    def test_twice_in_one_touch_is_once(self, known, sota):
        touch = log_touch(known.lead, by=sota, kind="call", result="reached")
        occasion = Occasion(interaction=touch)
        assert confirm_fact(known, by=sota, occasion=occasion) == confirm_fact(
            known, by=sota, occasion=occasion
        )
        assert outcomes(known.lead) == [("budget", "confirmed")]


class TestAskingAgain:
    def test_it_is_counted_with_the_handoff_and_leg_of_the_moment(self, known, sota):
        hearing = ask_again(known, by=sota, occasion=Occasion(handoff_id=7, leg=1))
        assert (hearing.outcome, hearing.handoff_id, hearing.leg) == ("again", 7, 1)
        assert known.lead.events.filter(verb="fact.again", handoff_id=7).exists()

    def test_what_was_replaced_meanwhile_is_not_asked_again(self, known, noa, sota):
        learn_fact(known.lead, by=noa, field="budget", value="5 million")
        with pytest.raises(Refusal):
            ask_again(known, by=sota)
        assert not Hearing.objects.exists()


class TestChanging:
    def test_the_old_answer_stays_in_the_history(self, known, sota):
        fact = change_fact(known, by=sota, value="5 million")
        known.refresh_from_db()
        assert (fact.value, known.superseded_at) == ("5 million", fact.at)
        assert outcomes(known.lead) == [("budget", "changed")]
        assert Hearing.objects.get().fact == known

    def test_the_same_answer_confirms(self, known, sota):
        assert change_fact(known, by=sota, value=" 3 million ") == known
        assert outcomes(known.lead) == [("budget", "confirmed")]


def test_one_answer_that_is_refused_keeps_none_of_them(known, noa, sota):
    lead = known.lead
    learn_fact(lead, by=noa, field="budget", value="5 million")
    answers = [
        Heard("timing", value="In April"),
        Heard("budget", outcome="confirmed", fact=known.pk),
    ]
    with pytest.raises(Refusal):
        hear(lead, answers, by=sota)
    assert not lead.facts.filter(field="timing").exists()


def test_an_answer_of_another_lead_is_refused(known, sota):
    with pytest.raises(Refusal):
        hear(a_lead(), [Heard("budget", outcome="again", fact=known.pk)], by=sota)
    assert not Hearing.objects.exists()


def test_a_partner_cannot_ask_about_leads_of_others(known, paz):
    for verb in (confirm_fact, ask_again):
        with pytest.raises(NotAllowed):
            verb(known, by=paz)
    with pytest.raises(NotAllowed):
        change_fact(known, by=paz, value="x")


def test_a_touch_taken_back_takes_its_questions_along(known, sota):
    touch = log_touch(known.lead, by=sota, kind="call", result="reached")
    ask_again(known, by=sota, occasion=Occasion(interaction=touch))
    withdraw_touch(touch, by=sota)
    assert not Hearing.objects.exists()


NEED = {"field": "need", "label": "", "hint": "In their words"}
OWN = {"field": "other", "label": "Plant", "hint": ""}


class TestSheets:
    def test_without_a_sheet_every_field_is_asked_in_its_order(self, sota):
        sheet = HearingSheet.objects.for_team(sota.team_id)
        assert [item["field"] for item in sheet.items][:3] == ["budget", "authority", "need"]
        assert "other" not in {item["field"] for item in sheet.items}

    def test_a_change_is_a_new_version_and_the_old_one_stays(self, ren):
        first = save_sheet(ren.team, by=ren, items=[NEED])
        second = save_sheet(ren.team, by=ren, items=[OWN, NEED])
        first.refresh_from_db()
        assert (first.version, first.in_force, first.items) == (1, False, [NEED])
        assert (second.version, second.in_force) == (2, True)
        assert HearingSheet.objects.for_team(ren.team_id) == second

    def test_the_same_again_is_no_new_version(self, ren):
        assert save_sheet(ren.team, by=ren, items=[NEED]) == save_sheet(
            ren.team, by=ren, items=[NEED]
        )

    def test_who_changed_an_older_version_is_told(self, ren, ada):
        save_sheet(ren.team, by=ada, items=[NEED], seen=0)
        with pytest.raises(Refusal):
            save_sheet(ren.team, by=ren, items=[OWN], seen=0)

    def test_a_team_without_its_own_asks_what_everybody_asks(self, ren, ada):
        common = save_sheet(None, by=ada, items=[NEED])
        assert HearingSheet.objects.for_team(ren.team_id) == common
        save_sheet(ren.team, by=ren, items=[OWN])
        drop_sheet(ren.team, by=ren)
        assert HearingSheet.objects.for_team(ren.team_id) == common

    @pytest.mark.parametrize(
        "items",
        [
            [],
            [NEED, NEED],
            [{"field": "shoe", "label": "", "hint": ""}],
            [{"field": "other", "label": " ", "hint": ""}],
            [{"field": "other", "label": "x" * 61, "hint": ""}],
            [{"field": "other", "label": str(n), "hint": ""} for n in range(31)],
        ],
    )
    def test_what_makes_no_sheet_is_refused(self, ada, items):
        with pytest.raises(Malformed):
            save_sheet(None, by=ada, items=items)
        assert not HearingSheet.objects.exists()

    def test_a_manager_changes_only_the_sheet_of_their_team(self, ren, mio, sota):
        for who, team in ((mio, ren.team), (ren, None), (sota, sota.team)):
            with pytest.raises(NotAllowed):
                save_sheet(team, by=who, items=[NEED])
            if team:
                with pytest.raises(NotAllowed):
                    drop_sheet(team, by=who)


class TestSheetPages:
    def test_an_administrator_orders_what_is_asked(self, as_user, ada):
        client = as_user(ada)
        page = client.get("/leads/hearing/0/").content.decode()
        assert "Budget" in page
        answer = client.post(
            "/leads/hearing/0/",
            {
                "seen": "0",
                "field_0": "budget", "place_0": "2", "hint_0": "Ask for the year",
                "field_1": "need", "place_1": "1",
                "field_2": "timing", "place_2": "",
                "field_3": "other", "label_3": "Plant",
                "field_4": "other", "label_4": "", "place_4": "9",
            },
        )  # fmt: skip
        assert answer.status_code == 302
        sheet = HearingSheet.objects.get()
        assert [(item["field"], item["label"]) for item in sheet.items] == [
            ("need", ""), ("budget", ""), ("other", "Plant"),
        ]  # fmt: skip
        assert "Ask for the year" in client.get("/leads/hearing/").content.decode()

    def test_a_mistake_keeps_what_was_typed(self, as_user, ada):
        rows = {"seen": "0", "field_0": "other", "label_0": "Plant", "hint_0": "Which one"}
        rows |= {"field_1": "other", "label_1": "Plant"}
        answer = as_user(ada).post("/leads/hearing/0/", rows)
        assert answer.status_code == 422
        assert "asked for twice" in answer.content.decode()
        assert "Which one" in answer.content.decode()

    def test_a_manager_sees_all_and_changes_their_own(self, as_user, ren, mio):
        sheet = save_sheet(mio.team, by=mio, items=[OWN])
        client = as_user(ren)
        assert "Plant" in client.get("/leads/hearing/").content.decode()
        assert "Plant" in client.get(f"/leads/hearing/versions/{sheet.pk}/").content.decode()
        assert client.get(f"/leads/hearing/{ren.team_id}/").status_code == 200
        assert client.get(f"/leads/hearing/{mio.team_id}/").status_code == 403
        assert client.post(f"/leads/hearing/{mio.team_id}/removal/").status_code == 403

    def test_nobody_else_gets_in(self, as_user, sota, paz):
        for who in (sota, paz):
            assert as_user(who).get("/leads/hearing/").status_code == 403
            assert as_user(who).get("/leads/hearing/0/").status_code == 403

    def test_a_team_goes_back_to_the_common_sheet(self, as_user, ren):
        save_sheet(ren.team, by=ren, items=[OWN])
        client = as_user(ren)
        assert client.post(f"/leads/hearing/{ren.team_id}/removal/").status_code == 302
        assert not HearingSheet.objects.in_force().exists()
        assert "Earlier versions" in client.get("/leads/hearing/").content.decode()
        assert client.post("/leads/hearing/0/removal/").status_code == 404

    def test_the_page_asks_few_queries(self, as_user, ada, django_assert_max_num_queries):
        for kind in ("marketing", "sales"):
            save_sheet(the_team(kind), by=ada, items=[OWN])
        client = as_user(ada)
        client.get("/leads/hearing/")
        with django_assert_max_num_queries(7):
            client.get("/leads/hearing/")
