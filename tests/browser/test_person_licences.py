"""A veteran's card by people of several postings, and a couple's marriage certificate."""

import pytest
from playwright.sync_api import expect

from tests.browser import desks
from tests.browser.axe import violations
from tests.browser.walking import Street, Walker

pytestmark = pytest.mark.e2e

VETERANS = "泽州县退役军人事务局"
MARKET = "泽州县市场监督管理局"
SOLDIER = desks.Person("自然人", "申纪㛃", "公民身份号码", "140525196503150039")
WIFE = desks.Person("自然人", "苗晓琳", "公民身份号码", "14052519900307001X")
HUSBAND = desks.Person("自然人", "欧阳振国", "公民身份号码", "140525198811120025")


def appoint(administrator: Walker, username: str, department: str, role: str) -> None:
    """One more posting for somebody."""
    administrator.go("/people/appoint/")
    people = administrator.field("人")
    people.select_option(
        value=people.locator("option", has_text=f"（{username}）").get_attribute("value")
    )
    administrator.field("单位").select_option(label=department)
    administrator.field("岗位").select_option(label=role)
    administrator.press("任用")
    administrator.shows("已通知本人")


def switch(window: Walker, department: str) -> None:
    """Acts for another department from now on."""
    window.go("/desk/")
    window.page.locator("details.zz-person summary").click()
    window.page.locator("details.zz-person button", has_text=department).click()
    expect(window.page.locator("details.zz-person summary")).to_contain_text(department)


@pytest.mark.article("M.7", "M.24", "M.25")
def test_a_persons_licence_by_people_of_several_postings(street: Street) -> None:
    administrator = street.sign_in("approval.administrator")
    for part, role in (("clerk", "采集员"), ("reviewer", "审核员"), ("signatory", "签发人")):
        appoint(administrator, f"market.{part}", VETERANS, role)
    clerk = street.sign_in("market.clerk")
    clerk.go("/inbox/")
    clerk.shows(f"您任{VETERANS}采集员")
    switch(clerk, VETERANS)
    application = desks.receive(clerk, "退役军人优待证", [SOLDIER])
    found = violations(clerk)

    clerk.fill("公民身份号码", "140525196503150038")
    clerk.field("照片").set_input_files(desks.as_file("一寸照.jpg", desks.picture(size=(90, 110))))
    clerk.press("提交审核")
    found += violations(clerk)
    assert "短边" in clerk.fault_at("照片")
    clerk.field("照片").set_input_files(desks.as_file("照片.jpg", b"not a picture"))
    clerk.press("存草稿")
    assert clerk.fault_at("照片") != ""
    clerk.field("照片").set_input_files(desks.as_file("一寸照.jpg", desks.picture()))
    clerk.press("存草稿")
    clerk.shows("草稿已存")
    clerk.press("提交审核")
    assert "校验" in clerk.fault_at("公民身份号码")
    assert clerk.fault_at("证照编号") == "还没有填证照编号"
    clerk.fill("姓名", SOLDIER.name)
    clerk.fill("公民身份号码", SOLDIER.number)
    clerk.fill("证照编号", "晋5E0400001")
    clerk.field("长期有效，没有截止日期").check()
    clerk.shoot("walk-veteran-capture")
    desks.submit(clerk)

    reviewer = street.sign_in("market.reviewer")
    assert reviewer.go(f"{application}review/") == 404  # as the market's reviewer
    switch(reviewer, VETERANS)
    desks.decide(
        reviewer, f"{application}review/", "退回补正", "退回补正", "照片和身份证不是一个人，请重拍"
    )
    reviewer.shows("已退回补正")
    clerk.go(f"{application}capture/")
    clerk.shows("照片和身份证不是一个人，请重拍")
    clerk.shoot("walk-veteran-returned")
    clerk.page.get_by_role("button", name="移除 照片").click()
    clerk.press("提交审核")
    assert clerk.fault_at("照片") == "还没有上传照片"
    clerk.field("照片").set_input_files(desks.as_file("新照片.jpg", desks.picture()))
    desks.submit(clerk)
    desks.decide(reviewer, f"{application}review/", "通过", "审核通过")
    reviewer.shows("审核通过，已交签发人")

    signatory = street.sign_in("market.signatory")
    switch(signatory, VETERANS)
    desks.decide(signatory, f"{application}sign-off/", "签发", "签发")
    licence = desks.until_in_force(signatory)
    desks.until_accepted(clerk, licence)
    assert clerk.page.get_by_text(SOLDIER.number).count() == 0
    clerk.shoot("walk-veteran-licence")
    found += violations(clerk)
    desks.file_passes(street, clerk, licence)
    citizen = desks.code_leads_to_status(street, "market.clerk", licence)
    assert citizen.page.get_by_text(SOLDIER.name).count() == 0
    assert found == [], "\n".join(found)

    # Back at the market the veterans' licence is not there any more.
    switch(clerk, MARKET)
    assert clerk.go(licence) == 404
    assert clerk.go(application) == 404


@pytest.mark.article("M.7", "M.26")
def test_a_joint_licence_of_two_holders_with_a_photo(street: Street) -> None:
    clerk = street.sign_in("civil.clerk")
    application = desks.receive(clerk, "结婚证", [WIFE, HUSBAND])
    clerk.fill("持证人", f"{WIFE.name}、{HUSBAND.name}")
    clerk.fill("登记日期", "2026年11月31日")
    clerk.fill("姓名（一）", WIFE.name)
    clerk.fill("身份证件号（一）", WIFE.number)
    clerk.fill("姓名（二）", HUSBAND.name)
    clerk.fill("身份证件号（二）", "14052519881112002")
    clerk.field("长期有效，没有截止日期").uncheck()
    clerk.field("照片").set_input_files(desks.as_file("合照.jpg", desks.picture(size=(640, 440))))
    clerk.press("提交审核")
    found = violations(clerk)
    assert clerk.fault_at("登记日期") == "日期不存在，2026年没有11月31日"
    assert "18 位" in clerk.fault_at("身份证件号（二）")
    assert "还没有填有效期至" in clerk.fault_at("有效期至")
    clerk.fill("登记日期", "2026年11月20日")
    clerk.fill("身份证件号（二）", HUSBAND.number)
    clerk.field("长期有效，没有截止日期").check()
    clerk.shoot("walk-marriage-capture")
    desks.submit(clerk)

    # One person cannot be both hands: the clerk has no reviewer's desk at all.
    assert clerk.go(f"{application}review/") == 403
    found += violations(clerk)
    reviewer = street.sign_in("civil.reviewer")
    desks.decide(reviewer, f"{application}review/", "通过", "审核通过")
    reviewer.shows("审核通过，已交签发人")
    signatory = street.sign_in("civil.signatory")
    desks.decide(signatory, f"{application}sign-off/", "签发", "签发")
    licence = desks.until_in_force(signatory)
    desks.until_accepted(clerk, licence)
    clerk.shoot("walk-marriage-licence")
    found += violations(clerk)
    for one in (WIFE, HUSBAND):
        expect(clerk.page.get_by_text(one.name).first).to_be_visible()
        assert clerk.page.get_by_text(one.number).count() == 0
    with clerk.context.expect_page() as opening:
        clerk.press("看完整照面（记入操作记录）")
    assert opening.value.locator("svg").count() == 1
    clerk.page.get_by_role("link", name="操作记录").first.click()
    clerk.page.wait_for_url("**/history/")
    found += violations(clerk)
    desks.file_passes(street, clerk, licence)
    desks.code_leads_to_status(street, "civil.clerk", licence)
    assert found == [], "\n".join(found)
