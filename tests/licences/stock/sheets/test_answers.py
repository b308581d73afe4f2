"""The three sample sheets: every row's fate is the one its answer file states."""

import json
from collections import Counter
from datetime import date

import pytest

from licences.stock.sheets.headings import guess_mapping
from licences.stock.sheets.judging import RowJudge
from licences.stock.sheets.reading import open_sheet
from licences.stock.sheets.returning import faulty_rows_workbook
from tests.licences.stock.sheets.making import SAMPLE, rules

SHEETS = {
    "food-licences-gb18030.csv": "food-licences-gb18030",
    "food-licences-utf8.csv": "food-licences-utf8",
    "food-licences.xlsx": "food-licences-xlsx",
}


def fates_and_answers(filename: str):
    answers = json.loads(
        (SAMPLE / "stock" / f"{SHEETS[filename]}.answers.json").read_text(encoding="utf-8")
    )
    sheet = open_sheet(SAMPLE / "stock" / filename, filename)
    mapping = guess_mapping(sheet.headings)
    on = date.fromisoformat(answers["today"])
    judge = RowJudge(rules(), answers["issuer"], on, mapping)
    return sheet, list(judge.judge_all(sheet.rows())), answers["rows"]


@pytest.mark.article("M.10")
@pytest.mark.parametrize("filename", SHEETS)
def test_sample_sheet_when_judged_then_every_row_has_its_answer(filename):
    _, fates, answers = fates_and_answers(filename)
    assert [(fate.row, fate.outcome, fate.fault) for fate in fates] == [
        (answer["row"], answer["outcome"], answer.get("fault")) for answer in answers
    ]


@pytest.mark.parametrize("filename", SHEETS)
def test_reasons_when_a_row_is_not_converted_then_they_name_it(filename):
    _, fates, _ = fates_and_answers(filename)
    for fate in fates:
        if fate.outcome == "convert":
            assert fate.reason == ""
            assert fate.values is not None
        else:
            assert fate.reason.startswith(f"第 {fate.row} 行：")
            assert fate.values is None


def test_large_sheet_when_judged_then_1080_rows_convert():
    _, fates, _ = fates_and_answers("food-licences-gb18030.csv")
    assert Counter(fate.outcome for fate in fates) == {
        "convert": 1080,
        "not_in_force": 765,
        "fault": 155,
    }


def test_xlsx_when_read_then_headings_are_found_under_the_merged_title():
    sheet, fates, _ = fates_and_answers("food-licences.xlsx")
    assert (sheet.heading_row, sheet.tab, sheet.left_out) == (2, "行政许可", ())
    assert fates[0].row == 3
    dated = next(fate for fate in fates if fate.row == 5)
    assert dated.values is not None


def test_values_when_a_row_converts_then_they_hold_no_representative_id():
    sheet, fates, _ = fates_and_answers("food-licences-gb18030.csv")
    column = sheet.headings.index("法定代表人证件号码")
    numbers = {number: cells[column] for number, cells in sheet.rows()}
    for fate in fates:
        assert str(numbers[fate.row]) not in repr(fate.values) + fate.reason


def test_values_of_the_first_sound_row_then_are_these():
    _, fates, _ = fates_and_answers("food-licences-gb18030.csv")
    assert fates[0].values == {
        "items": {
            "holder_name": "泽州县犁川镇犁白超便利店",
            "credit_code": "92140525MAFLCR635J",
            "legal_representative": "白超",
            "business_items": "热食类食品制售",
            "main_business": "食品销售经营者",
        },
        "number": "JY11405250000019",
        "document_name": "准予行政许可决定书",
        "document_number": "泽审批许字〔2024〕1号",
        "decided_on": date(2024, 6, 21),
        "valid_from": date(2024, 6, 21),
        "valid_until": date(2029, 6, 20),
        "holder_kind": "sole_trader",
        "holder_name": "泽州县犁川镇犁白超便利店",
        "holder_id_type": "001",
        "holder_id_number": "92140525MAFLCR635J",
    }


@pytest.mark.parametrize("filename", SHEETS)
def test_faulty_rows_when_given_back_and_uploaded_again_then_the_same_faults_stand(filename):
    sheet, fates, _ = fates_and_answers(filename)
    content = faulty_rows_workbook(sheet, fates)
    again = open_sheet(content, "有错的行.xlsx")
    mapping = guess_mapping(again.headings)
    assert again.headings[:2] == ("原因", "原行号")
    assert (mapping.unknown, mapping.duplicates, mapping.missing) == ((), (), ())
    rows = list(again.rows())
    faulty = [fate for fate in fates if fate.outcome == "fault"]
    assert [(cells[0], cells[1]) for _, cells in rows] == [
        (fate.reason, str(fate.row)) for fate in faulty
    ]
    judge = RowJudge(rules(), "1114052529141777X1", date(2026, 11, 24), mapping)
    faults = {fate.row: fate.fault for fate in judge.judge_all(rows)}
    for (number, _), fate in zip(rows, faulty, strict=True):
        # Without the row it repeated, a number is no longer a duplicate: the register decides.
        if fate.fault != "duplicate_number":
            assert faults[number] == fate.fault
