"""What anybody may read, at both widths, in elder mode and in the dark; the check of files."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.walking import Street

pytestmark = pytest.mark.e2e

PAGES = (
    "/", "/help/", "/privacy/", "/accessibility/", "/contact/", "/regulation/",
    "/catalogue/", "/catalogue/1114052529141777X1001/", "/catalogue/1114052529141777X1013/",
    "/log-in/", "/verify/", "/verify/file/", "/verify/code/", "/V/000000000000/ABCDEFGH",
    "/P/23456789ABCDEFGH", "/C/ABCDEFGHJKLM", "/nothing-here/",
)  # fmt: skip


def test_axe_finds_nothing_on_any_public_page(street: Street) -> None:
    window = street.window()
    found = []
    for path in PAGES:
        status = window.go(path)
        assert status == (404 if path == "/nothing-here/" else 200), path
        found += violations(window, whole=path == "/")
        window.shoot("public" + path.replace("/", "_").rstrip("_"))
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("cookie", [("elder", "18"), ("elder", "30"), ("theme", "dark")])
def test_axe_finds_nothing_in_elder_mode_and_in_the_dark(
    street: Street, cookie: tuple[str, str]
) -> None:
    window = street.window(cookies=dict([cookie]))
    found = []
    for path in ("/", "/catalogue/1114052529141777X1001/", "/log-in/", "/verify/file/"):
        assert window.go(path) == 200
        found += violations(window)
        window.shoot(f"{'-'.join(cookie)}{path.replace('/', '_')[:12].rstrip('_')}")
    assert found == [], "\n".join(found)


def test_elder_mode_and_dark_are_a_button_away_and_stay(street: Street) -> None:
    window = street.window()
    window.go("/help/")
    window.press("适老版")
    expect(window.page.locator("html")).to_have_attribute("data-elder", "18")
    assert window.path == "/help/"
    window.go("/catalogue/")
    expect(window.page.locator("html")).to_have_attribute("data-elder", "18")


def test_a_planted_fault_is_found(street: Street) -> None:
    window = street.window()
    window.go("/help/")
    window.page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    found = violations(window)
    assert len(found) == 2
    assert all("button-name" in line for line in found)


def test_a_breach_of_the_content_policy_is_a_complaint(street: Street) -> None:
    window = street.window()
    window.go("/help/")
    window.page.evaluate("document.querySelector('main').setAttribute('style', 'color: red')")
    window.page.wait_for_timeout(200)
    complaints = [one for one in window.complaints if "POLICY style-src" in one]
    assert len(complaints) == 1
    window.complaints.clear()
