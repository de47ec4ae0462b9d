"""Today under a person's hands: claim on a phone, tick off, choose and offer; and no barriers."""

import re

import pytest
from playwright.sync_api import expect

from common import now
from handoff.actions import return_lead
from handoff.models import Handoff
from handoff.states import State
from leads.actions import plan_follow_up
from leads.models import FollowUp
from tests.exchange.wednesday import HOUR
from tests.factories import a_company, a_reason, an_accepted, an_mql, an_offer, the_team
from tests.smarketing.test_shell_in_a_browser import barriers

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def a_named_mql(name, company, **fields):
    return an_mql(
        name, given_name="千尋", company=a_company(company), phone="03-1234-5678", **fields
    )


@pytest.fixture
def busy(noa, sota):
    """A day with something in every section, for Noa and for Sota, who read Japanese."""
    for person in (noa, sota):
        person.language = "ja"
        person.save(update_fields=["language"])
    an_offer(
        a_named_mql("佐伯", "鳴瀬精密工業"),
        by=noa,
        taker=sota,
        why_now="12月の予算申請に間に合わせたい。",
    )
    an_offer(a_named_mql("倉持", "瑞穂野フーズ"), by=noa)
    an_accepted(a_named_mql("庄司", "渡瀬ガラス工業"), by=noa, taker=sota)
    back = an_accepted(a_named_mql("五十嵐", "雲居タービン工業"), by=noa, taker=sota)
    return_lead(back, by=sota, reason=a_reason("no_budget"), note="来期にもう一度話したい。")
    lead = a_named_mql("長嶺", "トキワダ飲料", team=the_team("sales"))
    plan_follow_up(lead, by=sota, what="提案書の感想を聞く", due_at=now() + HOUR / 60)
    for name in ("若林", "神保"):
        a_named_mql(name, f"{name}電子", marketer=noa)


def test_sota_claims_on_his_phone_and_the_lead_moves_down_the_page(busy, sota, visit):
    page = visit(sota, phone=True, path="/")
    expect(page.locator(".offer")).to_have_count(2)
    page.locator(".offer", has_text="瑞穂野フーズ").get_by_role("button", name="受け取る").tap()
    expect(page.get_by_role("status")).to_contain_text("受領しました")
    expect(page.locator(".offer")).to_have_count(1)
    expect(page.locator(".call", has_text="瑞穂野フーズ")).to_be_visible()
    assert Handoff.objects.get(lead__company__name="瑞穂野フーズ").taker == sota
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, "nothing sticks out"


def test_the_sheet_says_who_was_faster(busy, sota, rin, visit):
    from handoff.actions import accept_lead

    page = visit(sota, path="/")
    accept_lead(Handoff.objects.get(lead__company__name="瑞穂野フーズ"), by=rin)
    page.locator(".offer", has_text="瑞穂野フーズ").get_by_role("button").first.click()
    expect(page.get_by_role("status")).to_contain_text("Rin")
    expect(page.locator(".offer", has_text="鳴瀬精密工業")).to_be_visible()


def test_a_call_is_one_tap_away(busy, sota, visit):
    page = visit(sota, phone=True, path="/")
    link = page.locator(".call", has_text="渡瀬ガラス工業").get_by_role("link", name="電話")
    expect(link).to_have_attribute("href", "tel:0312345678")
    box = link.bounding_box()
    assert box["height"] >= 44
    assert box["width"] >= 44


def test_a_follow_up_is_ticked_and_the_tick_taken_back(busy, sota, visit):
    page = visit(sota, path="/")
    tick = page.get_by_role("button", name="済みにする: 提案書の感想を聞く")
    tick.click()
    expect(tick).to_have_attribute("aria-pressed", "true")
    assert FollowUp.objects.get().done_by == sota
    tick.click()
    expect(tick).to_have_attribute("aria-pressed", "false")
    assert FollowUp.objects.get().done_at is None


def test_noa_offers_what_she_chose_by_keyboard(busy, noa, visit):
    page = visit(noa, path="/")
    page.get_by_role("checkbox", name=re.compile("若林")).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="選んだリードを引き渡す").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("若林電子")
    expect(dialog).not_to_contain_text("神保電子")


def test_noa_acknowledges_a_return_from_the_page(busy, noa, visit):
    page = visit(noa, path="/")
    page.locator(".ret").get_by_role("link", name="確認する").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("もう一度育成").click()
    dialog.locator("button.btn--primary").click()
    expect(page.locator(".ret")).to_have_count(0)
    assert Handoff.objects.get(state=State.RETURNED).acknowledged_by == noa


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("who", ["sota", "noa", "ren", "ada"])
def test_everybody_can_use_today(who, phone, dark, busy, visit, request, keep_screenshot):
    user = request.getfixturevalue(who)
    user.language = "ja"
    user.save()
    page = visit(user, phone=phone, dark=dark, path="/")
    assert barriers(page) == []
    keep_screenshot(page, "today")
    assert page.evaluate("document.documentElement.scrollWidth") <= (390 if phone else 1440)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize(
    "path", ["/settings/", "/settings/teams/", "/settings/organisation/", "/profile/", "/notices/"]
)
def test_everybody_can_use_the_settings(path, phone, busy, ada, noa, visit):
    page = visit(noa if path == "/notices/" else ada, phone=phone, path=path)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= (390 if phone else 1440)


def test_ada_invites_by_the_dialog_and_a_slip_stays_in_it(ada, visit):
    page = visit(ada, path="/settings/", language="en")
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog", name="Invite a person")
    dialog.get_by_label("Family name").fill("Kanda")
    dialog.get_by_label("E-mail").fill(ada.email)
    dialog.get_by_role("button", name="Send the invitation").click()
    expect(dialog).to_contain_text("signs in with this address")
    expect(dialog.get_by_label("Family name")).to_have_value("Kanda")
    dialog.get_by_label("E-mail").fill("kanda@example.com")
    dialog.get_by_label("Team").select_option(label=the_team("sales").name)
    dialog.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("status")).to_contain_text("kanda@example.com")
    expect(page.locator("main")).to_contain_text("kanda@example.com")


def test_a_team_is_retired_only_after_a_question(ada, visit):
    team = the_team("inside_sales")
    page = visit(ada, path="/settings/teams/", language="en")
    page.get_by_role("link", name=team.name).click()
    page.get_by_role("button", name="Retire this team").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("keeps its past")
    question.get_by_role("button", name="Retire").click()
    expect(page.get_by_role("status")).to_contain_text("The lane")
    team.refresh_from_db()
    assert team.is_active
