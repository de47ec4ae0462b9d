"""The board under people's hands: two sessions, the keyboard, a phone; nothing typed is lost."""

import re

import pytest
from playwright.sync_api import expect

from handoff.actions import accept_lead
from handoff.models import Handoff
from tests.factories import a_company, an_accepted, an_mql, an_offer
from tests.smarketing.test_shell_in_a_browser import barriers

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
BOARD = "/handoffs/board/?lane=direct&leg=0"


def a_named_mql(name, company, **fields):
    return an_mql(name, company=a_company(company), phone="03-1234-5678", **fields)


@pytest.fixture
def busy(noa, sota, rin):
    for person in (noa, sota, rin):
        person.language = "ja"
        person.save(update_fields=["language"])
    an_offer(a_named_mql("佐伯", "鳴瀬精密工業"), by=noa, taker=sota)
    an_offer(a_named_mql("倉持", "瑞穂野フーズ"), by=noa)
    an_accepted(a_named_mql("庄司", "渡瀬ガラス工業"), by=noa, taker=sota)
    a_named_mql("若林", "若林電子", marketer=noa)


def card(page, company):
    return page.locator("li[data-row]", has_text=company)


def in_list(page, code, company):
    return page.locator(f"#list-{code} li[data-row]", has_text=company)


def test_two_sessions_see_each_others_moves(busy, sota, rin, visit):
    one, other = visit(sota, path=BOARD), visit(rin, path=BOARD)
    in_list(one, "offered", "瑞穂野フーズ").get_by_role("button", name="受け取る").click()
    expect(in_list(one, "accepted", "瑞穂野フーズ")).to_be_visible()
    moved = in_list(other, "accepted", "瑞穂野フーズ")
    expect(moved).to_be_visible(timeout=7000)
    expect(moved).to_contain_text("Sota")
    said = other.locator("body > p[role=status]")
    expect(said).to_contain_text("瑞穂野フーズ")


def test_who_was_faster_is_said_and_the_card_moves(busy, sota, rin, visit):
    page = visit(sota, path=BOARD)
    accept_lead(Handoff.objects.get(lead__company__name="瑞穂野フーズ"), by=rin)
    in_list(page, "offered", "瑞穂野フーズ").get_by_role("button", name="受け取る").click()
    expect(page.locator("#toasts")).to_contain_text("Rin")
    expect(in_list(page, "accepted", "瑞穂野フーズ")).to_contain_text("Rin")


def test_what_is_typed_in_a_dialog_stays_while_the_board_moves_behind_it(busy, sota, rin, visit):
    page = visit(sota, path=BOARD)
    card(page, "渡瀬ガラス工業").locator("[data-card-menu]").click()
    page.locator("#cardmenu [data-move=contact]").click()
    words = page.get_by_role("dialog").locator("textarea").first
    words.fill("午前中に電話するとつながる")
    accept_lead(Handoff.objects.get(lead__company__name="瑞穂野フーズ"), by=rin)
    expect(in_list(page, "accepted", "瑞穂野フーズ")).to_have_count(1, timeout=7000)
    expect(words).to_have_value("午前中に電話するとつながる")
    expect(words).to_be_focused()


def test_the_focus_stays_with_its_card_wherever_it_goes(busy, sota, rin, visit):
    page = visit(sota, path=BOARD)
    in_list(page, "offered", "瑞穂野フーズ").locator("h3 a").focus()
    accept_lead(Handoff.objects.get(lead__company__name="瑞穂野フーズ"), by=rin)
    there = in_list(page, "accepted", "瑞穂野フーズ")
    expect(there).to_be_visible(timeout=7000)
    expect(there.locator("h3 a")).to_be_focused()


def test_everything_goes_by_keyboard(busy, noa, sota, visit):
    page = visit(sota, path=BOARD)
    page.locator("body").press("ArrowRight")
    for _n in range(6):
        if page.locator("#list-offered .is-cursor").count():
            break
        page.keyboard.press("ArrowRight")
    first = page.locator("li.is-cursor h3").inner_text()
    page.keyboard.press("a")
    expect(page.locator("#list-accepted li", has_text=first)).to_be_visible()
    expect(page.locator("#list-accepted li.is-cursor", has_text=first)).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_role("dialog")).to_contain_text("差し戻")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("l")
    expect(page.get_by_role("dialog")).to_contain_text("記録")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/handoffs/\d+/"))


def test_a_key_does_nothing_to_a_card_that_is_not_under_the_cursor(busy, sota, visit):
    page = visit(sota, path=BOARD)
    page.locator("body").press("a")
    page.wait_for_timeout(500)
    assert Handoff.objects.accepted().count() == 1


def test_noa_offers_by_keyboard(busy, noa, visit):
    page = visit(noa, path=BOARD)
    card(page, "若林電子").locator("h3 a").focus()
    page.keyboard.press("o")
    expect(page.get_by_role("dialog")).to_contain_text("若林電子")


def test_a_double_click_claims_once_and_says_so_once(busy, sota, visit):
    page = visit(sota, path=BOARD)
    in_list(page, "offered", "瑞穂野フーズ").get_by_role("button", name="受け取る").dblclick()
    expect(in_list(page, "accepted", "瑞穂野フーズ")).to_be_visible()
    page.wait_for_timeout(600)
    expect(page.locator("#toasts [data-toast]")).to_have_count(1)
    assert Handoff.objects.waiting().count() == 1, "the card that moved up was not claimed too"


def test_a_hidden_page_asks_nothing(busy, sota, visit):
    page = visit(sota, path=BOARD)
    asked = []
    page.on(
        "request",
        lambda request: asked.append(request.url) if "/board/now/" in request.url else None,
    )
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    page.wait_for_timeout(6500)
    assert asked == []


def test_more_of_a_list_is_loaded_on_and_stays(busy, noa, sota, visit):
    for n in range(24):
        an_offer(a_named_mql(f"L{n}", f"Company {n}"), by=noa)
    page = visit(sota, path=BOARD)
    expect(page.locator("#list-offered > li")).to_have_count(20)
    page.locator("#more-offered").click()
    expect(page.locator("#list-offered > li")).to_have_count(26)
    an_offer(a_named_mql("Late", "遅い会社"), by=noa)
    expect(page.locator("#list-offered > li")).to_have_count(27, timeout=7000)


def test_the_three_papers_of_a_phone_begin_with_the_overlap(busy, sota, visit):
    page = visit(sota, phone=True, path=BOARD)
    expect(in_list(page, "offered", "鳴瀬精密工業")).to_be_visible()
    expect(in_list(page, "ready", "若林電子")).to_be_hidden()
    page.locator("#lanepick [data-lane=mk]").tap()
    expect(in_list(page, "ready", "若林電子")).to_be_visible()
    expect(in_list(page, "offered", "鳴瀬精密工業")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        "[...document.querySelectorAll('#board .btn, #board .bcard__more, #lanepick button')]"
        ".filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())"
        ".filter((box) => box.height < 44 || box.width < 44).length"
    )
    assert small == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_everybody_can_use_the_board(phone, dark, busy, sota, visit):
    page = visit(sota, phone=phone, dark=dark, path=BOARD)
    assert barriers(page) == []
