"""Empty cells of a formatted sheet: taken away before they are parsed, and counted where not."""

import io
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licences.stock.sheets import gridding, markup
from licences.stock.sheets.reading import NotASheet, open_sheet
from tests.licences.stock.sheets.making import HEADINGS, row, workbook_of
from tests.licences.stock.sheets.test_refusals import repacked
from tests.licences.stock.sheets.test_workbooks import book, values

PLACES = [None, *"ABCDEFGH"]


def cell(column, number, text, form):
    place = f' r="{column}{number}"' if column else ""
    if text:
        return f'<c{place} s="3"><v>{text}</v></c>'
    return (f'<c{place} s="3"/>', f"<c{place}></c>", f'<c s="3"{place} />')[form]


@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(["", "7"]), st.integers(0, 2)),
        max_size=12,
    )
)
def test_cells_when_empty_ones_are_taken_away_then_no_other_moves(cells):
    inside = "".join(cell(column, 2, text, form) for column, text, form in cells)
    whole = f'<row r="2">{inside}<c><v>1</v></c></row>'.encode()
    assert _read(whole) == _read(markup._slimmed(whole))


def _read(xml):
    grid = gridding.Grid(gridding.PackedTexts(), frozenset(), datetime(1899, 12, 30), "", "")
    stream = io.BytesIO(b"<sheetData>" + xml + b"</sheetData>")
    for _ in markup.parsed_blocks(stream, grid.start, grid.end, grid.text):
        pass
    return grid.taken()


def test_row_when_formatted_to_its_last_column_then_no_empty_cell_is_parsed():
    empty = "".join(f'<c r="{letter}2" s="1"/>' for letter in "BCDEFGHIJ")
    xml = f'<row r="2"><c r="A2"><v>1</v></c>{empty}<c r="K2"><v>2</v></c>{empty}</row>'
    assert markup._slimmed(xml.encode()) == (
        b'<row r="2"><c r="A2"><v>1</v></c><c r="K2"><v>2</v></c></row>'
    )


def test_cells_when_the_words_are_written_out_then_text_that_looks_like_cells_stays():
    text = '<c t="inlineStr"><is><t><![CDATA[<c r="A1"/></row>]]></t></is></c>'
    assert values(book(text)) == ['<c r="A1"/></row>']


@pytest.mark.parametrize("size", [1, 7, 64, 1 << 20])
def test_stream_when_cut_into_blocks_of_any_size_then_the_rows_are_the_same(monkeypatch, size):
    content = workbook_of([row(), [], row(remarks="末行")])
    whole = list(open_sheet(content, "清单.xlsx").rows())
    monkeypatch.setattr(markup, "_WIDE_BLOCK", size)
    assert list(open_sheet(content, "清单.xlsx").rows()) == whole


def test_cells_when_more_than_any_ledger_has_then_the_sheet_is_refused(monkeypatch):
    monkeypatch.setattr(gridding, "CELLS", 4 * len(HEADINGS))

    def filled(name, content):
        if "sheet1" not in name:
            return content
        wide = b"<row>" + b"<c/>" * 400 + b"<c><v>1</v></c></row>"
        return content.replace(b"</sheetData>", wide + b"</sheetData>")

    with pytest.raises(NotASheet) as refusal:
        list(open_sheet(repacked(filled), "宽.xlsx").rows())
    assert refusal.value.code == "unsafe"


def test_cells_when_empty_by_the_thousand_then_they_do_not_count(monkeypatch):
    monkeypatch.setattr(gridding, "CELLS", 4 * len(HEADINGS))

    def formatted(name, content):
        if "sheet1" not in name:
            return content
        rows = ""
        for number in range(10, 1_000):
            cells = "".join(f'<c r="{letter}{number}"/>' for letter in "ABCDEF")
            rows += f'<row r="{number}">{cells}</row>'
        return content.replace(b"</sheetData>", rows.encode() + b"</sheetData>")

    assert len(list(open_sheet(repacked(formatted), "清单.xlsx").rows())) == 1
