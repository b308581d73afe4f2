"""The wallet in every mode: cards, a licence, its history, copies made and ended, the switch."""

import json
import subprocess
from typing import Any

import pytest
from playwright.sync_api import expect

from scripts.lib import places
from tests.browser.axe import violations
from tests.browser.county import County
from tests.browser.walking import PHONE, Street, Walker

pytestmark = pytest.mark.e2e

MODES: tuple[dict[str, str], ...] = (
    {}, {"elder": "18"}, {"elder": "30"}, {"theme": "dark"},
)  # fmt: skip


@pytest.fixture(scope="module")
def holder(running: County) -> dict[str, Any]:
    """The representative of an enterprise with four licences, one of them switched off."""
    answer = subprocess.run(
        [str(places.PYTHON), "-m", "tests.browser.holding", "open", "4"],
        env=running.env, cwd=places.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr[-3000:]
    told: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return told


def phone(street: Street, holder: dict[str, Any], mode: dict[str, str]) -> Walker:
    """The holder's phone in a mode."""
    walker = street.window(cookies={"sessionid": holder["session"], **mode})
    walker.narrow(PHONE)
    return walker


@pytest.mark.article("M.20")
def test_every_page_of_the_wallet_in_every_mode(street: Street, holder: dict[str, Any]) -> None:
    own = f"/wallet/licences/{holder['licences'][0]}/"
    paths = (
        "/wallet/", "/wallet/?q=没有这一份", own, f"{own}copies/", f"{own}changes/", f"{own}uses/",
        f"{own}switch-off/", f"/wallet/licences/{holder['licences'][-1]}/switch-on/",
        "/wallet/messages/", "/wallet/mine/", "/wallet/offline/",
    )  # fmt: skip
    found: list[str] = []
    for mode in MODES:
        window = phone(street, holder, mode)
        for path in paths:
            assert window.go(path) == 200, path
            found += [f"{mode} {line}" for line in violations(window)]
            name = path.split("?")[0].strip("/").replace("/", "_").replace(own, "own")[-24:]
            window.shoot(f"wallet_{name}_{'_'.join(mode.values())}")
    assert found == [], "\n".join(found)


@pytest.mark.article("P.2.3.4", "S.10")
def test_a_copy_when_made_on_the_phone_then_listed_and_ended(
    street: Street, holder: dict[str, Any]
) -> None:
    window = phone(street, holder, {})
    own = f"/wallet/licences/{holder['licences'][0]}/"
    assert window.go(f"{own}copies/") == 200
    window.page.get_by_label("租房").check()
    window.press("制作")
    window.page.locator('a[href*="/end/"]').first.click()
    found = violations(window)
    window.press("作废")
    window.shows("已作废")
    found += violations(window)
    window.go(f"{own}uses/")
    window.shows("加注件")
    assert found == [], "\n".join(found)


@pytest.mark.article("P.2.3.3")
def test_a_licence_when_switched_off_and_on_then_the_card_says_so(
    street: Street, holder: dict[str, Any]
) -> None:
    window = phone(street, holder, {})
    key = holder["licences"][1]
    for path, verb, said in (
        ("switch-off", "关闭亮证", "打开亮证"),
        ("switch-on", "打开亮证", "关闭亮证"),
    ):
        window.go(f"/wallet/licences/{key}/{path}/")
        window.press(verb)
        window.go(f"/wallet/licences/{key}/")
        expect(window.page.get_by_role("link", name=said).first).to_be_visible()
