"""What people do at their desks, page by page: from reception to a licence in force."""

import io
from dataclasses import dataclass
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.walking import Street, Walker

# The worker draws and seals, the city answers.
PATIENCE = 60_000


@dataclass(frozen=True)
class Person:
    """A holder as the reception enters one."""

    kind: str
    name: str
    identity_type: str
    number: str


def picture(words: str = "样例", size: tuple[int, int] = (358, 441), form: str = "JPEG") -> bytes:
    """A photo that nobody sat for."""
    image = Image.new("RGB", size, "#dfe7ea")
    draw = ImageDraw.Draw(image)
    wide, high = size
    draw.ellipse((wide * 0.3, high * 0.15, wide * 0.7, high * 0.55), fill="#c9a58b")
    draw.rectangle((wide * 0.15, high * 0.62, wide * 0.85, high), fill="#2c4a63")
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def as_file(name: str, data: bytes, media_type: str = "image/jpeg") -> Any:
    """What a person picks in the file dialogue."""
    return {"name": name, "mimeType": media_type, "buffer": data}


def receive(clerk: Walker, kind: str, holders: list[Person], *, paper: bool = False) -> str:
    """Reception: the question of M.3, the kind, each holder looked for and entered; the path."""
    clerk.go("/desk/")
    clerk.page.get_by_role("link", name="新收一件").click()
    clerk.choose("这件材料涉及国家秘密吗？", "不涉及")
    clerk.press("下一步")
    clerk.field("证照种类").select_option(label=kind)
    clerk.press("选定")
    for place, one in enumerate(holders):
        enter(clerk, one, is_first=place == 0)
    if paper:
        clerk.field("同时发放纸质证照").check()
    clerk.press("收件")
    clerk.shows("已收件")
    return clerk.path.removesuffix("capture/")


def enter(clerk: Walker, one: Person, *, is_first: bool) -> None:
    """Looks a holder up by number, does not find one and enters it."""
    clerk.fill("查找持证人" if is_first else "再加一个持证人", one.number)
    clerk.press("查找")
    clerk.shows("没有查到这个持证人")
    clerk.choose("持证人类别", one.kind)
    clerk.fill("名称或姓名", one.name)
    clerk.choose("怎么认定这个持证人", "有证件号码")
    clerk.field("证件类型").select_option(label=one.identity_type)
    clerk.fill("证件号码", one.number)
    clerk.press("登记并选用")
    expect(clerk.page.locator("#holders").get_by_text(one.name).first).to_be_visible()


def attach(clerk: Walker, title: str, name: str, data: bytes) -> None:
    """A document of the application, uploaded; what was typed is saved with it."""
    clerk.fill("材料名称", title)
    clerk.field("添加材料").set_input_files(as_file(name, data, "image/png"))
    clerk.press("上传并存草稿")
    expect(clerk.page.locator("#s-files").get_by_role("link", name=title)).to_be_visible()


def submit(clerk: Walker) -> None:
    """Hands the application to review; materials that nobody brought have a reason."""
    for closed in clerk.page.locator("#s-materials details:not([open]) > summary").all()[::-1]:
        closed.click()
    for reason in clerk.page.locator("#s-materials input[name^='reason-']").all():
        reason.fill("业务系统里已经收过")
    clerk.press("提交审核")
    clerk.shows("已提交审核")


def decide(window: Walker, path: str, choice: str, verb: str, reasons: str = "") -> None:
    """A decision at review or sign-off: chosen, confirmed, carried out."""
    window.go(path)
    window.page.locator(f"xpath=//label[contains(@class, 'zz-choice')][.//b='{choice}']").click()
    if reasons:
        window.fill("理由，要改什么", reasons)
    window.press("下一步：确认")
    window.press(verb)


def until_in_force(signatory: Walker) -> str:
    """Waits on the page of the result until the worker has sealed; the licence's address."""
    said = signatory.page.get_by_role("heading", name="证照已生效")
    expect(said).to_be_visible(timeout=PATIENCE)
    signatory.page.get_by_role("link", name="看这份证照").click()
    signatory.page.wait_for_url("**/licences/**")
    return signatory.path


def until_accepted(window: Walker, licence: str) -> None:
    """Looks at the licence again until the city has accepted it."""
    for _ in range(60):
        window.go(licence)
        if window.page.get_by_text("市平台已接收").count():
            return
        window.page.wait_for_timeout(500)
    raise AssertionError(f"the city has not accepted {licence}")


def file_passes(street: Street, window: Walker, licence: str) -> bytes:
    """Downloads the sealed file from the register; anybody uploads it and reads 通过."""
    window.go(licence)
    data = window.download("OFD 原件").read_bytes()
    citizen = street.window()
    citizen.go("/verify/file/")
    citizen.field("电子证照文件").set_input_files(as_file("收到的.ofd", data, "application/ofd"))
    citizen.press("开始查验")
    verdict = citizen.page.get_by_role("heading", level=1)
    expect(verdict).to_contain_text("通过")
    assert citizen.page.title().startswith("查验结果：通过"), citizen.page.title()
    return data


def code_leads_to_status(street: Street, username: str, licence: str) -> Walker:
    """Reads the QR off the face as the screen shows it; its address opens the licence's state."""
    reader = street.window(username=username, scale=3)
    reader.go(licence)
    face = reader.page.locator("img.zz-face").first
    seen = zxingcpp.read_barcodes(Image.open(io.BytesIO(face.screenshot())))
    assert [one.format for one in seen] == [zxingcpp.BarcodeFormat.QRCode]
    address = seen[0].text
    base = street.county.address
    assert address.lower().startswith(f"{base}/v/".lower()), address
    citizen = street.window()
    assert citizen.go(address[len(base) :]) == 200
    expect(citizen.page.get_by_role("heading", level=1)).to_contain_text("现在有效")
    return citizen
