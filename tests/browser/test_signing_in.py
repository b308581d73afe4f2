"""The door: both factors, by keyboard alone, wrong words, and who is turned away."""

import pytest
from playwright.sync_api import expect

from tests.browser.county import PASSWORD
from tests.browser.walking import Street, Walker

pytestmark = pytest.mark.e2e


def tab_to(window: Walker, label: str) -> None:
    """Presses the tabulator until the focus stands on the thing of that name."""
    for _ in range(40):
        window.page.keyboard.press("Tab")
        name = window.page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()"
        )
        if name.split("\n")[0] == label:
            outline = window.page.evaluate(
                "getComputedStyle(document.activeElement).outlineStyle"
                " + getComputedStyle(document.activeElement).boxShadow"
            )
            assert outline != "nonenone", f"{label} has the focus and does not show it"
            return
    raise AssertionError(f"the tabulator does not reach {label}")


@pytest.mark.article("M.25")
def test_signing_in_by_keyboard_alone(street: Street) -> None:
    window = street.window()
    keyboard = window.page.keyboard
    window.go("/")
    keyboard.press("Tab")
    assert window.page.evaluate("document.activeElement.textContent") == "跳到正文"
    window.go("/log-in/")
    tab_to(window, "账号")
    keyboard.type("land.reviewer")
    tab_to(window, "密码")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    expect(window.page.get_by_role("heading", level=1)).to_have_text("输动态口令")
    tab_to(window, "动态口令")
    keyboard.type(street.county.code("land.reviewer"))
    keyboard.press("Enter")
    expect(window.page).to_have_url(f"{street.county.address}/desk/")
    tab_to(window, "信息审核")
    keyboard.press("Enter")
    expect(window.page).to_have_url(f"{street.county.address}/review/")


@pytest.mark.article("M.25")
def test_a_used_code_and_a_wrong_password_are_refused(street: Street) -> None:
    code = street.county.code("land.custodian")
    for refused in (False, True):
        window = street.window()
        window.go("/log-in/")
        window.fill("账号", "land.custodian")
        window.fill("密码", PASSWORD)
        window.press("下一步")
        window.fill("动态口令", code)
        window.press("登录")
        assert window.path == ("/second-factor/" if refused else "/desk/")
    window = street.window()
    window.go("/log-in/")
    window.fill("账号", "land.custodian")
    window.fill("密码", "sample-county-2025")
    window.press("下一步")
    assert window.path == "/log-in/"
    expect(window.page.get_by_role("alert")).to_be_visible()
    assert window.go("/desk/") == 200
    assert window.path == "/log-in/?next=%2Fdesk%2F"


@pytest.mark.article("M.25")
def test_leaving_ends_the_session(street: Street) -> None:
    window = street.sign_in("land.custodian")
    street.forget("land.custodian")
    window.page.locator("details.zz-person summary").click()
    window.press("退出登录")
    assert window.path == "/log-in/"
    window.go("/desk/")
    assert window.path == "/log-in/?next=%2Fdesk%2F"
