"""An enterprise's water permit from the reception to anybody's check of its file."""

import pytest
from playwright.sync_api import expect

from tests.browser import desks
from tests.browser.axe import violations
from tests.browser.walking import Street

pytestmark = pytest.mark.e2e

KIND = "取水许可证"
HOLDER = desks.Person(
    "法人", "泽州县下村镇清泉供水服务有限公司", "统一社会信用代码", "91140525MA0E2E017E"
)
SOUND = {
    "持证主体名称": HOLDER.name,
    "统一社会信用代码": HOLDER.number,
    "法定代表人（负责人）": "侯㛃",
    "取水地点": "山西省晋城市泽州县下村镇下村村西三百米一号井",
    "取水量（万立方米/年）": "3.65",
    "取水用途": "农村生活用水",
}
# Field, what is typed wrong, what the page says.
WRONG = (
    ("统一社会信用代码", "91140525MA0E2E0171", "校验"),
    ("取水地点", "泽" * 101, "最多 100 个字，现在是 101 个"),
    ("取水量（万立方米/年）", "三点六五", "只能填数字"),
    ("有效期起", "2026年13月45日", "日期不存在"),
)


@pytest.mark.article("M.7", "M.9", "M.19")
def test_from_reception_to_the_check_of_the_file(street: Street) -> None:
    clerk = street.sign_in("water.clerk")
    application = desks.receive(clerk, KIND, [HOLDER], paper=True)
    found = violations(clerk)
    clerk.shoot("walk-capture-empty")
    for label, text in SOUND.items():
        clerk.fill(label, text)
    clerk.fill("法定代表人（负责人）", "")
    for label, text, _ in WRONG:
        clerk.fill(label, text)
    # A form that somebody tampered with: an answer that the list does not have.
    clerk.choose("水源类型", "地下水")
    clerk.page.evaluate(
        "document.querySelector('input[name=source_type]:checked').value = '自来水'"
    )
    clerk.press("提交审核")
    assert clerk.path == f"{application}capture/"
    clerk.shoot("walk-capture-wrong")
    found += violations(clerk)
    expect(clerk.page.locator(".zz-errors")).to_be_focused()
    for label, _, said in WRONG:
        assert said in clerk.fault_at(label), label
    assert "还没有填" in clerk.fault_at("法定代表人（负责人）")
    assert "只能选：地表水、地下水、其他" in clerk.fault_at("水源类型")
    assert "还没有交“取水许可申请书”" in clerk.fault_at("上传取水许可申请书")
    assert len(clerk.faults()) == len(WRONG) + 2 + 3  # and the materials that nobody brought

    clerk.page.locator(".zz-errors a").first.click()
    for label, text in SOUND.items():
        clerk.fill(label, text)
    clerk.choose("水源类型", "地下水")
    clerk.fill("有效期起", "")  # left to be counted from the day of sign-off
    desks.attach(clerk, "取水许可申请书", "申请书.png", desks.picture(size=(620, 877), form="PNG"))
    desks.submit(clerk)

    reviewer = street.sign_in("water.reviewer")
    reviewer.go(f"{application}review/")
    reviewer.shoot("walk-review")
    found += violations(reviewer)
    desks.decide(reviewer, f"{application}review/", "通过", "审核通过")
    reviewer.shows("审核通过，已交签发人")

    signatory = street.sign_in("water.signatory")
    signatory.go(f"{application}sign-off/")
    preview = signatory.page.get_by_role("img", name="照面预览")
    expect(preview).to_be_visible()
    assert preview.evaluate("image => image.naturalWidth") > 0
    signatory.shoot("walk-sign-off")
    found += violations(signatory)
    desks.decide(signatory, f"{application}sign-off/", "签发", "签发")
    licence = desks.until_in_force(signatory)
    desks.until_accepted(clerk, licence)
    clerk.shoot("walk-licence")
    found += violations(clerk)

    desks.file_passes(street, clerk, licence)
    citizen = desks.code_leads_to_status(street, "water.clerk", licence)
    citizen.shoot("walk-status")
    found += violations(citizen)
    assert found == [], "\n".join(found)

    neighbour = street.sign_in("land.reviewer")
    for path in (application, f"{application}review/", f"{application}preview.svg", licence):
        assert neighbour.go(path) == 404, path
