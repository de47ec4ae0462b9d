"""The list of handoffs: who sees what under which tab, and claiming from a card."""

import pytest

from common.web import triggers
from handoff.actions import log_contact, return_lead
from handoff.models import Handoff
from handoff.states import State
from leads.states import TouchKind
from tests.factories import a_company, a_reason, an_accepted, an_mql, an_offer

LIST = "/handoffs/"


def counts(response) -> dict:
    return {tab["href"].split("&")[0][5:]: tab["count"] for tab in response.context["tabs"]}


def shown(response) -> set[int]:
    return {row.pk for row in response.context["page"]}


def test_a_rep_lands_on_what_waits_for_the_team(as_user, noa, sota):
    offered = an_offer(by=noa)
    response = as_user(sota).get(LIST)
    assert response.context["tab"].code == "claim"
    assert shown(response) == {offered.pk}


def test_a_marketer_lands_on_what_waits_for_an_answer(as_user, noa, sota):
    offered = an_offer(by=noa)
    an_accepted(by=noa, taker=sota)
    response = as_user(noa).get(LIST)
    assert response.context["tab"].code == "given"
    assert shown(response) == {offered.pk}


def test_every_tab_has_as_many_rows_as_it_says(as_user, noa, sota):
    an_offer(by=noa)
    an_accepted(by=noa, taker=sota)
    worked = an_accepted(by=noa, taker=sota)
    log_contact(worked.lead, by=sota, kind=TouchKind.CALL, result="reached")
    return_lead(an_offer(by=noa), by=sota, reason=a_reason())
    client = as_user(sota)
    said = counts(client.get(LIST, {"scope": "all"}))
    assert said == {"claim": 1, "given": 1, "contact": 1, "work": 1, "returned": 1, "all": None}
    for tab in ("claim", "given", "contact", "work", "returned"):
        assert len(shown(client.get(LIST, {"tab": tab, "scope": "all"}))) == said[tab]


def test_mine_holds_what_is_addressed_to_me_and_the_pool(as_user, noa, sota, rin):
    mine, pool = an_offer(by=noa, taker=sota), an_offer(by=noa)
    an_offer(by=noa, taker=rin)
    assert shown(as_user(sota).get(LIST, {"scope": "me"})) == {mine.pk, pool.pk}


def test_what_is_due_first_comes_first(as_user, noa, sota):
    first, second = an_offer(by=noa), an_offer(by=noa)
    first.clocks.update(due_at="2020-01-06T00:00:00Z")
    rows = list(as_user(sota).get(LIST).context["page"])
    assert [row.pk for row in rows] == [first.pk, second.pk]


def test_pages_follow_each_other_without_gap_or_repetition(as_user, noa, sota, monkeypatch):
    monkeypatch.setattr("handoff.views.lists.SIZE", 2)
    offered = {an_offer(by=noa).pk for _ in range(5)}
    client, seen, key = as_user(sota), [], ""
    while True:
        page = client.get(LIST, {"after": key}).context["page"]
        seen += [row.pk for row in page]
        key = page.next_key
        if not key:
            break
    assert sorted(seen) == sorted(offered)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"state": "waiting"}, {"waiting"}),
        ({"state": "accepted"}, {"accepted"}),
        ({"late": "on"}, {"waiting"}),
        ({"offered_from": "2100-01-01"}, set()),
        ({"offered_to": "2100-01-01"}, {"waiting", "accepted", "returned"}),
    ],
)
def test_filters_in_the_address_narrow_the_list(as_user, noa, sota, query, wanted):
    waiting = an_offer(by=noa)
    waiting.clocks.update(due_at="2020-01-06T00:00:00Z")
    an_accepted(by=noa, taker=sota)
    return_lead(an_offer(by=noa), by=sota, reason=a_reason())
    response = as_user(sota).get(LIST, {"tab": "all", **query})
    assert {row.state for row in response.context["page"]} == wanted


def test_filters_by_people_lane_and_reason(as_user, noa, mio, sota, rin):
    by_mio = an_offer(by=mio)
    held = an_accepted(by=noa, taker=rin)
    returned = return_lead(an_offer(by=noa), by=sota, reason=a_reason())
    client = as_user(sota)

    def found(**query):
        return shown(client.get(LIST, {"tab": "all", **query}))

    assert found(giver=mio.pk) == {by_mio.pk}
    assert found(taker=rin.pk) == {held.pk}
    assert found(reason=returned.return_reason_id) == {returned.pk}
    assert found(lane=held.lane_id) == {by_mio.pk, held.pk, returned.pk}
    assert found(taker_team=noa.team_id) == set()


def test_a_filter_that_makes_no_sense_is_said_to_be_wrong_and_breaks_nothing(as_user, noa, sota):
    an_offer(by=noa)
    response = as_user(sota).get(
        LIST, {"state": "nonsense", "giver": "x", "offered_from": "31.2.", "tab": "?", "scope": "?"}
    )
    assert response.status_code == 200


def test_a_page_key_nobody_gave_out_is_refused(as_user, sota):
    assert as_user(sota).get(LIST, {"after": "nonsense"}).status_code == 400


def test_claiming_on_a_card_swaps_the_card(as_user, noa, sota):
    handoff = an_offer(by=noa)
    response = as_user(sota).post(
        f"/handoffs/{handoff.pk}/acceptance/",
        headers={"HX-Request": "true", "HX-Target": f"handoff-{handoff.pk}"},
    )
    assert response.status_code == 200
    assert f'id="handoff-{handoff.pk}"'.encode() in response.content
    assert triggers(response)["toast"]["kind"] == "ok"
    assert Handoff.objects.get(pk=handoff.pk).taker == sota


def test_who_was_slower_sees_on_the_card_who_was_faster(as_user, noa, sota, rin):
    handoff = an_accepted(by=noa, taker=rin)
    response = as_user(sota).post(
        f"/handoffs/{handoff.pk}/acceptance/",
        headers={"HX-Request": "true", "HX-Target": f"handoff-{handoff.pk}"},
    )
    assert response.status_code == 409
    assert b"Rin" in response.content
    assert "Rin" in triggers(response)["toast"]["text"]


def test_an_administrator_reads_the_list_and_claims_nothing(as_user, noa, ada):
    handoff = an_offer(by=noa)
    client = as_user(ada)
    response = client.get(LIST)
    assert shown(response) == {handoff.pk}
    assert b"acceptance" not in response.content
    assert client.post(f"/handoffs/{handoff.pk}/acceptance/").status_code == 403
    assert Handoff.objects.get(pk=handoff.pk).state == State.WAITING


def test_a_partner_sees_no_handoff_of_others(as_user, noa, paz):
    handoff = an_offer(by=noa)
    client = as_user(paz)
    for tab in ("claim", "given", "contact", "work", "returned", "all"):
        assert shown(client.get(LIST, {"tab": tab, "scope": "all"})) == set()
    assert client.get(f"/handoffs/{handoff.pk}/").status_code == 404
    assert client.post(f"/handoffs/{handoff.pk}/acceptance/").status_code == 404


@pytest.mark.parametrize("tab", ["claim", "all"])
def test_the_list_asks_the_same_few_questions_however_long_it_is(
    as_user, noa, sota, tab, django_assert_max_num_queries
):
    client = as_user(sota)
    for n in range(8):
        an_offer(an_mql(company=a_company(f"C{n}")), by=noa)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        response = client.get(LIST, {"tab": tab})
    assert len(response.context["page"]) == 8
    assert len(response.content) < 90_000


def test_the_list_speaks_the_readers_language(as_user, noa, sota):
    an_offer(by=noa)
    client = as_user(sota)
    assert "Waiting for us" in client.get(LIST).content.decode()
    sota.language = "ja"
    sota.save(update_fields=["language"])
    page = client.get(LIST).content.decode()
    assert "こちらの受領待ち" in page
    assert "受け取る" in page


def test_the_filters_open_as_a_dialog_and_as_a_page(as_user, noa, sota):
    client = as_user(sota)
    query = {"tab": "all", "scope": "all", "state": "waiting", "giver": noa.pk}
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get("/handoffs/filters/", query, headers=headers).content.decode()
        assert 'action="/handoffs/"' in page
        assert 'name="tab" value="all"' in page
        assert '<option value="waiting" selected>' in page
    assert client.get("/handoffs/deals/filters/", {"state": "won"}).status_code == 200
