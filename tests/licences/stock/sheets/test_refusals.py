"""Files that are no permit sheet: each refused with a sentence that says what to do."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from licences.stock.sheets import refusals
from licences.stock.sheets.reading import NotASheet, open_sheet
from licences.stock.sheets.sniffing import OLE
from tests.licences.stock.sheets.making import HEADINGS, SAMPLE, judged, row, text_of, workbook_of

UNCHANGED = "；原有数据没有变"
WORKBOOK_BOF = b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)


def refused(content, filename="许可清单.xlsx"):
    with pytest.raises(NotASheet) as refusal:
        list(open_sheet(content, filename).rows())
    assert refusal.value.sentence.startswith(f"“{filename}”")
    assert refusal.value.sentence.endswith(UNCHANGED)
    return refusal.value


def repacked(change, content=None):
    """A workbook with one part rewritten: `change` takes its name and bytes."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content or workbook_of([row()]))) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return buffer.getvalue()


def archive_of(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<a/>")
    return buffer.getvalue()


def utf16(text):
    return text.encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "里没有内容"),
        (b"%PDF-1.7\n%\xe2\xe3", "not_a_sheet", "是PDF 文件，不是表格"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "not_a_sheet", "是图片，不是表格"),
        (b"Rar!\x1a\x07\x00", "not_a_sheet", "是压缩包，不是表格"),
        (b"\x7fELF\x02\x01\x01", "not_a_sheet", "是程序，不是表格"),
        (bytes(range(1, 9)) * 40, "not_a_sheet", "不是表格"),
        (b"<html><table><tr><td>1", "web_page", "另存为 .xlsx"),
        (b'<?xml version="1.0"?><Workbook>', "web_page", "另存为 .xlsx"),
        (archive_of("OFD.xml", "Doc_0/Document.xml"), "not_a_sheet", "是OFD 版式文件"),
        (archive_of("[Content_Types].xml", "word/document.xml"), "not_a_sheet", "Word"),
        (archive_of("mimetype", "content.xml"), "other_format", "另存为 .xlsx"),
        (archive_of("[Content_Types].xml", "xl/workbook.bin"), "other_format", ".xlsb"),
        (archive_of("photo.png"), "not_a_sheet", "是压缩包"),
        (OLE + utf16("EncryptedPackage"), "password", "有打开密码。去掉密码再传"),
        (OLE + utf16("Workbook") + WORKBOOK_BOF, "old_format", "另存为 .xlsx"),
        (OLE + utf16("Workbook") + WORKBOOK_BOF + b"\x2f\x00\x36\x00", "password", "有打开密码"),
        (OLE + utf16("WordDocument"), "not_a_sheet", "旧格式的文档"),
        ("姓名,地址\n某甲,某路\n".encode(), "no_headings", "没有找到列名"),
        (b"\n\n,,\n", "empty", "里没有内容"),
    ],
)
def test_file_when_it_is_no_sheet_then_the_sentence_says_what_it_is(content, code, words):
    refusal = refused(content)
    assert refusal.code == code
    assert words in refusal.sentence


def test_sample_impression_when_chosen_by_mistake_then_it_is_a_picture():
    picture = SAMPLE / "impressions" / "approval-official.png"
    assert "是图片，不是表格" in refused(picture, "许可清单.xlsx").sentence


def test_password_when_set_then_the_sentence_is_that_of_the_manual():
    refusal = refused(OLE + utf16("EncryptedPackage"), "许可清单.xls")
    assert refusal.sentence == "“许可清单.xls”有打开密码。去掉密码再传；原有数据没有变"


def test_file_when_of_200_megabytes_then_it_is_refused_without_being_read(tmp_path):
    large = tmp_path / "大.csv"
    with large.open("wb") as stream:
        stream.truncate(200 * refusals.MEGABYTE)
    large.chmod(0)  # whoever opens it fails, unless it is root
    refusal = refused(large, "大.csv")
    assert refusal.sentence == "“大.csv”有 200 MB，超过 64 MB。分成几个文件再传；原有数据没有变"


def test_workbook_when_above_20_megabytes_then_it_is_refused(tmp_path):
    large = tmp_path / "大.xlsx"
    with large.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(21 * refusals.MEGABYTE)
    assert "有 21 MB，超过 20 MB" in refused(large).sentence


def test_rows_when_more_than_the_limit_then_reading_stops(monkeypatch):
    monkeypatch.setattr("licences.stock.sheets.reading.ROWS", 3)
    assert refused(text_of([row()] * 4).encode(), "多.csv").code == "too_many_rows"
    assert len(judged(text_of([row()] * 3).encode(), "多.csv")) == 3


def test_formula_when_in_a_cell_then_the_cell_is_named():
    refusal = refused(workbook_of([row(), row(remarks='=HYPERLINK("http://127.0.0.1/")')]))
    assert refusal.code == "formula"
    assert "的“行政许可”表 W3 格是公式" in refusal.sentence


def test_formula_when_it_is_text_in_a_csv_then_it_is_only_text():
    content = text_of([row(remarks='=HYPERLINK("http://127.0.0.1/","点击")')]).encode()
    assert [fate.outcome for fate in judged(content, "清单.csv")] == ["convert"]


def test_formula_when_in_another_tab_then_the_sheet_is_read_and_the_tab_named():
    book = Workbook()
    book.active.title = "汇总"
    book.active.append(["=1+1"])
    page = book.create_sheet("许可")
    page.append(HEADINGS)
    page.append(row())
    buffer = io.BytesIO()
    book.save(buffer)
    sheet = open_sheet(buffer.getvalue(), "清单.xlsx")
    assert (sheet.tab, sheet.left_out, len(list(sheet.rows()))) == ("许可", ("汇总",), 1)


def test_entities_when_declared_in_a_workbook_then_it_is_unsafe():
    declaration = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'

    def change(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        return declaration + content[content.index(b"<worksheet") :]

    assert refused(repacked(change)).code == "unsafe"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "_rels/.rels"])
def test_entities_when_declared_in_a_small_part_then_it_is_unsafe(part):
    def change(name, content):
        root = content.index(b"<", content.index(b"?>") if content.startswith(b"<?") else 0)
        return b"<!DOCTYPE a>" + content[root:] if name == part else content

    assert refused(repacked(change)).code == "unsafe"


def test_bomb_when_a_part_unpacks_a_thousandfold_then_it_is_unsafe():
    refusal = refused(
        repacked(lambda name, content: content + b" " * 8_000_000 if "sheet1" in name else content)
    )
    assert refusal.code == "unsafe"


def test_members_when_ten_thousand_then_it_is_unsafe():
    names = ["[Content_Types].xml", "xl/workbook.xml", *(f"xl/{n}.xml" for n in range(10_000))]
    assert refused(archive_of(*names)).code == "unsafe"


def test_row_when_of_a_million_cells_then_memory_stays_bounded_and_the_rest_is_ignored():
    def change(name, content):
        if "sheet1" not in name:
            return content
        return content.replace(b"</row>", b'<c r="ZZZ1"><v>1</v></c>' * 100_000 + b"</row>", 1)

    sheet = open_sheet(repacked(change), "宽.xlsx")
    assert len(sheet.headings) == len(HEADINGS)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_workbook_when_cut_off_then_it_is_damaged(share):
    content = workbook_of([row()])
    assert refused(content[: int(len(content) * share)]).code == "damaged"


def test_workbook_when_bytes_are_changed_then_it_is_refused_or_read_but_never_breaks():
    content = bytearray(workbook_of([row()]))
    for place in range(0, len(content), 37):
        broken = (
            bytes(content[:place]) + bytes([content[place] ^ 0x55]) + bytes(content[place + 1 :])
        )
        try:
            list(open_sheet(broken, "坏.xlsx").rows())
        except NotASheet as refusal:
            assert refusal.sentence.endswith(UNCHANGED)


def test_quote_when_left_open_then_no_row_is_swallowed():
    lines = text_of([row(), row()]).split("\r\n")
    lines[1] = '"' + lines[1]
    refusal = refused("\r\n".join(lines).encode(), "清单.csv")
    assert refusal.code == "broken_quotes"
    assert "第 2 行" in refusal.sentence


def test_text_when_a_byte_is_no_character_then_its_line_is_named():
    lines = text_of([row(), row(), row()]).encode("gb18030").split(b"\r\n")
    lines[2] += b"\xff\xff"
    refusal = refused(b"\r\n".join(lines), "清单.csv")
    assert refusal.code == "unreadable_text"
    assert "第 3 行附近" in refusal.sentence


def test_line_break_when_inside_quotes_then_rows_are_counted_as_a_spreadsheet_does():
    content = text_of([row(content="热食\n冷食"), [], row(number="")]).encode("gb18030")
    assert [(fate.row, fate.fault) for fate in judged(content, "清单.csv")] == [
        (2, None),
        (4, "missing_number"),
    ]


def test_heading_row_when_given_then_unknown_headings_can_be_mapped_by_hand():
    content = "某表\n甲,乙,丙\n1,2,3\n".encode()
    sheet = open_sheet(content, "清单.csv", heading_row=2)
    assert sheet.headings == ("甲", "乙", "丙")
    assert list(sheet.rows()) == [(3, ["1", "2", "3"])]
    with pytest.raises(NotASheet, match="第 9 行是空的"):
        open_sheet(content, "清单.csv", heading_row=9)


def test_cells_when_hidden_dated_or_numeric_then_they_are_rows_and_values():
    book = Workbook()
    page = book.active
    page.title = "许可"
    page.append(["泽州县许可台账"])
    page.merge_cells("A1:W1")
    page.append(HEADINGS)
    page.append(row(valid_until=date(2029, 6, 20), status=1, valid_from=45464))
    page.row_dimensions[3].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    sheet = open_sheet(buffer.getvalue(), "清单.xlsx")
    ((number, cells),) = sheet.rows()
    assert (number, cells[HEADINGS.index("有效期至")]) == (3, date(2029, 6, 20))
    (fate,) = judged(buffer.getvalue(), "清单.xlsx")
    assert (fate.outcome, fate.values) == ("left_out", None)
    assert fate.reason == "第 3 行：这一行在表格里是隐藏的，没有读"
    (fate,) = judged(buffer.getvalue(), "清单.xlsx", takes_hidden=True)
    assert fate.values is not None
    assert fate.values["valid_from"] == date(2024, 6, 21)


def test_columns_when_more_than_a_sheet_has_then_the_row_is_named():
    lines = text_of([row()]) + ",".join(["甲"] * 300) + "\r\n"
    refusal = refused(lines.encode(), "清单.csv")
    assert refusal.code == "too_many_columns"
    assert "第 3 行有 300 格，最多 256 格" in refusal.sentence


def test_cell_when_a_quote_swallows_too_much_then_it_is_refused():
    content = text_of([row(), row(content="长\n" * 20_000)]).encode()
    assert "第 3 行有一格超过 32,767 个字" in refused(content, "清单.csv").sentence


@pytest.mark.parametrize("start", ["BM 公司", "MZ 公司"])
def test_text_when_it_begins_like_a_picture_then_it_is_still_text(start):
    content = f"{start}\n".encode() + text_of([row()]).encode()
    assert open_sheet(content, "清单.csv").heading_row == 2


def test_workbook_when_its_headings_are_unknown_then_they_are_asked_for():
    book = Workbook()
    book.active.append(["甲", "乙"])
    book.active.append([1, 2])
    buffer = io.BytesIO()
    book.save(buffer)
    assert refused(buffer.getvalue()).code == "no_headings"
    sheet = open_sheet(buffer.getvalue(), "清单.xlsx", heading_row=1)
    assert list(sheet.rows()) == [(2, [1, 2])]


def test_workbook_when_no_cell_is_filled_then_it_is_empty():
    buffer = io.BytesIO()
    Workbook().save(buffer)
    assert refused(buffer.getvalue()).code == "empty"
