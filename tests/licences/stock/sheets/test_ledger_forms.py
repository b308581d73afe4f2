"""Forms of ledgers: two rows of headings, tabs, names of parts, marks of old exports."""

import io
import zipfile
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from licences.stock.sheets.headings import (
    ALL_FIELDS,
    digest_of,
    find_headings,
    guess_mapping,
    joined,
)
from licences.stock.sheets.reading import NotASheet, open_sheet
from tests.licences.stock.sheets.making import HEADINGS, judged, row, text_of, workbook_of

PARTS = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
         "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml")  # fmt: skip


def renamed(spell):
    """A sound workbook with the names of its members spelt otherwise."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_of([row()]))) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(spell(name), old.read(name))
    return buffer.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_parts_when_their_names_are_spelt_in_any_way_then_the_workbook_is_read(data):
    def spell(name):
        marks = [data.draw(st.sampled_from((mark.lower(), mark.upper()))) for mark in name]
        plain = "".join(marks)
        slash = data.draw(st.sampled_from(("/", "\\")))
        start = data.draw(st.sampled_from(("", "/", "./")))
        return start + plain.replace("/", slash)

    (fate,) = judged(renamed(spell), "清单.xlsx")
    assert fate.outcome == "convert"


def test_parts_when_two_differ_in_capitals_only_then_the_workbook_is_unsafe():
    buffer = io.BytesIO(workbook_of([row()]))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("XL/Workbook.xml", "<workbook/>")
    with pytest.raises(NotASheet) as refusal:
        open_sheet(buffer.getvalue(), "清单.xlsx")
    assert refusal.value.code == "unsafe"


@pytest.mark.parametrize("name", ["xl/book.xml", "xl/Workbook1.xml", "xl/OFFICE.XML"])
def test_workbook_when_called_otherwise_then_the_relations_lead_to_it(name):
    folder, plain = name.split("/")
    moved = {
        "xl/workbook.xml": name,
        "xl/_rels/workbook.xml.rels": f"{folder}/_rels/{plain}.rels",
    }
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_of([row()]))) as old,
        zipfile.ZipFile(buffer, "w") as new,
    ):
        for part in old.namelist():
            content = old.read(part).replace(b"xl/workbook.xml", name.encode())
            new.writestr(moved.get(part, part), content)
    (fate,) = judged(buffer.getvalue(), "清单.xlsx")
    assert fate.outcome == "convert"


def test_headings_when_two_rows_share_them_then_they_are_joined():
    upper = [
        "序号",
        "经营者名称",
        "统一社会信用代码",
        "许可证编号",
        "发证日期",
        "有效期",
        None,
        "备注",
    ]
    lower = [None, None, None, None, None, "起", "止", None]
    found = find_headings([["某台账"], upper, lower, [1, "某店"]])
    assert (found.first, found.last) == (1, 2)
    assert found.headings[5:7] == ("有效期起", "有效期止")
    columns = guess_mapping(found.headings).columns
    assert (columns["valid_from"], columns["valid_until"]) == (5, 6)


@pytest.mark.parametrize(
    ("begin", "end"),
    [("起", "止"), ("自", "至"), ("开始日期", "截止日期"), ("起始日期", "终止日期"), ("从", "到"),
     ("起始", "截止"), ("起日期", "止日期"), ("始", "终")],
)  # fmt: skip
@pytest.mark.parametrize("above", ["有效期", "有效期限", "许可证有效期", "许可有效期"])
def test_headings_when_the_term_is_divided_in_any_words_then_both_days_are_found(above, begin, end):
    upper = ["单位名称", "信用代码", "许可证号", "发证时间", above, ""]
    found = find_headings([upper, ["", "", "", "", begin, end]])
    assert guess_mapping(found.headings).missing == ()


def test_headings_when_groups_stand_above_then_the_names_below_count():
    upper = ["主体信息", None, None, "许可信息", None, "有效期", None]
    lower = ["企业名称", "信用代码", "法定代表人", "许可证编号", "发证日期", "起", "止"]
    found = find_headings([upper, lower])
    assert guess_mapping(found.headings).missing == ()


def test_headings_when_a_row_of_data_follows_then_it_stays_data():
    found = find_headings([HEADINGS, row()])
    assert (found.first, found.last) == (0, 0)
    assert joined(["原因", "有效期"], ["第 4 行：还没有填", "起"]) == ["原因", "有效期起"]


def test_identity_number_when_right_of_the_representative_then_it_is_the_representatives():
    headings = ["企业名称", "信用代码", "法定代表人", "身份证号", "许可证号"]
    assert guess_mapping(headings).columns["representative_id_number"] == 3
    apart = ["企业名称", "信用代码", "身份证号", "法定代表人", "许可证号"]
    assert guess_mapping(apart).columns["holder_id_number"] == 2
    person = ["姓名", "法定代表人", "身份证号", "许可证号"]
    assert guess_mapping(person).columns["holder_id_number"] == 2


@pytest.mark.parametrize(
    ("heading", "field"),
    [("卫生许可证号", "number"), ("食品经营许可证编号", "number"), ("有效期", "term"),
     ("有效期限", "term"), ("联系电话", "phone"), ("手机号", "phone")],
)  # fmt: skip
def test_heading_when_a_ledger_has_it_then_it_is_recognised(heading, field):
    assert guess_mapping([heading]).columns == {field: 0}
    assert field in ALL_FIELDS


def test_number_when_two_headings_could_be_it_then_the_exact_one_counts():
    mapping = guess_mapping(["卫生许可证号", "许可证编号"])
    assert (mapping.columns["number"], mapping.duplicates) == (1, ())


def test_form_when_its_headings_are_the_same_then_its_digest_is():
    assert digest_of(["*许可编号", "有 效 期"]) == digest_of(["许可编号（必填）", "有效期"])
    assert digest_of(["许可编号", "有效期"]) != digest_of(["有效期", "许可编号"])


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_tab_when_hidden_then_it_is_left_out_unless_it_is_asked_for(state):
    book = Workbook()
    first = book.active
    first.title = "样例"
    first.append(HEADINGS)
    first.append(row())
    page = book.create_sheet("台账")
    page.append(HEADINGS)
    page.append(row())
    page.append(row(number="JY11405250000027"))
    first.sheet_state = state
    buffer = io.BytesIO()
    book.save(buffer)
    sheet = open_sheet(buffer.getvalue(), "清单.xlsx")
    assert (sheet.tab, sheet.left_out, sheet.hidden_tabs) == ("台账", ("样例",), ("样例",))
    asked = open_sheet(buffer.getvalue(), "清单.xlsx", tab="样例")
    assert (asked.tab, asked.hidden_tabs, len(list(asked.rows()))) == ("样例", (), 1)
    with pytest.raises(NotASheet, match="没有“别的”这张表"):
        open_sheet(buffer.getvalue(), "清单.xlsx", tab="别的")


def test_tab_when_only_a_hidden_one_has_headings_then_it_is_named():
    book = Workbook()
    book.active.append(["本表由各所填报"])
    page = book.create_sheet("旧表")
    page.append(HEADINGS)
    page.append(row())
    page.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    with pytest.raises(NotASheet, match="隐藏的表（旧表）没有读"):
        open_sheet(buffer.getvalue(), "清单.xlsx")


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.booleans())
@settings(max_examples=30, deadline=None)
def test_day_when_the_workbook_counts_from_1904_then_it_is_right_or_a_fault(day, is_styled):
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    page = book.active
    page.append(HEADINGS)
    serial = (day - date(1904, 1, 1)).days
    page.append(row(valid_until=datetime(day.year, day.month, day.day) if is_styled else serial))
    buffer = io.BytesIO()
    book.save(buffer)
    ((_, cells),) = open_sheet(buffer.getvalue(), "清单.xlsx").rows()
    (fate,) = judged(buffer.getvalue(), "清单.xlsx")
    if is_styled:
        assert cells[HEADINGS.index("有效期至")] == day
    else:
        assert "valid_until" in [fault.field for fault in fate.faults]
        assert "从 1904 年起算日期" in fate.reason


def test_serial_when_the_workbook_counts_from_1900_then_it_is_its_day():
    day = date(2029, 6, 20)
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)
    (fate,) = judged(workbook_of([row(valid_until=serial)]), "清单.xlsx")
    assert fate.values["valid_until"] == day


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a", "\x1a\x1a", "\x1a\r\n"])
def test_text_when_it_ends_with_the_mark_of_old_exports_then_it_is_read(encoding, end):
    content = (text_of([row()]).rstrip("\r\n") + end).encode(encoding)
    (fate,) = judged(content, "清单.csv")
    assert fate.outcome == "convert"


@given(st.integers(0, 22), st.text(alphabet="营业a1元", max_size=4))
def test_text_when_a_euro_of_code_page_936_is_in_it_then_it_is_a_euro(column, before):
    cells = [str(cell) for cell in row()]
    cells[column] += f"{before}€"
    head = ",".join(HEADINGS).encode("gb18030")
    line = ",".join(cells).encode("gb18030").replace("€".encode("gb18030"), b"\x80")
    ((_, found),) = open_sheet(head + b"\r\n" + line + b"\r\n", "清单.csv").rows()
    assert found[column] == cells[column]


def test_row_when_drawn_without_height_then_it_is_hidden():
    def flat(name, content):
        if "sheet1" not in name:
            return content
        return content.replace(b'<row r="2"', b'<row r="2" ht="0" customHeight="1"')

    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_of([row()]))) as old,
        zipfile.ZipFile(buffer, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, flat(name, old.read(name)))
    content = buffer.getvalue()
    outcomes = {fate.outcome for fate in judged(content, "清单.xlsx")}
    assert outcomes <= {"left_out", "convert"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert (b'ht="0"' in xml) is (outcomes == {"left_out"})
