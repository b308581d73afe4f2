"""A permit sheet from its upload to licences in force, by two people (M.10, P.2.2.1)."""

import csv
import io
import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser import desks
from tests.browser.axe import violations
from tests.browser.walking import Street, Walker
from zezhou_portal.kernel import clock

pytestmark = pytest.mark.e2e

FOLDER = Path(__file__).resolve().parents[2] / "sample_county" / "stock"
SHEET = FOLDER / "food-licences-utf8.csv"
WORDS = {"convert": "可转换", "not_in_force": "已不在有效期", "fault": "有问题"}


def fates() -> dict[int, str]:
    """What must become of every row today: the answers, and what has run out since."""
    answers = json.loads(SHEET.with_suffix(".answers.json").read_text(encoding="utf-8"))
    lines = list(csv.DictReader(io.StringIO(SHEET.read_text(encoding="utf-8-sig"))))
    found = {}
    for row in answers["rows"]:
        fate = row["outcome"]
        if fate == "convert" and ends_on(lines[row["row"] - 2]["有效期至"]) < clock.today():
            fate = "not_in_force"
        found[row["row"]] = fate
    return found


def ends_on(text: str) -> date:
    """A day in any of the spellings that the sheet has, a spreadsheet's serial among them."""
    if len(text) == 5:
        return date(1899, 12, 30) + timedelta(days=int(text))
    digits = re.fullmatch(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?", text.strip())
    assert digits, text
    year, month, day = map(int, digits.groups())
    return date(year, month, day)


def seen_fates(window: Walker) -> dict[int, str]:
    """The fate of every row as the page shows it, leaf by leaf."""
    found: dict[int, str] = {}
    while True:
        for row in window.page.locator("#rows tbody tr").all():
            number = int(row.locator("td").first.inner_text())
            found[number] = row.locator(".zz-fate").inner_text().strip()
        onward = window.page.get_by_role("link", name=re.compile("^后面"))
        if not onward.count():
            return found
        onward.click()
        window.page.wait_for_load_state()


@pytest.mark.article("M.7", "M.10", "P.2.2.1", "S.12")
def test_a_sheet_by_two_people(street: Street) -> None:
    expected = fates()
    counts = Counter(expected.values())
    clerk = street.sign_in("approval.clerk")
    clerk.go("/stock/")
    found = violations(clerk)
    clerk.go("/stock/new/")
    clerk.field("证照种类").select_option(label="食品经营许可证")
    clerk.field("许可清单").set_input_files(
        desks.as_file("照片.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "text/csv")
    )
    clerk.press("上传")
    assert clerk.fault_at("许可清单") != ""
    clerk.shoot("sheet-refused")
    clerk.field("许可清单").set_input_files(SHEET)
    clerk.press("上传")
    clerk.page.wait_for_url("**/columns/")
    clerk.shoot("sheet-columns")
    found += violations(clerk)
    clerk.press("逐行检查")
    sheet = clerk.path
    assert re.fullmatch(r"/stock/[0-9a-f-]{36}/", sheet)
    clerk.shoot("sheet-checked")
    found += violations(clerk)
    assert seen_fates(clerk) == {row: WORDS[fate] for row, fate in expected.items()}

    clerk.go(sheet)
    book = openpyxl.load_workbook(clerk.download("下载有问题的").open("rb"))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) - 1 == counts["fault"]
    assert all(row[0] for row in rows[1:])

    clerk.page.get_by_role("link", name="提交签批").click()
    clerk.shoot("sheet-submit", widths=(390,))
    found += violations(clerk)
    clerk.press("提交签批")
    clerk.shows("已提交，等另一个人签批")
    assert clerk.go(f"{sheet}sign-off/") == 403

    signatory = street.sign_in("approval.signatory")
    signatory.go(f"{sheet}sign-off/")
    signatory.shoot("sheet-sign-off")
    found += violations(signatory)
    signatory.press("签批并转换")
    assert signatory.path == sheet
    follow(street, signatory, sheet)
    expect(signatory.page.get_by_text("转换完成")).to_be_visible(timeout=desks.PATIENCE * 2)
    signatory.shoot("sheet-done")
    found += violations(signatory)
    signatory.page.get_by_role("link", name="看这些证照").click()
    signatory.page.locator("#rows tbody a").first.click()
    signatory.page.wait_for_url("**/licences/**")
    licence = signatory.path
    desks.until_accepted(signatory, licence)
    signatory.shoot("sheet-licence")
    desks.file_passes(street, signatory, licence)
    assert found == [], "\n".join(found)
    assert street.sign_in("land.signatory").go(sheet) == 404


def follow(street: Street, signatory: Walker, sheet: str) -> None:
    """The progress goes up, is the same after a reload and for who has no script."""
    plain = street.window(username="approval.signatory", script=False)
    done = 0
    while signatory.page.locator("#progress").count():
        bar = signatory.page.locator("#progress progress")
        if not bar.count():
            break
        seen = int(bar.get_attribute("value") or 0)
        assert seen >= done
        done = seen
        plain.go(sheet)
        refresh = plain.page.locator("#progress").get_by_role("link", name="刷新")
        if refresh.count():
            shown = int(plain.page.locator("#progress progress").get_attribute("value") or 0)
            assert shown >= done
            refresh.click()
            assert plain.path.startswith(sheet)
        signatory.page.reload()
    plain.go(sheet)
    plain.shows("转换完成")
