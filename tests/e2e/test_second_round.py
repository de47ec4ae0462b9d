"""Offer, claim, brief, contact, return with a condition, the condition met, the second round: in a
real browser, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from handoff.models import Handoff, ReturnCondition
from handoff.tasks import follow_conditions, sweep_conditions
from leads.actions import learn_fact, log_touch
from tests.factories import an_mql, an_offer

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PATIENCE = 15_000  # a dialog that posts and loads its page again, on a busy machine


@pytest.fixture
def people(noa, sota):
    User.objects.update(language="ja")
    return noa, sota


def claim(page, *, phone):
    place = page.locator(".actionbar" if phone else ".briefside")
    place.get_by_role("button", name=re.compile("受け取る|受領する")).first.click()
    expect(place.get_by_role("link", name=re.compile("記録")).first).to_be_visible(timeout=PATIENCE)


def log_a_call(page, *, phone, words):
    place = page.locator(".actionbar" if phone else ".briefside")
    place.get_by_role("link", name=re.compile("記録")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("label").filter(has_text=re.compile("^話せた$")).click()
    dialog.locator("[name=words]").fill(words)
    dialog.locator(".dialog__foot .btn--primary").click()
    expect(dialog.get_by_text("記録しました")).to_be_visible(timeout=PATIENCE)
    page.reload()


def return_until_they_ask(page, *, phone, keep):
    """Return: no budget; wanted back once they fill in the form."""
    if phone:
        page.locator(".actionbar summary").click()
        page.locator(".actionbar").get_by_role("link", name=re.compile("差し戻す")).click()
    else:
        page.locator(".briefside").get_by_role("link", name=re.compile("差し戻す")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("予算がない", exact=True).click()
    dialog.locator("[name=note]").fill("来期の予算で考えたいとのこと")
    expect(dialog.locator("[name=fact]")).to_be_hidden()
    dialog.get_by_text("お客様に動きがあったら").click()
    dialog.locator("[name=touch]").select_option("form")
    dialog.locator("[name=words]").fill("問い合わせがあったら")
    expect(dialog.get_by_text("そうなり次第、Sotaさん宛に")).to_be_visible()
    keep(page, "return")
    dialog.locator(".dialog__foot .btn--primary").click()
    expect(dialog).to_have_count(0, timeout=PATIENCE)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_what_sales_waited_for_comes_true_and_the_second_round_opens_with_it(
    people, visit, keep_screenshot, phone
):
    noa, sota = people
    follow_conditions()
    first = an_offer(an_mql("佐伯", given_name="千尋", marketer=noa), by=noa, why_now="比較中")
    page = visit(sota, phone=phone, path=f"/handoffs/{first.pk}/")
    claim(page, phone=phone)
    log_a_call(page, phone=phone, words="今期は予算が締まった")
    return_until_they_ask(page, phone=phone, keep=keep_screenshot)
    first.refresh_from_db()
    assert (first.state, first.contact_brief_read) == ("returned", True)
    assert ReturnCondition.objects.get().touch_kind == "form"
    expect(page.get_by_text("問い合わせがあったら").first).to_be_visible()

    desk = visit(noa, phone=phone, path="/")
    expect(desk.get_by_text("問い合わせがあったら").first).to_be_visible()
    keep_screenshot(desk, "waits")
    learn_fact(first.lead, by=noa, field="budget", value="来期 500万円")
    desk.goto(f"/leads/{first.lead_id}/")

    log_touch(first.lead, by=None, kind="form", words="見積がほしい", machine=True)
    follow_conditions()
    sweep_conditions()
    again = Handoff.objects.waiting().get()
    assert (again.round, again.taker) == (2, sota)

    page.goto("/notices/")
    page.get_by_text("条件がそろいました").first.click()
    page.wait_for_url(f"**/handoffs/{again.pk}/")
    told = page.locator(".diff")
    expect(told).to_contain_text("2巡目")
    for words in ("予算がない", "来期の予算で考えたい", "来期 500万円", "見積がほしい"):
        expect(told).to_contain_text(words)
    above = told.bounding_box()["y"] < page.locator(".slip__now").bounding_box()["y"]
    assert above, "what is new comes first"
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    keep_screenshot(page, "second")
    claim(page, phone=phone)
    again.refresh_from_db()
    assert (again.state, again.taker) == ("accepted", sota)
