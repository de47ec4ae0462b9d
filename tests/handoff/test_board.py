"""The board "whose turn is it": who stands on which sheet, in which order, and what it costs."""

import pytest
from django.core.cache import caches

from accounts.states import TeamKind
from common import now
from handoff.actions import log_contact, open_deal, return_lead
from handoff.models import Clock, Handoff
from leads.actions import plan_follow_up
from leads.models import Campaign
from tests.exchange.wednesday import HOUR
from tests.factories import a_company, a_reason, a_user, an_accepted, an_mql, an_offer, the_team

BOARD = "/handoffs/board/"
DIRECT = f"{BOARD}?lane=direct&leg=0"


def look(client, user, path=DIRECT):
    client.force_login(user)
    return client.get(path)


def shown(page) -> dict[str, list[str]]:
    return {
        code: [card.lead.family_name for card in column.cards]
        for code, column in page.context["columns"].items()
        if column.n
    }


def reached(handoff, *, by):
    log_contact(handoff.lead, by=by, kind="call", direction="out", result="reached")
    return handoff


@pytest.fixture
def busy(noa, sota):
    """One lead in every list of the direct lane."""
    return_lead(
        an_accepted(an_mql("Back"), by=noa, taker=sota), by=sota, reason=a_reason("no_budget")
    )
    an_mql("Ready", marketer=noa)
    an_offer(an_mql("Offered"), by=noa)
    an_accepted(an_mql("Accepted"), by=noa, taker=sota)
    reached(an_accepted(an_mql("Contacted"), by=noa, taker=sota), by=sota)
    dealt = reached(an_accepted(an_mql("Dealt"), by=noa, taker=sota), by=sota)
    open_deal(dealt.lead, by=sota, amount=4_200_000)


ALL = {
    "returned": ["Back"],
    "ready": ["Ready"],
    "offered": ["Offered"],
    "accepted": ["Accepted"],
    "contacted": ["Contacted"],
    "deal": ["Dealt"],
}


def test_every_lead_stands_in_the_list_of_where_it_is(client, busy, sota):
    page = look(client, sota)
    assert shown(page) == ALL
    assert page.context["columns"]["deal"].amount == 4_200_000


def test_what_waits_for_the_customer_is_folded_and_out_of_the_other_lists(client, busy, sota):
    handoff = Handoff.objects.get(lead__family_name="Contacted")
    Clock.objects.running().filter(handoff=handoff).update(paused_at=now())
    page = look(client, sota)
    assert "contacted" not in shown(page)
    assert page.context["columns"]["paused"].n == 1
    assert page.context["columns"]["paused"].cards == [], "folded: only its number is read"
    opened = look(client, sota, f"{DIRECT}&paused=20")
    assert shown(opened)["paused"] == ["Contacted"]


def test_a_list_is_in_the_order_of_the_time_left(client, noa, sota):
    for name in ("Second", "First"):
        an_offer(an_mql(name), by=noa)
    first = Handoff.objects.get(lead__family_name="First")
    Clock.objects.filter(handoff=first).update(due_at=now())
    assert shown(look(client, sota))["offered"] == ["First", "Second"]


def test_it_is_narrowed_by_team_person_and_campaign_in_the_address(client, busy, noa, sota, rin):
    campaign = Campaign.objects.create(name="Fair", created_at=now())
    an_offer(an_mql("Fairgoer", campaign=campaign), by=noa, taker=rin)
    assert shown(look(client, sota, f"{DIRECT}&campaign={campaign.pk}")) == {
        "offered": ["Fairgoer"]
    }
    of_rin = shown(look(client, sota, f"{DIRECT}&person={rin.pk}"))
    assert sorted(of_rin["offered"]) == ["Fairgoer", "Offered"], "hers, and what she may claim"
    assert "accepted" not in of_rin
    iku_team = the_team(TeamKind.INSIDE_SALES)
    assert shown(look(client, sota, f"{DIRECT}&team={iku_team.pk}")) == {}


def test_wrong_words_in_the_address_narrow_nothing(client, busy, sota):
    page = look(client, sota, f"{DIRECT}&team=x&person=99999999999999&campaign=0&offered=-3")
    assert page.status_code == 200
    assert shown(page) == ALL


def test_the_next_step_is_on_the_card_and_its_lack_too(client, busy, sota):
    lead = Handoff.objects.get(lead__family_name="Contacted").lead
    page = look(client, sota)
    cards = page.context["columns"]["contacted"].cards
    assert cards[0].needs_step
    assert "No next step" in page.text
    plan_follow_up(lead, by=sota, what="Send the quote", due_at=now() + HOUR)
    page = look(client, sota)
    assert "Send the quote" in page.text
    assert not page.context["columns"]["contacted"].cards[0].needs_step


def test_only_the_moves_that_are_open_are_on_a_card(client, busy, noa, sota, iku):
    def moves(user, code):
        return look(client, user).context["columns"][code].cards[0].moves

    assert moves(sota, "offered") == ["accept", "return"]
    assert moves(noa, "offered") == ["withdraw"]
    assert moves(iku, "offered") == []
    assert moves(noa, "ready") == ["offer"]
    assert moves(noa, "returned") == ["acknowledge"]
    assert moves(sota, "accepted") == ["contact", "return"]
    assert moves(sota, "contacted") == ["contact", "open_deal", "return"]


def test_twenty_a_list_and_so_many_more(client, noa, sota):
    for _n in range(23):
        an_offer(by=noa)
    column = look(client, sota).context["columns"]["offered"]
    assert (len(column.cards), column.n, column.more) == (20, 23, 3)
    column = look(client, sota, f"{DIRECT}&offered=40").context["columns"]["offered"]
    assert (len(column.cards), column.more) == (23, 0)


def test_the_second_leg_has_its_own_board(client, noa, iku, sota):
    handoff = reached(an_accepted(an_mql("Bridge"), by=noa, taker=iku, lane="inside"), by=iku)
    first = look(client, iku, f"{BOARD}?lane=inside&leg=0")
    assert shown(first) == {"contacted": ["Bridge"]}
    assert "pass_on" in first.context["columns"]["contacted"].cards[0].moves
    second = f"{BOARD}?lane=inside&leg=1"
    assert shown(look(client, sota, second)) == {"ready": ["Bridge"]}
    an_offer(handoff.lead, by=iku, lane="inside")
    assert shown(look(client, sota, second)) == {"offered": ["Bridge"]}


def test_everybody_begins_at_the_leg_they_work_on(client, noa, iku, sota):
    legs = {user.pk: look(client, user, BOARD).context["leg"] for user in (noa, iku, sota)}
    assert legs[iku.pk].taker == iku.team
    assert legs[sota.pk].taker == sota.team
    assert legs[noa.pk].giver_kind == TeamKind.MARKETING


def test_a_partner_sees_exactly_what_is_entrusted(client, busy, paz, noa):
    lead = Handoff.objects.get(lead__family_name="Contacted").lead
    type(lead).objects.filter(pk=lead.pk).update(entrusted_to=paz.team)
    page = look(client, paz)
    assert shown(page) == {"contacted": ["Contacted"]}
    assert "Offered" not in [
        card.lead.family_name for card in page.context["columns"]["offered"].cards
    ]


def test_nothing_moved_is_204_and_any_move_shows(client, busy, noa, sota):
    page = look(client, sota)
    url = f"{BOARD}now/?lane=direct&leg=0&v={page.context['version']}"
    assert client.get(url).status_code == 204
    an_offer(an_mql("Fresh"), by=noa)
    answer = client.get(url)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert sorted(shown(answer)["offered"]) == ["Fresh", "Offered"]


def test_asking_whether_anything_moved_costs_three_queries(
    client, busy, sota, django_assert_max_num_queries
):
    page = look(client, sota)
    with django_assert_max_num_queries(3):
        client.get(f"{BOARD}now/?lane=direct&leg=0&v={page.context['version']}")


def test_the_board_costs_fifteen_queries_however_many_cards(
    client, busy, noa, sota, django_assert_max_num_queries
):
    for n in range(30):
        an_offer(an_mql(company=a_company(f"C{n}")), by=noa)
    look(client, sota)
    caches["local"].delete("board:kept")
    with django_assert_max_num_queries(16):  # one of them once a minute: promises kept
        client.get(DIRECT)
    with django_assert_max_num_queries(15):
        client.get(DIRECT)


def test_without_a_lane_it_says_who_sets_them_up(client, sota):
    from handoff.models import Lane

    Lane.objects.update(is_active=False)
    page = look(client, sota, BOARD)
    assert page.status_code == 200
    assert "No lane is in use" in page.text


def test_empty_lists_say_what_will_happen(client, noa):
    page = look(client, noa)
    assert page.text.count('class="slot"') == 6


def test_a_claim_from_the_board_stays_there(client, busy, sota, rin):
    handoff = Handoff.objects.get(lead__family_name="Offered")
    client.force_login(sota)
    here = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{DIRECT}"}
    answer = client.post(f"/handoffs/{handoff.pk}/acceptance/", headers=here)
    assert answer.status_code == 204
    assert "handoffs" in answer.headers["HX-Trigger"]
    client.force_login(a_user("Third"))
    late = client.post(f"/handoffs/{handoff.pk}/acceptance/", headers=here)
    assert late.status_code == 409
    assert "Sota" in late.text


def test_the_filters_keep_the_leg(client, sota):
    dialog = look(client, sota, f"{BOARD}filters/?lane=direct&leg=0&team={sota.team_id}")
    assert 'name="lane" value="direct"' in dialog.text
