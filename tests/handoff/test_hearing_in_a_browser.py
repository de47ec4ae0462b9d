"""On a phone with one thumb: claim, read, call, log. Each takes three taps at most."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from handoff.models import Handoff
from leads.actions import learn_fact
from leads.models import FollowUp, Hearing, Interaction
from tests.factories import a_company, an_mql, an_offer

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def offered(noa, sota):
    User.objects.update(language="ja")
    lead = an_mql("佐伯", company=a_company("鳴瀬精密工業"), phone="052-000-4821")
    learn_fact(lead, by=noa, field="budget", value="300万円")
    return an_offer(lead, by=noa, why_now="12月の予算申請に間に合わせたい。", note="保全課も同席")


class Thumb:
    """A phone whose taps are counted."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, found):
        self.taps += 1
        found.tap()

    def done(self, what: str):
        assert self.taps <= 3, f"{what}: {self.taps} taps"
        self.taps = 0


def test_claiming_reading_and_logging_take_three_taps_each(offered, sota, visit, keep_screenshot):
    phone = visit(sota, phone=True, path=f"/handoffs/{offered.pk}/")
    thumb = Thumb(phone)
    bar, dialog = phone.locator(".actionbar"), phone.get_by_role("dialog")
    expect(phone.get_by_text("12月の予算申請に間に合わせたい。")).to_be_in_viewport()
    call = phone.get_by_role("link", name=re.compile("052-000-4821")).first
    expect(call).to_be_in_viewport()
    thumb.tap(bar.get_by_role("button", name="受け取る"))
    expect(bar.get_by_role("link", name="記録")).to_be_visible()
    thumb.done("claim")
    offered.refresh_from_db()
    assert (offered.taker, bool(offered.brief_read_at)) == (sota, True)
    expect(call).to_have_attribute("href", "tel:0520004821")

    thumb.tap(bar.get_by_role("link", name="記録"))
    no_answer = dialog.get_by_role("button", name="応答なし")
    expect(no_answer).to_be_in_viewport()
    keep_screenshot(phone, "call")
    thumb.tap(no_answer)
    expect(dialog.get_by_text("引き渡しから1回目の連絡")).to_be_visible()
    keep_screenshot(phone, "logged")
    thumb.tap(dialog.get_by_role("button", name="翌営業日"))
    expect(dialog).to_have_count(0)
    thumb.done("log a call")
    assert Interaction.objects.get(lead=offered.lead).result == "no_answer"
    assert FollowUp.objects.get(lead=offered.lead).owner == sota
    expect(phone.get_by_text("次の一手が決まっていません。")).to_have_count(0)


def test_undo_is_one_tap_and_the_page_knows(offered, sota, visit):
    phone = visit(sota, phone=True, path=f"/handoffs/{offered.pk}/")
    phone.locator(".actionbar").get_by_role("button", name="受け取る").tap()
    phone.locator(".actionbar").get_by_role("link", name="記録").tap()
    dialog = phone.get_by_role("dialog")
    dialog.get_by_role("button", name="話せた").tap()
    dialog.get_by_role("button", name="元に戻す").tap()
    expect(dialog).to_have_count(0)
    assert not Interaction.objects.filter(lead=offered.lead).exists()
    assert Handoff.objects.get(pk=offered.pk).first_contact_at is None


def test_what_is_known_is_confirmed_by_one_tap(offered, sota, visit, keep_screenshot):
    phone = visit(sota, phone=True, path=f"/handoffs/{offered.pk}/")
    phone.locator(".actionbar").get_by_role("button", name="受け取る").tap()
    phone.locator(".actionbar").get_by_role("link", name="記録").tap()
    dialog = phone.get_by_role("dialog")
    dialog.locator(".heard__known > summary").tap()
    known = dialog.get_by_role("group", name="予算")
    known.get_by_text("変わった").tap()
    expect(known.locator("[name=fact_budget]")).to_be_visible()
    known.get_by_text("確認した").tap()
    expect(known.locator("[name=fact_budget]")).to_be_hidden()
    keep_screenshot(phone, "known")
    dialog.get_by_role("button", name="話せた").tap()
    expect(dialog.get_by_text("次の一手").first).to_be_visible()
    dialog.get_by_role("button", name="あとで").tap()
    expect(phone.get_by_text("1回確認済み")).to_be_visible()
    hearing = Hearing.objects.get()
    assert (hearing.outcome, hearing.handoff_id) == ("confirmed", offered.pk)
