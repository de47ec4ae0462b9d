"""A real browser: the machine's own Chromium, driven by playwright.

Where none is found its tests are not run, and the end of the run says so loudly; in CI that is
a failure.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.test import Client

PLACES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# Nothing but the pages under test: no telling home, no updates, no shared memory of containers.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NOT_RUN = "There is no Chromium on this machine"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


def find_chromium() -> str | None:
    """CHROMIUM, or the first browser where browsers are."""
    places = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else PLACES
    return next((found for place in places if (found := shutil.which(place))), None)


@pytest.fixture(scope="session")
def chromium():
    """The browser; one for all tests of this process."""
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"{NOT_RUN}, and in CI its tests must run.")
        pytest.skip(NOT_RUN)
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread, and Django would not speak to its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, live_server, settings):
    """`visit(noa, phone=True)` is a page in a window of its own, signed in as noa.

    Languages "ja" and "en"; `dark` for the dark look. At the end of the test whatever the page
    complained about (errors of scripts, a breach of the content policy, a lost file) fails it.
    """
    complaints, contexts = [], []

    def open_window(user=None, *, phone=False, language="ja", dark=False, path=None):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            locale={"ja": "ja-JP", "en": "en-GB"}[language],
            timezone_id="Asia/Tokyo",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_cookies([_cookie(settings.LANGUAGE_COOKIE_NAME, language, live_server)])
        if user is not None:
            # A client of its own: signing another person in would end the session before.
            client = Client()
            client.force_login(user)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([_cookie(settings.SESSION_COOKIE_NAME, session, live_server)])
        page = context.new_page()
        _listen(page, complaints)
        page.complaints = complaints
        if path is not None:
            page.goto(path)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not complaints, "The browser complained: " + "; ".join(complaints)


def _cookie(name, value, live_server):
    return {"name": name, "value": value, "url": live_server.url}


def _listen(page, complaints):
    # What a refusal answers (409, 422…) is the test's own affair; a broken page is not.
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on(
        "console",
        lambda said: (
            complaints.append(f"console: {said.text}")
            if said.type == "error" and "status of 4" not in said.text
            else None
        ),
    )
    page.on(
        "response",
        lambda got: (
            complaints.append(f"{got.status} {got.url}")
            if got.status >= 500 or (got.status == 404 and "/static/" in got.url)
            else None
        ),
    )


@pytest.fixture
def keep_screenshot(request):
    """`keep_screenshot(page, "board")` writes a picture where SCREENSHOTS names a directory."""
    directory = os.environ.get("SCREENSHOTS")

    def keep(page, name):
        if directory:
            Path(directory).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{directory}/{request.node.name}-{name}.png", full_page=True)

    return keep


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    lost = sorted({report.nodeid for report in skipped if NOT_RUN in str(report.longrepr)})
    if lost:
        terminalreporter.section("NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{NOT_RUN}: {len(lost)} tests in a real browser were not run. "
            "Install one (Debian: apt install chromium), or name it in CHROMIUM."
        )
        for nodeid in lost:
            terminalreporter.line(f"  {nodeid}")
