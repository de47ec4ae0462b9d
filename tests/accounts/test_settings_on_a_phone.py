"""The settings on a phone, light and dark: nothing sticks out, and there are no barriers."""

import pytest

from accounts.models import WorkingCalendar
from tests.smarketing.test_shell_in_a_browser import barriers

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_of_the_settings_is_wider_than_a_phone(dark, defaults, ada, visit):
    calendar = WorkingCalendar.objects.get(is_default=True)
    page = visit(ada, phone=True, dark=dark, path="/settings/")
    for path in (
        "/settings/",
        "/settings/teams/",
        "/settings/calendars/",
        f"/settings/calendars/{calendar.pk}/",
        "/settings/organisation/",
        "/leads/fields/",
        "/leads/hearing/",
    ):
        page.goto(page.url.split("/settings")[0].split("/leads")[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert barriers(page) == [], path
