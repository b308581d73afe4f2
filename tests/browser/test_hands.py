"""Leavers, covers of an absence, and the hands of one application: each walked to a refusal (M.7, M.24)."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser import desks
from tests.browser.axe import violations
from tests.browser.county import PASSWORD
from tests.browser.test_person_licences import appoint
from tests.browser.walking import Street, Walker
from zezhou_portal.kernel import clock

pytestmark = pytest.mark.e2e

LAND = "泽州县自然资源局"
OWNER = desks.Person("自然人", "卫长河", "公民身份号码", "140525199309090048")
NEXT = desks.Person("自然人", "常爱莲", "公民身份号码", "140525197010100054")
PROOF = {
    "证明权利或事项": "抵押权",
    "义务人": "泽州县金村镇霍秀村村民委员会",
    "坐落": "山西省晋城市泽州县金村镇霍秀村北环路十二号院三号楼二单元六〇一室",
    "不动产单元号": "140525100001GB00001F00010001",
}


def capture(clerk: Walker, holder: desks.Person) -> str:
    """A proof of registration, received and captured; the application's path."""
    application = desks.receive(clerk, "不动产登记证明", [holder])
    for label, text in {**PROOF, "权利人（申请人）": holder.name}.items():
        clerk.fill(label, text)
    clerk.field("长期有效，没有截止日期").check()
    clerk.press("存草稿")
    clerk.shows("草稿已存")
    return application


def option_of(window: Walker, label: str, username: str) -> None:
    """Chooses a person in a list by the user name."""
    people = window.field(label)
    person = people.locator("option", has_text=f"（{username}）")
    people.select_option(value=person.get_attribute("value"))


@pytest.mark.article("M.7", "M.24", "M.25")
def test_a_leavers_work_is_handed_on_and_the_leaver_is_refused(street: Street) -> None:
    leaver = street.sign_in("land.clerk")
    application = capture(leaver, OWNER)

    administrator = street.sign_in("approval.administrator")
    appoint(administrator, "land.compiler", LAND, "采集员")
    appoint(administrator, "land.compiler", LAND, "审核员")

    system = street.sign_in("approval.system")
    system.go("/accounts/?q=land.clerk")
    system.page.get_by_role("link", name="停用").click()
    found = violations(system)
    system.shoot("hands-close-account")
    system.press("停用")
    system.shows("账号已停用")

    # The session that was open is over, and there is no new one.
    leaver.go(f"{application}capture/")
    assert leaver.path.startswith("/log-in/?next=")
    street.forget("land.clerk")
    leaver.go("/log-in/")
    leaver.fill("账号", "land.clerk")
    leaver.fill("密码", PASSWORD)
    leaver.press("下一步")
    assert leaver.path == "/log-in/"
    expect(leaver.page.get_by_role("alert")).to_be_visible()

    administrator.go("/people/")
    administrator.shows("有人离岗，名下还有没办结的件")
    found += violations(administrator)
    administrator.page.get_by_role("link", name="移交").click()
    option_of(administrator, "交给", "land.compiler")
    found += violations(administrator)
    administrator.press("移交")
    administrator.shows("1 件已移交给")

    successor = street.sign_in("land.compiler")
    successor.go("/inbox/")
    successor.shows("的 1 件已移交给您")
    found += violations(successor)
    successor.go(f"{application}capture/")
    desks.submit(successor)
    # Reviewer too by posting, but not of what one captured oneself.
    successor.go(f"{application}review/")
    successor.shows("采集、审核、签发由不同的人办。")
    assert successor.page.get_by_role("button", name="下一步：确认").count() == 0
    found += violations(successor)
    reviewer = street.sign_in("land.reviewer")
    desks.decide(reviewer, f"{application}review/", "通过", "审核通过")
    reviewer.shows("审核通过，已交签发人")
    assert found == [], "\n".join(found)


@pytest.mark.article("M.7", "M.24")
def test_an_absence_is_covered_and_gives_nothing_more(street: Street) -> None:
    cover = street.sign_in("water.custodian")
    assert cover.go("/review/") == 403
    found = violations(cover)
    cover.shoot("hands-refused")

    administrator = street.sign_in("approval.administrator")
    administrator.go("/people/?q=水务")
    row = administrator.page.locator("tr", has_text="water.reviewer")
    row.get_by_role("link", name="安排顶岗").click()
    option_of(administrator, "由谁顶岗", "water.custodian")
    past = (clock.today() - timedelta(days=1)).isoformat()
    administrator.fill("起始", past)
    administrator.fill("截止", past)
    administrator.press("安排顶岗")
    assert administrator.fault_at("截止") == f"{past} 已经过去，请填今天或以后。"
    found += violations(administrator)
    administrator.shoot("hands-cover")
    administrator.fill("截止", (clock.today() + timedelta(days=7)).isoformat())
    administrator.press("安排顶岗")
    administrator.shows("到期自动停止")

    # From the next page on the cover reviews, and does nothing else of the desk.
    assert cover.go("/review/") == 200
    assert cover.go("/sign-off/") == 403
    assert cover.go("/applications/new/") == 403
    clerk = street.sign_in("water.clerk")
    assert clerk.go("/review/") == 403

    administrator.go("/people/?q=水务")
    row = administrator.page.locator("tr", has_text="water.custodian").filter(
        has_text="顶何永胜的岗"
    )
    row.get_by_role("link", name="免去").click()
    administrator.press("免去")
    administrator.shows("已免去")
    assert cover.go("/review/") == 403
    assert found == [], "\n".join(found)


@pytest.mark.article("M.3")
def test_a_state_secret_at_reception_leaves_nothing_but_the_fact(street: Street) -> None:
    tables = ("licences_application", "parties_holder", "licences_attachment")
    counts = [street.county.ask(f"SELECT count(*) FROM {one}") for one in tables]  # noqa: S608
    facts = "SELECT count(*) FROM audit_trail_record WHERE action LIKE '%%secret%%'"
    [(before,)] = street.county.ask(facts)
    street.forget("approval.clerk")  # nothing answered in this session yet
    clerk = street.sign_in("approval.clerk")
    clerk.go("/applications/new/")
    assert clerk.path == "/applications/new/secret/"
    clerk.press("下一步")
    assert clerk.faults() == ["这件材料涉及国家秘密吗？：先回答这一题，再收件"]
    found = violations(clerk)
    clerk.choose("这件材料涉及国家秘密吗？", "涉及（不录入，只记录曾有此事）")
    clerk.press("下一步")
    clerk.shows("这一件不收入本系统")
    clerk.shoot("secret-turned-away")
    found += violations(clerk)
    assert [street.county.ask(f"SELECT count(*) FROM {one}") for one in tables] == counts  # noqa: S608
    assert street.county.ask(facts) == [(before + 1,)]
    clerk.go("/applications/new/")
    assert clerk.path == "/applications/new/secret/"
    assert found == [], "\n".join(found)


@pytest.mark.article("M.3")
def test_a_state_secret_declared_later_erases_what_was_typed(street: Street) -> None:
    clerk = street.sign_in("water.clerk")
    holder = desks.Person("法人", "泽州县机要样例公司", "统一社会信用代码", "91140525MA0E2E0334")
    application = desks.receive(clerk, "取水许可证", [holder])
    clerk.fill("取水地点", "不该写在这里的地点")
    desks.attach(clerk, "申请书", "申请书.png", desks.picture(form="PNG"))
    clerk.choose("这件材料涉及国家秘密吗？", "涉及（这一件要清除，只记录曾有此事）")
    clerk.press("存草稿")
    assert clerk.path == f"{application}secret/"
    clerk.press("清除")
    assert clerk.faults() == ["我确认这件涉及国家秘密，要清除已填的全部内容：还没有勾选确认"]
    clerk.field("我确认这件涉及国家秘密，要清除已填的全部内容").check()
    clerk.press("清除")
    clerk.shows("已清除")
    assert clerk.page.get_by_text("不该写在这里的地点").count() == 0
    key = application.split("/")[2]
    [(state, values, attachments)] = street.county.ask(
        "SELECT a.state, a.values::text, (SELECT count(*) FROM licences_attachment t"
        " WHERE t.application_id = a.id) FROM licences_application a WHERE a.uuid = %s",
        key,
    )
    assert (state, values, attachments) == ("ERASED", "{}", 0)


@pytest.mark.article("M.7")
def test_capture_without_script(street: Street) -> None:
    clerk = street.sign_in("water.clerk", script=False)
    holder = desks.Person("法人", "泽州县无脚本样例公司", "统一社会信用代码", "91140525MA0E2E041Y")
    application = desks.receive(clerk, "取水许可证", [holder])
    clerk.fill("取水量（万立方米/年）", "十二")
    clerk.press("提交审核")
    assert clerk.path == f"{application}capture/"
    assert "只能填数字" in clerk.fault_at("取水量（万立方米/年）")
    clerk.shoot("no-script-capture")
    for label, text in (
        ("法定代表人（负责人）", "卫民"), ("取水地点", "下村镇"), ("取水量（万立方米/年）", "12"),
        ("取水用途", "灌溉"),
    ):  # fmt: skip
        clerk.fill(label, text)
    clerk.choose("水源类型", "地表水")
    desks.submit(clerk)
    assert clerk.path == application
