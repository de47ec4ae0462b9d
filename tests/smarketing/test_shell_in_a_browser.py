"""The shell under a person's hands: sign-in, palette, keys, theme, and whether everybody can use it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.factories import PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def barriers(page):
    # Preloading stylesheets would break the content policy, and nothing here comes from elsewhere.
    found = Axe().run(page, options={"preload": False, "runOnly": RULES}).response["violations"]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]


def test_noa_signs_in_after_a_slip_of_the_fingers(noa, visit):
    page = visit(path="/accounts/login/?next=/profile/")
    page.get_by_label("メールアドレス").fill(noa.email)
    page.get_by_label("パスワード", exact=True).fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("メールアドレス")).to_have_value(noa.email)
    expect(page.get_by_label("パスワード", exact=True)).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.get_by_role("button", name="表示").click()
    expect(page.get_by_label("パスワード", exact=True)).to_have_attribute("type", "text")
    page.get_by_role("button", name="サインイン").click()
    page.wait_for_url("**/profile/")


def test_the_palette_opens_narrows_goes_and_closes(noa, visit):
    page = visit(noa, path="/notices/", language="en")
    page.keyboard.press("/")
    palette = page.get_by_role("dialog", name="Search or jump")
    expect(palette).to_be_visible()
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    page.keyboard.press("/")
    expect(palette.locator("input")).to_be_focused()
    page.keyboard.type("agree")
    expect(palette.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/handoffs/agreement/")


def test_keys_go_places_unless_switched_off(noa, visit):
    page = visit(noa, path="/notices/")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/handoffs/")
    noa.single_keys = False
    noa.save(update_fields=["single_keys"])
    page.goto("/notices/")
    for key in ("g", "h", "/", "?"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.url.endswith("/notices/")


def test_typing_into_a_field_presses_no_keys(noa, visit):
    page = visit(noa, path="/profile/", language="en")
    page.get_by_label("Given name").fill("")
    page.get_by_label("Given name").press_sequentially("gh/?")
    expect(page.get_by_label("Given name")).to_have_value("gh/?")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_dark_comes_at_once_and_stays(noa, visit):
    page = visit(noa, path="/notices/", language="en")
    page.locator(".rail summary").click()
    with page.expect_response("**/theme/"):
        page.locator(".rail").get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 18, 20)"


def test_on_a_phone_the_rest_is_under_more(noa, visit):
    page = visit(noa, phone=True, path="/notices/", language="en")
    expect(page.locator(".rail")).to_be_hidden()
    page.get_by_role("button", name="More").click()
    sheet = page.get_by_role("dialog", name="More")
    expect(sheet.get_by_role("link", name="Agreement")).to_be_visible()
    box = sheet.bounding_box()
    assert box["y"] + box["height"] == 844
    sheet.get_by_role("button", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")


def test_a_refused_move_is_said_over_the_unchanged_page(noa, visit):
    page = visit(noa, path="/notices/")
    page.evaluate("""() => {
        document.querySelector("main").insertAdjacentHTML(
            "beforeend", '<button hx-post="/handoffs/999999/acceptance/">x</button>');
        htmx.process(document.querySelector("main"));
    }""")
    page.get_by_role("button", name="x", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("There is no such page")
    expect(page.get_by_role("button", name="x", exact=True)).to_be_visible()
    # htmx itself notes every 404 as an error; here it was asked for.
    page.complaints.clear()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nobody_is_shut_out(noa, visit, phone, dark):
    assert barriers(visit(path="/accounts/login/", phone=phone, dark=dark)) == []
    page = visit(noa, path="/profile/", phone=phone, dark=dark)
    assert barriers(page) == []
    page.locator("[data-open=palette]:visible").first.click()
    assert barriers(page) == []
