"""The workbook of faulty rows: text only, whatever a cell begins with."""

import io

import pytest
from openpyxl import load_workbook

from licences.stock.sheets.headings import guess_mapping
from licences.stock.sheets.judging import RowJudge
from licences.stock.sheets.reading import open_sheet
from licences.stock.sheets.returning import faulty_rows_workbook
from tests.licences.stock.sheets.making import HEADINGS, ISSUER, TODAY, judged, row, rules, text_of


def given_back(rows):
    sheet = open_sheet(text_of(rows).encode(), "清单.csv")
    judge = RowJudge(rules(), ISSUER, TODAY, guess_mapping(sheet.headings))
    return faulty_rows_workbook(sheet, list(judge.judge_all(sheet.rows())))


@pytest.mark.parametrize(
    "written", ['=HYPERLINK("http://127.0.0.1/","点击")', "+1", "-1", "@SUM(A1)", "=1+1"]
)
def test_cell_when_it_looks_like_a_formula_then_it_is_given_back_as_text(written):
    page = load_workbook(io.BytesIO(given_back([row(number="", remarks=written)]))).active
    cell = page.cell(2, 2 + len(HEADINGS))
    assert (cell.value, cell.data_type, cell.number_format) == (written, "s", "@")


def test_rows_when_given_back_then_only_faulty_ones_with_reason_and_row_number():
    page = load_workbook(
        io.BytesIO(given_back([row(), row(number=""), row(holder_name="")]))
    ).active
    lines = [[cell.value for cell in line][:3] for line in page.iter_rows()]
    assert lines == [
        ["原因", "原行号", "行政相对人名称"],
        ["第 3 行：还没有填许可编号", "3", "泽州县金村镇样例便利店"],
        [
            "第 4 行：许可编号与第 2 行相同。每本证照只留一行；还没有填行政相对人名称",
            "4",
            None,
        ],
    ]


def test_rows_when_mended_and_uploaded_again_then_they_convert_and_go_back_clean():
    book = load_workbook(io.BytesIO(given_back([row(number="")])))
    page = book.active
    page.cell(2, 3 + HEADINGS.index("许可编号")).value = "JY11405250000019"
    page.cell(2, 3 + HEADINGS.index("有效期至")).value = "2029-02-30"
    buffer = io.BytesIO()
    book.save(buffer)
    (fate,) = judged(buffer.getvalue(), "有错的行.xlsx")
    assert fate.fault == "impossible_date"
    sheet = open_sheet(buffer.getvalue(), "有错的行.xlsx")
    again = open_sheet(faulty_rows_workbook(sheet, [fate]), "有错的行.xlsx")
    assert again.headings == ("原因", "原行号", *HEADINGS)


def test_characters_when_a_workbook_cannot_hold_them_then_they_are_left_out():
    page = load_workbook(io.BytesIO(given_back([row(number="", remarks="甲\x0b乙")]))).active
    assert page.cell(2, 2 + len(HEADINGS)).value == "甲乙"
