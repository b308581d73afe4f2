"""A verifier on a phone: typed by the scanner, verdict, relied upon; consent, window, no network."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from scripts.lib import places
from tests.browser.axe import violations
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.county import County
from tests.browser.test_person_licences import MARKET, appoint
from tests.browser.walking import PHONE, Street, Walker

pytestmark = pytest.mark.e2e


def holder_does(county: County, *words: str) -> dict[str, Any]:
    """What a holder does meanwhile; see tests.browser.holders_side.py."""
    answer = subprocess.run(
        [str(places.PYTHON), "-m", "tests.browser.holders_side", *words],
        env=county.env, cwd=places.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr[-3000:]
    told: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return told


@pytest.fixture(scope="session")
def licence(running: County) -> dict[str, Any]:
    """A licence in force."""
    return holder_does(running, "licence")


@pytest.fixture
def verifier(street: Street) -> Walker:
    """Somebody of the market office with a phone, a verifier beside their other work."""
    known = street.county.ask(
        "SELECT 1 FROM parties_posting p JOIN parties_account a ON a.id = p.account_id"
        " WHERE a.username = 'market.compiler' AND p.role = 'verifier'"
    )
    if not known:
        administrator = street.sign_in("approval.administrator")
        appoint(administrator, "market.compiler", MARKET, "核验员")
    return street.sign_in("market.compiler")


def wedge(window: Walker, text: str) -> None:
    """A USB scanner: types into what has the focus and sends Enter."""
    window.narrow(PHONE)
    expect(window.page.locator("#id_text")).to_be_focused()
    window.page.keyboard.type(text)
    window.page.keyboard.press("Enter")


@pytest.mark.article("P.2.3.3", "M.21")
def test_a_code_scanned_on_the_street_then_relied_upon(
    street: Street, verifier: Walker, licence: dict[str, Any]
) -> None:
    shown = holder_does(street.county, "show", licence["key"])
    verifier.go("/checks/")
    found = violations(verifier)
    verifier.shoot("check")
    wedge(verifier, f"{street.county.address}/P/{shown['secret']}".upper())
    verifier.page.wait_for_url("**/checks/results/**")
    verifier.says_heading("通过")
    verifier.shows(licence["number"])
    found += violations(verifier)
    verifier.shoot("verdict")
    verifier.narrow(PHONE)
    verifier.page.get_by_role("link", name="作为依据").click()
    found += violations(verifier)
    verifier.shoot("rely")
    verifier.narrow(PHONE)
    verifier.fill("办理事项", "日常监督检查")
    verifier.press("作为依据")
    verifier.shows("已记为办事依据")
    verifier.shoot("verdict-relied")
    found += violations(verifier)
    verifier.page.get_by_role("link", name="打印结果").first.click()
    found += violations(verifier)
    verifier.shoot("verdict-print")
    verifier.go("/checks/mine/")
    verifier.shows("已作为依据")
    found += violations(verifier)
    verifier.shoot("check-mine")
    assert found == [], "\n".join(found)


@pytest.mark.article("P.2.3.3")
def test_a_code_read_before_then_said_and_everything_without_script(
    street: Street, verifier: Walker, licence: dict[str, Any]
) -> None:
    shown = holder_does(street.county, "show", licence["key"], "ask")
    plain = street.window(script=False, username="market.compiler")
    plain.go("/checks/")
    plain.fill("扫码，或者输入", shown["number"])
    plain.press("核验")
    plain.says_heading("等对方同意")
    plain.press("看看有没有答复")
    plain.says_heading("等对方同意")
    verifier.go("/checks/")
    wedge(verifier, shown["number"])
    verifier.page.wait_for_url("**/checks/results/**")
    verifier.says_heading("未通过")
    verifier.shows("这个码已经用过。")
    found = violations(verifier)
    verifier.shoot("verdict-no")
    holder_does(street.county, "agree", shown["presentation"])
    plain.press("看看有没有答复")
    plain.says_heading("通过")
    assert found == [], "\n".join(found)


@pytest.mark.article("P.2.3.3")
def test_consent_when_given_then_the_page_goes_on_by_itself(
    street: Street, verifier: Walker, licence: dict[str, Any]
) -> None:
    shown = holder_does(street.county, "show", licence["key"], "ask")
    verifier.go("/checks/")
    wedge(verifier, shown["secret"])
    verifier.page.wait_for_url("**/checks/waiting/**")
    verifier.says_heading("等对方同意")
    found = violations(verifier)
    verifier.shoot("check-waiting")
    holder_does(street.county, "agree", shown["presentation"])
    verifier.page.wait_for_url("**/checks/results/**")
    verifier.says_heading("通过")
    assert found == [], "\n".join(found)


@pytest.mark.article("P.2.3.3")
def test_network_when_lost_then_kept_and_asked_when_it_is_back(
    street: Street, verifier: Walker, licence: dict[str, Any]
) -> None:
    first = holder_does(street.county, "show", licence["key"])
    second = holder_does(street.county, "show", licence["key"])  # stops the first
    verifier.go("/checks/")
    verifier.shows("摄像头")
    verifier.page.wait_for_load_state("networkidle")  # the scripts are there
    verifier.context.set_offline(True)
    wedge(verifier, first["secret"])
    verifier.shows("已记下，联网后再问。现在不要当作有效。")
    wedge(verifier, second["number"])
    rows = verifier.page.locator(".zz-queue-list li")
    expect(rows).to_have_count(2)
    assert verifier.page.get_by_text("通过", exact=True).count() == 0
    wedge(verifier, licence["holder"])
    verifier.shows("没有记下")
    kept = verifier.page.evaluate("localStorage.getItem('zz-queue')")
    assert {tuple(sorted(one)) for one in json.loads(kept)} == {("at", "text", "who")}
    assert licence["holder"] not in kept
    found = violations(verifier)
    verifier.shoot("check-offline")
    verifier.page.locator("#id_text").fill("")
    verifier.context.set_offline(False)
    expect(rows.filter(has_text="V14")).to_have_count(1)
    expect(rows.filter(has_text="V00")).to_have_count(1)
    assert json.loads(verifier.page.evaluate("localStorage.getItem('zz-queue')")) == []
    found += violations(verifier)
    verifier.shoot("check-asked-later")
    rows.filter(has_text="V00").get_by_role("link").click()
    verifier.says_heading("通过")
    assert found == [], "\n".join(found)


@pytest.mark.article("P.2.3.2", "S.10")
def test_somebody_without_a_phone_at_the_window(
    street: Street, verifier: Walker, licence: dict[str, Any]
) -> None:
    verifier.go("/checks/window/")
    verifier.press("身份已核对，查证照")
    found = violations(verifier)
    assert verifier.faults() != []
    verifier.shoot("window-wrong")
    verifier.field("证件类型").select_option(label="统一社会信用代码")
    verifier.fill("证件号码", licence["identity"])
    verifier.fill("证件上的姓名或名称", "别的水厂")
    verifier.choose("怎么核对的身份", "法定代表人（负责人、经营者）持证件到场，人证一致")
    verifier.press("身份已核对，查证照")
    verifier.shows("没有能给您看的结果")
    found += violations(verifier)
    verifier.fill("证件上的姓名或名称", licence["holder"])
    verifier.press("身份已核对，查证照")
    verifier.shows(licence["number"])
    found += violations(verifier)
    verifier.shoot("window-licences")
    verifier.page.get_by_role("link", name="打印加注件").click()
    verifier.fill("用途", "泽州县供电服务单位用电报装")
    verifier.fill("用到哪一天", "20200101")
    verifier.press("制作加注件")
    assert "已经过了" in verifier.fault_at("用到哪一天")
    found += violations(verifier)
    day = verifier.page.evaluate(
        "new Date(Date.now() + 7 * 864e5).toLocaleDateString('sv', {timeZone: 'Asia/Shanghai'})"
    )
    verifier.fill("用到哪一天", day)
    verifier.shoot("window-print")
    verifier.press("制作加注件")
    verifier.says_heading("加注件做好了")
    found += violations(verifier)
    verifier.shoot("window-copy")
    link = verifier.page.get_by_role("link", name="打开并打印（PDF）").get_attribute("href")
    pdf = verifier.context.request.get(f"{street.county.address}{link}")
    assert pdf.body().startswith(b"%PDF-")
    verifier.press("办完了，清屏")
    verifier.shows("屏幕上不再保留这个人的信息")
    assert found == [], "\n".join(found)


@pytest.mark.article("M.8", "M.18")
def test_what_stands_on_paper_today_and_on_a_past_day(
    verifier: Walker, licence: dict[str, Any]
) -> None:
    verifier.go("/checks/")
    verifier.narrow(PHONE)
    verifier.fill("扫码，或者输入", licence["number"])
    verifier.press("核验")
    verifier.page.wait_for_url("**/checks/paper/")
    expect(verifier.field("证照编号或证照标识")).to_have_value(licence["number"])
    verifier.press("核验")
    assert verifier.fault_at("校验码") == "还没有填校验码"
    found = violations(verifier)
    verifier.shoot("check-paper")
    verifier.fill("校验码", licence["code"])
    verifier.fill("颁发日期", licence["issued_on"])
    verifier.fill("持证主体", licence["holder"])
    verifier.press("核验")
    verifier.says_heading("现在有效")
    verifier.page.get_by_role("link", name="按过去某一天再查").click()
    found += violations(verifier)
    verifier.fill("按哪一天查", "2020-01-01")
    verifier.press("查这一天")
    verifier.says_heading("未通过")
    verifier.shows("2020年1月1日")
    found += violations(verifier)
    verifier.shoot("verdict-past-day")
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("cookie", [("elder", "18"), ("elder", "30"), ("theme", "dark")])
def test_checking_in_elder_mode_and_in_the_dark(
    street: Street, verifier: Walker, licence: dict[str, Any], cookie: tuple[str, str]
) -> None:
    shown = holder_does(street.county, "show", licence["key"])
    window = street.sign_in("market.compiler", cookies=dict([cookie]))
    found = []
    window.go("/checks/")
    found += violations(window)
    name = "-".join(cookie)
    window.shoot(f"check-{name}")
    window.narrow(PHONE)
    window.fill("扫码，或者输入", shown["secret"])
    window.press("核验")
    window.says_heading("通过")
    found += violations(window)
    window.shoot(f"verdict-{name}")
    for path in ("/checks/paper/", "/checks/mine/", "/checks/window/"):
        window.go(path)
        found += violations(window)
    assert found == [], "\n".join(found)


def film(path: Path, text: str) -> None:
    """Half a second of what a camera sees that is held over a code (YUV 4:2:0)."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    seen = Image.new("L", (640, 480), 190)
    seen.paste(Image.fromarray(code.to_image(scale=6)).resize((330, 330)), (150, 80))
    grey = bytes([128]) * (320 * 240)
    frame = b"FRAME\n" + seen.tobytes() + grey + grey
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 5)


@pytest.mark.article("P.2.3.3")
def test_camera_when_held_over_a_face_then_read_by_the_decoder_that_is_asked_for_only_then(
    street: Street, verifier: Walker, licence: dict[str, Any], tmp_path: Path
) -> None:
    film(tmp_path / "code.y4m", licence["printed"])
    browser = street.browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=[
            *FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={tmp_path / 'code.y4m'}",
        ],
    )  # fmt: skip
    eyes = Street(street.county, browser, street.sessions)
    try:
        window = eyes.window(username="market.compiler")
        asked: list[str] = []
        window.page.on("request", lambda one: asked.append(one.url))
        window.go("/checks/")
        window.narrow(PHONE)
        window.shows("摄像头")
        assert not any("jsQR" in one for one in asked)
        window.press("摄像头")
        window.page.wait_for_url("**/checks/results/**")
        window.says_heading("现在有效")
        window.shows(licence["number"])
        assert any("jsQR" in one for one in asked)
        assert eyes.close() == []
    finally:
        browser.close()
