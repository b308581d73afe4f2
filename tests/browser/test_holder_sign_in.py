"""A holder signs in with a real browser, through the stand-in service and back."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.walking import Street, Walker

pytestmark = [pytest.mark.e2e, pytest.mark.article("M.20")]


def follow(window: Walker, name: str) -> None:
    """Follows the link of that name."""
    window.page.get_by_role("link", name=name).filter(visible=True).first.click()
    window.page.wait_for_load_state()


def through(window: Walker, who: str) -> None:
    """From the choice through the stand-in, as one of its people."""
    window.go("/sign-in/")
    follow(window, "用样例身份服务登录")
    follow(window, who)


@pytest.mark.parametrize("script", [True, False])
def test_holder_signs_in_from_the_front_door_and_out_again(street: Street, script: bool) -> None:
    window = street.window(script=script)
    window.go("/")
    follow(window, "登录")
    window.says_heading("登录，看证照、亮证")
    follow(window, "用样例身份服务登录")
    expect(window.page.get_by_text("不是真的认证")).to_be_visible()
    follow(window, "田春雨")
    assert window.path == "/wallet/"
    window.go("/")
    follow(window, "我的证照")
    assert window.path == "/wallet/"
    [(level, ended)] = street.county.ask(
        "SELECT level, ended_at FROM parties_realnamecheck ORDER BY id DESC LIMIT 1"
    )
    assert (level, ended) == (3, None)


@pytest.mark.parametrize("cookies", [{}, {"elder": "18"}, {"elder": "30"}, {"theme": "dark"}])
def test_axe_finds_nothing_on_the_choice_and_on_a_refusal(
    street: Street, cookies: dict[str, str]
) -> None:
    window = street.window(cookies=cookies)
    name = "-".join(["sign-in", *(word for pair in cookies.items() for word in pair)])
    window.go("/sign-in/")
    for question in window.page.locator("details.zz-help summary").all():
        question.click()
    found = violations(window)
    window.shoot(name)
    through(window, "牛桂花")
    expect(window.page.get_by_role("alert")).to_contain_text("2 级")
    found += violations(window)
    window.shoot(f"{name}-refused")
    window.go("/sign-in/")
    follow(window, "用样例身份服务登录")
    window.shoot(f"{name}-stand-in")
    assert found == [], "\n".join(found)
