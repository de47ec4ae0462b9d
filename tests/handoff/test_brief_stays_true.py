"""A brief that lies open shows what became of its offer, without being loaded again."""

import pytest
from playwright.sync_api import expect

from common.web import triggers
from handoff.actions import accept_lead, withdraw_offer
from tests.factories import an_offer


def news(client, handoff, seen):
    return client.get(
        f"/handoffs/{handoff.pk}/news/", {"seen": seen}, headers={"HX-Request": "true"}
    )


def seen_on(client, handoff):
    return client.get(f"/handoffs/{handoff.pk}/").context["seen"]


def test_while_nothing_moves_there_is_no_news(as_user, noa, sota, django_assert_max_num_queries):
    handoff = an_offer(by=noa)
    client = as_user(sota)
    seen = seen_on(client, handoff)
    with django_assert_max_num_queries(4):
        assert news(client, handoff, seen).status_code == 204


def test_who_was_faster_is_said_and_the_buttons_go(as_user, noa, sota, rin):
    handoff = an_offer(by=noa)
    client = as_user(sota)
    seen = seen_on(client, handoff)
    accept_lead(handoff, by=rin)
    answer = news(client, handoff, seen)
    assert triggers(answer)["toast"]["text"] == "Rin has already accepted this lead."
    assert f"/handoffs/{handoff.pk}/acceptance/" not in answer.content.decode()
    assert news(client, handoff, answer.context["seen"]).status_code == 204


def test_what_moved_without_a_new_state_is_shown_without_a_word(as_user, noa, sota, rin, ren):
    handoff = an_offer(by=noa)
    client = as_user(sota)
    seen = seen_on(client, handoff)
    as_user(ren).post(f"/handoffs/{handoff.pk}/taker/", {"taker": rin.pk})
    answer = news(client, handoff, seen)
    assert (answer.status_code, triggers(answer)) == (200, {})


def test_a_refused_press_makes_the_page_ask_at_once(as_user, noa, sota):
    handoff = an_offer(by=noa)
    withdraw_offer(handoff, by=noa)
    answer = as_user(sota).post(
        f"/handoffs/{handoff.pk}/acceptance/", headers={"HX-Request": "true"}
    )
    assert answer.status_code == 409
    assert "refused" in triggers(answer)


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("phone", [False, True])
def test_the_open_brief_of_a_withdrawn_offer_loses_its_buttons(phone, noa, sota, visit):
    handoff = an_offer(by=noa)
    page = visit(sota, phone=phone, path=f"/handoffs/{handoff.pk}/")
    claim = page.locator(f'form[action$="/handoffs/{handoff.pk}/acceptance/"]:visible')
    expect(claim).to_have_count(1)
    withdraw_offer(handoff, by=noa)
    # The press comes too late; afterwards the page is as it should be.
    claim.get_by_role("button").click()
    expect(claim).to_have_count(0)
    expect(page.locator(".slip__banner", has_text="withdrawn")).to_be_visible()
    expect(page.locator(".tabbar")).to_be_visible(visible=phone)


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
def test_the_open_brief_asks_by_itself(noa, sota, rin, visit):
    handoff = an_offer(by=noa)
    page = visit(sota, path=f"/handoffs/{handoff.pk}/")
    claim = page.locator(f'form[action$="/handoffs/{handoff.pk}/acceptance/"]:visible')
    expect(claim).to_have_count(1)
    accept_lead(handoff, by=rin)
    page.evaluate("document.getElementById('brief-news').dataset.poll = '1'")
    expect(claim).to_have_count(0, timeout=10_000)
    expect(page.get_by_role("status")).to_contain_text("Rin")
