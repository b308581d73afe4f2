"""The browser's tests: one county and one Chromium a run, windows of its own for every test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.county import County, county
from tests.browser.walking import Street

CHROMIUM = "/usr/bin/chromium-headless-shell"
FLAGS = [
    "--no-sandbox",  # as root there is no sandbox to be had
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def running() -> Iterator[County]:
    """The portal's processes on a county of their own."""
    with county() as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without the windows that nobody sees: a quarter less work."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _sessions() -> dict[str, object]:
    """Who is signed in already: one sign-in an account a run."""
    return {}


@pytest.fixture
def street(running: County, chromium: Browser, _sessions: dict[str, object]) -> Iterator[Street]:
    """Windows for people; every complaint of the browser is one against the portal."""
    street = Street(running, chromium, _sessions)
    yield street
    complaints = street.close()
    running.group.check()
    assert complaints == []
