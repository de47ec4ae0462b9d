"""The whole job once, in a real browser, in Japanese: from a name on paper to a deal won.

A marketer at a desk, a rep with a phone between two visits, and the figures both teams see.
"""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from handoff.models import Deal, Handoff
from leads.models import Lead

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(noa, sota):
    User.objects.update(language="ja")
    return noa, sota


def write_down(page):
    """A lead: a name, a company and a number are enough."""
    page.goto("/leads/")
    page.get_by_role("link", name="リードを追加").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=company_name]").fill("鳴瀬精密工業")
    dialog.locator("[name=family_name]").fill("佐伯")
    dialog.locator("[name=given_name]").fill("千尋")
    dialog.locator("[name=phone]").fill("052-000-4821")
    dialog.get_by_role("button", name="リードを追加").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("佐伯 千尋")


def log_a_call(page, *, result, words, then=""):
    """One touch: outcome, words, done; and when what follows is due, where that is asked."""
    dialog = page.get_by_role("dialog")
    dialog.locator(".touch__result").get_by_text(result, exact=True).click()
    dialog.locator("[name=words]").fill(words)
    dialog.get_by_role("button", name="残す").click()
    if then:
        dialog.locator(".onetap--days").get_by_role("button", name=then).click()
    expect(dialog).to_have_count(0)


def test_from_a_name_on_paper_to_a_deal_won(people, visit, keep_screenshot):
    noa, sota = people

    desk = visit(noa)
    write_down(desk)
    desk.get_by_role("link", name="電話を記録").first.click()
    log_a_call(desk, result="デモの依頼", words="12月の予算申請に概算を間に合わせたい")
    lead = Lead.objects.get()
    assert lead.stage == "mql", "a request for a demo qualifies by itself"
    assert lead.marketer == noa

    desk.get_by_role("link", name=re.compile("^引き渡す")).first.click()
    dialog = desk.get_by_role("dialog")
    dialog.locator("[name=why_now]").fill("12月4日の予算申請に間に合わせたい。")
    dialog.locator("[name=next_step]").fill("13時台に電話し、概算の前提を確かめる。")
    dialog.locator("[name=note]").fill("保全課の方の同席を提案すると早いと思います。")
    keep_screenshot(desk, "offer")
    dialog.get_by_role("button", name="引き渡す").click()
    expect(dialog).to_have_count(0)
    handoff = Handoff.objects.get()
    assert (handoff.state, handoff.taker) == ("waiting", None)

    phone = visit(sota, phone=True, path="/")
    offer = phone.get_by_role("article").filter(has_text="鳴瀬精密工業")
    expect(offer).to_contain_text("12月4日の予算申請に間に合わせたい。")
    offer.get_by_role("link", name="引き継ぎ書を読む").click()
    expect(phone.get_by_text("保全課の方の同席を提案すると早いと思います。")).to_be_visible()
    expect(phone.get_by_role("link", name=re.compile("052-000-4821")).first).to_have_attribute(
        "href", "tel:0520004821"
    )
    keep_screenshot(phone, "brief")
    phone.locator(".actionbar").get_by_role("button", name="受け取る").click()
    expect(phone.locator(".actionbar").get_by_role("link", name="記録")).to_be_visible()
    handoff.refresh_from_db()
    assert (handoff.state, handoff.taker) == ("accepted", sota)
    assert handoff.brief_read_at, "the brief was open on the phone"

    phone.locator(".actionbar").get_by_role("link", name="記録").click()
    log_a_call(phone, result="話せた", words="予算300万円、来年4月に稼働したい", then="翌営業日")
    handoff.refresh_from_db()
    assert handoff.contact_brief_read is True
    assert not handoff.clocks.running().filter(kind="contact").exists()

    phone.locator(".actionbar").get_by_role("link", name="商談にする").click()
    dialog = phone.get_by_role("dialog")
    dialog.locator("[name=amount]").fill("3,000,000")
    dialog.get_by_role("button", name="商談を開く").click()
    expect(dialog).to_have_count(0)
    deal = Deal.objects.get()
    assert (deal.amount, deal.owner) == (3_000_000, sota)

    phone.goto(f"/handoffs/deals/{deal.pk}/")
    phone.get_by_role("link", name="受注").first.click()
    dialog = phone.get_by_role("dialog")
    dialog.get_by_role("button", name="受注").click()
    expect(dialog).to_have_count(0)
    lead.refresh_from_db()
    assert lead.stage == "won"

    desk.goto("/kpi/")
    keep_screenshot(desk, "kpi")
    for figure in ("leads", "mql", "sal", "sql", "won"):
        link = desk.locator(f"a[href*='/kpi/list/{figure}/'], a[href*='/kpi/{figure}/']").first
        expect(link).to_have_text(re.compile(r"^\s*1\s*$"))
    link.click()
    desk.wait_for_load_state()
    keep_screenshot(desk, "list")
    expect(desk.get_by_role("link", name="佐伯 千尋")).to_have_count(1)


def test_a_rep_on_a_phone_sends_a_lead_back_and_the_marketer_answers(
    people, visit, keep_screenshot
):
    from tests.factories import an_mql, an_offer

    noa, sota = people
    handoff = an_offer(an_mql("佐伯", marketer=noa), by=noa)

    phone = visit(sota, phone=True, path=f"/handoffs/{handoff.pk}/")
    phone.locator(".actionbar").get_by_role("link", name="差し戻す").click()
    dialog = phone.get_by_role("dialog")
    dialog.get_by_role("button", name="差し戻す").click()
    expect(dialog.locator("[aria-invalid=true], .field__error").first).to_be_visible()
    dialog.get_by_text("予算がない", exact=True).click()
    dialog.locator("textarea").first.fill("来期の予算で考えたいとのこと")
    keep_screenshot(phone, "return")
    dialog.get_by_role("button", name="差し戻す").click()
    expect(dialog).to_have_count(0)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.return_reason.code) == ("returned", "no_budget")

    desk = visit(noa, path="/")
    expect(desk.get_by_text("来期の予算で考えたいとのこと")).to_be_visible()
    desk.goto(f"/handoffs/{handoff.pk}/")
    desk.get_by_role("link", name="差し戻しを確認する").first.click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_text("もう一度育成します").click()
    dialog.locator("button[form=dialog-form]").click()
    expect(dialog).to_have_count(0)
    handoff.refresh_from_db()
    assert handoff.acknowledged_by == noa


def test_who_comes_too_late_is_told_who_was_faster(people, rin, visit):
    from handoff.actions import accept_lead
    from tests.factories import an_mql, an_offer

    noa, sota = people
    handoff = an_offer(an_mql("佐伯"), by=noa)
    User.objects.filter(pk=rin.pk).update(language="ja")
    phone = visit(rin, phone=True, path=f"/handoffs/{handoff.pk}/")
    accept_lead(handoff, by=sota)
    phone.locator(".actionbar").get_by_role("button", name="受け取る").click()
    expect(phone.get_by_text("Sotaさんがすでに受領しました。").first).to_be_visible()
