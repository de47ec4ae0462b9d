"""A lost connection says so and loses nothing that was typed; the app can be kept on a home screen."""

import json

import pytest
from playwright.sync_api import expect

from handoff.models import Handoff
from tests.factories import a_company, an_accepted, an_mql, an_offer

BROWSER = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_it_can_be_installed_in_both_languages(client, language, db):
    client.cookies["django_language"] = language
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": language})
    manifest = json.loads(answer.content)
    assert answer["Content-Type"].startswith("application/manifest+json")
    assert manifest["lang"] == language
    assert manifest["display"] == "standalone"
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} >= {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }


def test_what_answers_without_a_network_holds_nothing_personal(client, sota):
    client.force_login(sota)
    page = client.get("/offline/")
    assert page.status_code == 200
    assert sota.name not in page.text
    script = client.get("/sw.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert script["Cache-Control"] == "no-cache"
    assert "/offline/" in script.text


class TestInABrowser:
    pytestmark = BROWSER

    @pytest.fixture
    def lead(self, noa, sota):
        sota.language = "ja"
        sota.save(update_fields=["language"])
        lead = an_mql("庄司", company=a_company("渡瀬ガラス工業"), phone="03-1234-5678")
        return an_accepted(lead, by=noa, taker=sota).lead

    def test_a_lost_connection_says_so_and_says_when_it_is_back(self, lead, sota, visit):
        page = visit(sota, path="/handoffs/board/")
        banner = page.locator("[data-connection]")
        expect(banner).to_be_hidden()
        page.context.set_offline(True)
        expect(banner).to_be_visible()
        page.context.set_offline(False)
        expect(banner).to_be_hidden(timeout=8000)
        expect(page.locator("#toasts")).to_contain_text("接続が戻りました")
        page.complaints.clear()  # the browser says of every lost request that it was lost

    def test_what_was_typed_survives_a_lost_connection_and_a_reload(self, lead, sota, visit):
        page = visit(sota, path=f"/handoffs/leads/{lead.pk}/touches/new/?kind=call")
        words = page.locator("#id_words")
        words.fill("来週の火曜に見積を送る")
        page.context.set_offline(True)
        page.locator("button[form=dialog-form]").click()
        page.wait_for_timeout(500)
        expect(words).to_have_value("来週の火曜に見積を送る")
        page.context.set_offline(False)
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        expect(page.locator("#id_words")).to_have_value("来週の火曜に見積を送る")
        page.complaints.clear()

    def test_what_was_sent_is_not_kept_and_never_for_somebody_else(self, lead, sota, rin, visit):
        page = visit(sota, path=f"/handoffs/leads/{lead.pk}/touches/new/?kind=note")
        page.locator("#id_words").fill("メモ")
        kept = "Object.keys(sessionStorage).filter((key) => key.startsWith('typed:'))"
        assert page.evaluate(kept)
        page.evaluate("document.body.dataset.me = ''")
        page.evaluate("sessionStorage.setItem('typed:0:/x#', '{\"values\":{}}')")
        page.locator("button[form=dialog-form]").click()
        page.wait_for_url(f"**/leads/{lead.pk}/")
        assert page.evaluate(kept) == []

    def test_claim_read_call_log_and_return_take_three_taps_at_most(self, noa, lead, sota, visit):
        offer = an_offer(an_mql("倉持", company=a_company("瑞穂野フーズ"), phone="03-1"), by=noa)
        taps = []

        def tap(locator):
            locator.scroll_into_view_if_needed()
            box = locator.bounding_box()
            assert box["height"] >= 44, locator
            taps.append(locator)
            locator.tap()

        page = visit(sota, phone=True, path="/now/")
        row = page.locator(".nowrow", has_text="瑞穂野フーズ")
        tap(row.get_by_role("link", name="引き継ぎ書を読む"))
        page.wait_for_url(f"**/handoffs/{offer.pk}/")
        tap(page.locator(".actionbar").get_by_role("button"))
        expect(page.locator(".actionbar").get_by_role("link", name="記録")).to_be_visible()
        assert Handoff.objects.get(pk=offer.pk).taker == sota
        assert len(taps) == 2, "read, claim"
        call = page.locator(".actionbar a[href^='tel:']").first
        assert call.bounding_box()["y"] > 844 * 2 / 3, "within the reach of a thumb"
        taps.clear()
        tap(page.locator(".actionbar").get_by_role("link", name="記録"))
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        # The result is one tap where it stands as a button; the dialog then asks for the next step.
        dialog.locator("[name=result]").first.evaluate("one => one.click()")
        taps.append("the result")
        if "記録しました" not in dialog.inner_text():
            tap(dialog.locator(".dialog__foot .btn--primary"))
        expect(dialog).to_contain_text("記録しました")
        assert len(taps) <= 3, "log"

    @pytest.mark.parametrize("accepted", [False, True], ids=["offered", "accepted"])
    def test_returning_takes_three_taps(self, accepted, noa, sota, visit):
        sota.language = "ja"
        sota.save(update_fields=["language"])
        lead = an_mql("倉持", company=a_company("瑞穂野フーズ"), phone="03-1234-5678")
        offer = an_accepted(lead, by=noa, taker=sota) if accepted else an_offer(lead, by=noa)
        page = visit(sota, phone=True, path=f"/handoffs/{offer.pk}/")
        bar = page.locator(".actionbar")
        for box in [one.bounding_box() for one in bar.locator("> .btn, > * > .btn").all()]:
            assert box["y"] > 844 * 2 / 3, "within the reach of a thumb"
            assert min(box["width"], box["height"]) >= 44
        assert bar.evaluate("one => one.scrollWidth <= innerWidth")
        bar.get_by_role("link", name="差し戻す").tap()
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("予算がない").tap()
        dialog.locator(".dialog__foot .btn--primary, .dialog__foot .btn--danger").last.tap()
        expect(dialog).to_be_hidden()
        offer.refresh_from_db()
        assert offer.state == "returned"
