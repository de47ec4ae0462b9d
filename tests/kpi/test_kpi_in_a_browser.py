"""The KPI page as people use it: numbers that open, explanations, tables, a period of one's own."""

import pytest

from common.clock import page_now
from tests.kpi import world as worlds
from tests.kpi.world import a_manager, a_world
from tests.smarketing.test_shell_in_a_browser import barriers

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager(monkeypatch, db):
    """A head of sales in a world whose last moment is now: the server asks the real clock."""
    monkeypatch.setattr(worlds, "NOW", page_now())
    a_world(seed=5)
    return a_manager()


def test_a_number_opens_its_list_and_a_lead_from_there(visit, manager):
    page = visit(manager, language="en", path="/kpi/?period=all")
    tile = page.locator(".node__v").first
    count = tile.inner_text()
    tile.click()
    assert page.locator(".section__count").inner_text() == count
    page.locator("[data-row-link]").first.click()
    assert "/leads/" in page.url


def test_what_a_figure_means_is_one_press_away(visit, manager):
    page = visit(manager, language="ja", path="/kpi/?period=all")
    page.locator("button.means").first.click()
    assert page.locator(".means__body:popover-open").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".means__body:popover-open").count() == 0


def test_a_chart_unfolds_as_a_table_with_the_same_doors(visit, manager):
    page = visit(manager, language="en", path="/kpi/?period=all")
    fold = page.locator("details.fig__table").first
    fold.locator("summary").click()
    fold.locator("table").wait_for()
    assert fold.locator("a.numlink").count()


def test_on_a_phone_one_chooses_a_period_of_ones_own(visit, manager):
    page = visit(manager, phone=True, language="ja", path="/kpi/")
    page.locator("summary.chip").first.click()
    page.locator("input[name=from]").fill("2020-01-01")
    page.locator(".kpi__dates button").first.click()
    page.wait_for_url("**/kpi/?*from=2020-01-01*")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0


@pytest.mark.parametrize(
    ("path", "phone", "dark"),
    [
        ("/kpi/?period=all", False, False),
        ("/kpi/?period=all", True, True),
        ("/kpi/won/?period=all", True, False),
    ],
)
def test_everybody_can_read_it(visit, manager, path, phone, dark):
    page = visit(manager, phone=phone, dark=dark, language="ja", path=path)
    assert barriers(page) == []


def test_the_filters_come_when_their_menu_is_opened_and_keep_the_period(visit, manager):
    page = visit(manager, language="en", path="/kpi/?period=year")
    page.locator("summary.chip").nth(1).click()
    page.locator("select[name=team]").select_option(label=manager.team.name)
    page.locator(".kpi__menu").nth(1).get_by_role("button", name="Show").click()
    page.wait_for_url(f"**/kpi/?*team={manager.team_id}*")
    assert "period=year" in page.url
