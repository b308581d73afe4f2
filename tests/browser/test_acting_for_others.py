"""A representative appoints and ends, a person switches, a window records; axe on every page."""

import json
import re
import subprocess
from datetime import date
from typing import Any

import pytest

from scripts.lib import places
from tests.browser.axe import violations
from tests.browser.county import County
from tests.browser.walking import PHONE, Street, Walker
from tests.families import number_of

pytestmark = [pytest.mark.e2e, pytest.mark.article("M.20")]

CLERK = "civil.clerk"
MODES: tuple[dict[str, str], ...] = (
    {}, {"elder": "18"}, {"elder": "30"}, {"theme": "dark"},
)  # fmt: skip


@pytest.fixture(scope="session")
def families(running: County) -> dict[str, Any]:
    """Those who act for others, signed in."""
    answer = subprocess.run(
        [str(places.PYTHON), "-m", "tests.browser.families"],
        env=running.env, cwd=places.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr[-3000:]
    told: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return told


def phone(street: Street, session: str, cookies: dict[str, str] | None = None) -> Walker:
    walker = street.window(cookies={"sessionid": session, **(cookies or {})})
    walker.narrow(PHONE)
    return walker


def test_a_representative_appoints_an_agent_and_ends_it_in_one_step(
    street: Street, families: dict[str, Any]
) -> None:
    window = phone(street, families["representative"])
    window.go("/wallet/people/")
    window.page.get_by_role("link", name="委托经办人").click()
    window.press("委托")
    assert window.fault_at("姓名") == "还没有填姓名"
    assert violations(window) == []
    window.narrow(PHONE)
    window.fill("姓名", "王经办")
    window.fill("公民身份号码", "140525198404046119")
    window.press("委托")
    assert window.fault_at("公民身份号码") == "校验码对不上。请对照原件，从头到尾再核一遍。"
    window.fill("公民身份号码", _number())
    window.press("委托")
    window.says_heading("代办")
    window.shows("已委托王经办")
    window.page.get_by_role("link", name=re.compile("结束代办.*王经办")).click()
    window.says_heading("结束王经办的代办？")
    assert violations(window) == []
    window.press("结束代办")
    window.shows("由持证人结束")


def test_a_person_switches_to_an_enterprise_and_back_without_scripts(
    street: Street, families: dict[str, Any]
) -> None:
    window = street.window(cookies={"sessionid": families["owner"]}, script=False)
    window.go("/wallet/people/")
    window.page.get_by_role("button", name=re.compile("切换过去.*谢小样")).click()
    window.go("/wallet/people/")
    window.shows("现在代谢小样办")
    window.shows("由持证人本人决定，您代办时看不到。")
    window.press("切换到我自己")
    window.go("/wallet/people/")
    window.shows("现在办的是您自己的证照")


def test_every_page_of_acting_for_others_in_every_mode(
    street: Street, families: dict[str, Any]
) -> None:
    found: list[str] = []
    visits = [
        ("owner", "/wallet/people/"),
        ("owner", "/wallet/people/helper/"),
        ("owner", "/wallet/people/child/"),
        ("owner", f"/wallet/people/{families['helper']}/end/"),
        ("nobody", "/wallet/people/"),
        ("representative", "/wallet/people/"),
        ("representative", "/wallet/people/agent/"),
        ("representative", "/wallet/people/given/"),
    ]
    for mode in MODES:
        windows = {who: phone(street, families[who], mode) for who, _ in visits}
        for who, path in visits:
            assert windows[who].go(path) == 200, path
            found += [f"{mode} {line}" for line in violations(windows[who])]
            name = f"people_{who}_{path.split('/')[-2][:6]}_{'_'.join(mode.values())}"
            windows[who].shoot(name)
    assert found == [], "\n".join(found)


def test_a_window_proposes_a_helper_and_takes_it_back(
    street: Street, families: dict[str, Any]
) -> None:
    window = street.sign_in(CLERK)
    assert window.go("/checks/mandates/") == 200
    window.shows("本单位还没有登记过代办")
    found = violations(window)
    window.go("/checks/mandates/record/")
    window.press("登记")
    found += violations(window)
    window.choose("登记哪一种", "成年家人帮办，本人书面同意")
    window.fill("持证人姓名", "李奶奶")
    window.fill("持证人公民身份号码", _number(born=1948))
    window.fill("代办人姓名", "谢女儿")
    window.fill("代办人公民身份号码", _number(serial=603))
    window.fill("看了哪些材料", "双方身份证原件、书面同意书")
    signed = {"name": "同意书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 signed"}
    window.page.get_by_label("签了名的同意书").set_input_files(signed)
    window.page.get_by_label("我核对了双方的身份证件原件").check()
    window.press("登记")
    window.shows("已登记，等确认：谢女儿代李奶奶办")
    window.shows("还没有生效，等另一个人确认")
    found += violations(window)
    window.page.get_by_role("link", name="打印告知信").click()
    window.shows("有人登记代您办理电子证照，请您核实")
    found += violations(window)
    window.go("/checks/mandates/")
    found += violations(window)
    window.page.get_by_role("link", name=re.compile("撤回.*谢")).click()
    found += violations(window)
    window.press("撤回登记")
    window.shows("在窗口结束")
    assert found == [], "\n".join(found)


def _number(born: int = 1984, serial: int = 611) -> str:
    return number_of(date(born, 4, 4), serial)
