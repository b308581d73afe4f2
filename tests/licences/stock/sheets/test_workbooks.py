"""What workbooks of other programs hold: rich texts, guides, bools, ISO days, the 1904 epoch."""

import io
import zipfile
from datetime import date, datetime

import pytest

from licences.stock.sheets.reading import NotASheet, open_sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADING_CELLS = "".join(
    f'<c t="inlineStr"><is><t>{name}</t></is></c>'
    for name in ("行政相对人名称", "统一社会信用代码", "许可编号", "许可决定日期", "有效期自")
)


def related(kind, target):
    return f'<Relationship Id="{kind}" Type="{RELATIONS}/{kind}" Target="{target}"/>'


def book(
    cells, *, texts="", styles="", properties="", space=MAIN, prefix="", workbook="xl/workbook.xml"
):
    """A workbook written by hand; `cells` is the XML of the row under the headings."""
    mark = f"{prefix}:" if prefix else ""
    declared = f'xmlns:{prefix}="{space}"' if prefix else f'xmlns="{space}"'
    rows = f"<row>{HEADING_CELLS}</row><row>{cells}</row>"
    if prefix:
        rows = (
            rows.replace("</", f"</{mark}")
            .replace("<", f"<{mark}")
            .replace(f"<{mark}/{mark}", f"</{mark}")
        )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">'
        f"{related('officeDocument', '/' + workbook)}</Relationships>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f"{related('worksheet', 'worksheets/../sheet.xml')}{related('sharedStrings', 'texts.xml')}"
        f"{related('styles', '/xl/styles.xml')}</Relationships>",
        workbook: f'<workbook xmlns="{space}" xmlns:r="{RELATIONS}">{properties}<sheets>'
        '<sheet name="许可" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/sheet.xml": f"<{mark}worksheet {declared}><{mark}sheetData>{rows}"
        f"</{mark}sheetData></{mark}worksheet>",
        "xl/texts.xml": f'<sst xmlns="{space}">{texts}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{space}">{styles}</styleSheet>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def values(content):
    ((_, cells),) = open_sheet(content, "清单.xlsx").rows()
    return cells


def test_texts_when_rich_guided_or_escaped_then_only_the_words_remain():
    texts = (
        "<si><r><t>泽州</t></r><r><t>县</t></r><rPh><t>ze zhou</t></rPh></si>"
        "<si><t>甲_x000D_乙</t></si>"
    )
    assert values(book('<c t="s"><v>0</v></c><c t="s"><v>1</v></c>', texts=texts)) == [
        "泽州县",
        "甲\r乙",
    ]


def test_cells_when_of_every_type_then_they_have_their_values():
    cells = (
        '<c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="str"><v>字</v></c>'
        '<c t="d"><v>2024-06-21T00:00:00</v></c><c t="d"><v>2024-06-21T08:30:00</v></c>'
        "<c><v>1.5</v></c><c/><c><v>7</v></c>"
    )
    day = date(2024, 6, 21)
    moment = datetime(2024, 6, 21, 8, 30)
    assert values(book(cells)) == [True, "#N/A", "字", day, moment, 1.5, None, 7]


def test_cells_when_named_then_they_stand_in_their_columns():
    assert values(book('<c r="C2"><v>3</v></c><c r="A2"><v>1</v></c>')) == [1, None, 3]


@pytest.mark.parametrize(
    ("style", "format_code"),
    [
        ("14", ""),
        ("31", ""),
        ("57", ""),
        ("200", "yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"),
    ],
)
def test_number_when_its_style_is_a_day_then_it_is_a_day(style, format_code):
    styles = (
        f'<numFmts><numFmt numFmtId="200" formatCode="{format_code}"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="0"/><xf numFmtId="{style}"/></cellXfs>'
    )
    cells = '<c s="1"><v>45464</v></c><c s="0"><v>45464</v></c><c s="1"><v>99999999999</v></c>'
    assert values(book(cells, styles=styles)) == [date(2024, 6, 21), 45464, 99999999999]


def test_epoch_when_1904_then_days_count_from_there():
    styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
    content = book(
        '<c s="0"><v>44002</v></c>', styles=styles, properties='<workbookPr date1904="1"/>'
    )
    assert values(content) == [date(2024, 6, 21)]


@pytest.mark.parametrize(("space", "prefix"), [(STRICT, ""), (MAIN, "x")])
def test_namespace_when_strict_or_prefixed_then_rows_are_read(space, prefix):
    assert values(book("<c><v>1</v></c>", space=space, prefix=prefix)) == [1]


def test_member_when_locked_then_the_file_has_a_password():
    content = bytearray(book("<c><v>1</v></c>"))
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + 8] |= 1
    with pytest.raises(NotASheet) as refusal:
        open_sheet(bytes(content), "清单.xlsx")
    assert refusal.value.code == "password"


@pytest.mark.parametrize(
    "cells",
    [
        '<c t="s"><v>9</v></c>',
        '</row><row r="1"><c><v>1</v></c>',
        '</row><row r="9999999"><c><v>1</v></c>',
        "<c><v>no number</v></c>",
        '<c r="?"><v>1</v></c>',
    ],
)
def test_workbook_when_it_contradicts_itself_then_it_is_damaged(cells):
    with pytest.raises(NotASheet) as refusal:
        list(open_sheet(book(cells), "清单.xlsx").rows())
    assert refusal.value.code == "damaged"


def test_cell_when_longer_than_any_spreadsheet_holds_then_it_is_unsafe():
    cell = f'<c t="inlineStr"><is><t>{"长" * 70_000}</t></is></c>'
    with pytest.raises(NotASheet) as refusal:
        list(open_sheet(book(cell), "清单.xlsx").rows())
    assert refusal.value.code == "unsafe"


def test_workbook_when_it_stands_elsewhere_in_the_file_then_its_relations_lead_there():
    with pytest.raises(NotASheet) as refusal:
        open_sheet(book("<c><v>1</v></c>", workbook="xl/other/workbook.xml"), "清单.xlsx")
    assert refusal.value.code == "damaged"  # no relations beside it
