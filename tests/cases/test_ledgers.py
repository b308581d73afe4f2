"""Ledgers as departments keep them, through the command and the verbs that people use.

The answers of a folder stand in its answers.json; a case stands for its kind.
"""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from licences.catalogue.numbers import number_for
from licences.data_items import items_of
from licences.models import SheetMapping, StockBatch
from licences.stock import checking, converting
from licences.stock.fault_export import export_faults
from licences.stock.judged_rows import rules_for
from licences.stock.sheets.headings import guess_mapping
from licences.stock.sheets.reading import open_sheet
from tests.cases.conftest import published
from tests.licences.register.making import food

HERE = Path(__file__).parent
ON = date(2026, 11, 30)
FIELD = {
    name: stated
    for name, stated in json.loads((HERE / "field" / "answers.json").read_text()).items()
    if "rows" in stated or "rows_any" in stated
}
LEDGERS = json.loads((HERE / "ledgers" / "answers.json").read_text())
C1 = HERE / "ledgers" / "c1-ledger-as-kept.xlsx"


def imported(path, kind, on, *options):
    """The lines that `import_stock --json` prints of a file, and what it says beside them."""
    out, told = io.StringIO(), io.StringIO()
    call_command(
        "import_stock", str(path), f"--kind={kind}", f"--on={on}", "--json", *options,
        stdout=out, stderr=told,
    )  # fmt: skip
    return json.loads(out.getvalue()), told.getvalue()


def taken_in(cast, entry, path, on, *, takes_hidden=None):
    """A ledger that the bureau's clerk took in and had checked."""
    clerk = cast.actor("bureau.clerk")
    batch = checking.take_in(actor=clerk, entry=entry, file_name=path.name, data=path.read_bytes())
    return checking.check(actor=clerk, batch=batch, on=on, takes_hidden=takes_hidden)


@pytest.mark.article("M.10")
@pytest.mark.parametrize("name", FIELD)
def test_sheet_of_the_field_when_imported_then_each_row_has_its_right_answer(cast, name):
    stated = FIELD[name]
    published(stated["kind"], cast)
    lines, _ = imported(HERE / "field" / name, stated["kind"], stated["on"])
    outcomes = [line["outcome"] for line in lines]
    assert outcomes in stated.get("rows_any", [stated.get("rows")])


@pytest.mark.article("M.10")
@pytest.mark.parametrize("name", LEDGERS)
def test_ledger_when_imported_then_each_row_has_its_right_answer(cast, name):
    stated = LEDGERS[name]
    published(stated["kind"], cast)
    lines, told = imported(HERE / "ledgers" / name, stated["kind"], stated["on"])
    for outcome in ("convert", "not_in_force", "left_out"):
        rows = [line["row"] for line in lines if line["outcome"] == outcome]
        assert (outcome, rows) == (outcome, stated.get(outcome, []))
    faulty = {str(line["row"]): line["fault"] for line in lines if line["outcome"] == "fault"}
    assert faulty == {row: codes[0] for row, codes in stated.get("fault", {}).items()}
    assert all(f"第 {row} 行：" in told for row in stated.get("no_data", []))
    assert all(f"“{tab}”" in told for tab in stated.get("other_tabs", []))


@pytest.mark.article("P.2.2.1")
@pytest.mark.parametrize("name", LEDGERS)
def test_ledger_when_checked_then_every_fault_of_a_row_is_kept(cast, name):
    stated = LEDGERS[name]
    entry = published(stated["kind"], cast)
    batch = taken_in(cast, entry, HERE / "ledgers" / name, date.fromisoformat(stated["on"]))
    kept = batch.rows.filter(outcome="fault").values_list("row_number", "faults")
    assert {str(row): [fault["kind"] for fault in faults] for row, faults in kept} == (
        stated.get("fault", {})
    )
    assert batch.rows_left_out == len(stated.get("left_out", []))
    assert batch.mapping["no_data_rows"] == len(stated.get("no_data", []))


def test_hidden_rows_when_somebody_takes_them_in_then_they_are_judged(cast):
    entry = published("食品经营许可证", cast)
    path = HERE / "ledgers" / "c10-hidden-rows-cancelled.xlsx"
    lines, _ = imported(path, entry.name, "2026-11-30", "--with-hidden")
    assert [line["outcome"] for line in lines] == ["convert", "not_in_force", "convert"]
    batch = taken_in(cast, entry, path, ON, takes_hidden=True)
    assert (batch.rows_convert, batch.rows_not_in_force, batch.rows_left_out) == (2, 1, 0)


def test_other_tab_when_asked_for_then_it_is_a_permit_sheet_of_its_own(cast):
    entry = published("食品经营许可证", cast)
    lines, _ = imported(C1, entry.name, "2026-11-30", "--tab=2022年")
    assert [(line["row"], line["outcome"]) for line in lines] == [(2, "convert")]
    first = taken_in(cast, entry, C1, ON)
    clerk = cast.actor("bureau.clerk")
    second = checking.take_in(
        actor=clerk, entry=entry, file_name=C1.name, data=C1.read_bytes(), tab="2022年"
    )
    assert (first.tab, second.tab, StockBatch.objects.count()) == ("2023年", "2022年", 2)
    assert checking.check(actor=clerk, batch=second, on=ON).rows_total == 1


MENDED = {
    "有效期止": {"9": "2028-4-30", "13": "2028-4-30", "14": "2028-4-30"},
    "有效期起": {"13": "2023-5-1", "14": "2023-5-1"},
    "发证日期": {"13": "2023-5-1", "14": "2023-5-1"},
    "身份证号": {"10": "140525197001010065", "11": "140525197001010073"},
    "许可证编号": {"12": "JY21405250050087", "13": "JY21405250050095", "20": "JY21405250050167"},
    "经营者名称": {"18": "王十四"},
    "统一社会信用代码": {"19": "92140525MA9T001577"},
}


@pytest.mark.article("P.2.2.1")
def test_faults_when_all_are_mended_as_told_then_one_more_upload_leaves_none(cast):
    entry = published("食品经营许可证", cast)
    batch = taken_in(cast, entry, C1, ON)
    book = load_workbook(io.BytesIO(export_faults(actor=cast.actor("bureau.clerk"), batch=batch)))
    page = book.active
    columns = {cell.value: cell.column for cell in page[1]}
    rows = {page.cell(row, columns["原行号"]).value: row for row in range(2, page.max_row + 1)}
    for heading, cells in MENDED.items():
        for row, text in cells.items():
            cell = page.cell(rows[row], columns[heading])
            assert cell.comment is not None, (heading, row)
            assert cell.comment.text in page.cell(rows[row], 1).value
            cell.value = text
    noted = [cell for line in page.iter_rows(min_row=2) for cell in line if cell.comment]
    assert len(noted) == sum(map(len, MENDED.values())) + 1  # the future decision of row 24
    buffer = io.BytesIO()
    book.save(buffer)
    again = checking.take_in(
        actor=cast.actor("bureau.clerk"), entry=entry, file_name="改好.xlsx", data=buffer.getvalue()
    )
    again = checking.check(actor=cast.actor("bureau.clerk"), batch=again, on=ON)
    left = again.rows.filter(outcome="fault").values_list("fault", "reason")
    assert {fault for fault, _ in left} == {"future_decision"}


@pytest.mark.article("P.2.2.1")
def test_mapping_when_a_person_chose_it_then_the_next_ledger_of_the_form_has_it(cast):
    entry = published("食品经营许可证", cast)
    clerk = cast.actor("bureau.clerk")
    text = "字号,代码,证号,经营人,批准,起日,止日,电话\n{},92140525MA9T00018G,{},王一,2023.5.1,2023.5.1,2028.4.30,13800000001\n"
    first = checking.take_in(
        actor=clerk, entry=entry, file_name="一.csv",
        data=text.format("泽州县途测面馆一", "JY21405250050011").encode(), heading_row=1,
    )  # fmt: skip
    chosen = {
        "holder_name": 0, "credit_code": 1, "number": 2, "legal_representative": 3,
        "decided_on": 4, "valid_from": 5, "valid_until": 6, "phone": 7,
    }  # fmt: skip
    checking.map_columns(actor=clerk, batch=first, columns=chosen)
    second = checking.take_in(
        actor=clerk, entry=entry, file_name="二.csv",
        data=text.format("泽州县途测面馆二", "JY21405250050020").encode(), heading_row=1,
    )  # fmt: skip
    assert second.mapping["columns"] == chosen
    assert SheetMapping.objects.get().columns == chosen
    checked = checking.check(actor=clerk, batch=second, on=ON)
    assert (checked.rows_convert, checked.rows_fault) == (1, 0)
    other = published("公共场所卫生许可证", cast)
    third = checking.take_in(
        actor=clerk, entry=other, file_name="二.csv",
        data=text.format("泽州县途测面馆二", "12").encode(), heading_row=1,
    )  # fmt: skip
    assert third.mapping["columns"] != chosen


def test_headings_of_two_rows_when_mapped_then_the_term_has_its_two_columns(cast):
    entry = published("食品经营许可证", cast)
    sheet = open_sheet(C1, C1.name)
    assert (sheet.heading_row, sheet.tab, sheet.left_out) == (4, "2023年", ("2022年", "说明"))
    mapped = guess_mapping(sheet.headings, rules_for(entry).item_names)
    assert mapped.complaint() == ""
    assert {"valid_from", "valid_until", "phone", "representative_id_number"} <= set(mapped.columns)


@pytest.mark.article("M.9", "M.10")
@pytest.mark.parametrize("is_converted", [False, True], ids=["uploaded", "converted"])
def test_numbers_when_permits_are_issued_between_two_ledgers_then_they_keep_off_the_paper(
    cast, is_converted
):
    """The whole sequence of c9: c1 was uploaded, two new permits were issued, then c9 comes.

    Once c1 is converted the generator goes on behind its numbers, where the paper of ledgers that
    nobody has uploaded yet goes on too: the kind keeps that range for the paper.
    """
    entry = published("食品经营许可证", cast)
    if is_converted:
        entry.number_rule = {**entry.number_rule, "reserved": [[5000, 5999]]}
        entry.save(update_fields=["number_rule"])
    first = taken_in(cast, entry, C1, ON)
    if is_converted:
        clerk, signatory = cast.actor("bureau.clerk"), cast.actor("bureau.signatory")
        checking.submit(actor=clerk, batch=first)
        checking.sign_off(actor=signatory, batch=first)
        assert converting.convert_waiting() == first.rows_convert
    on_paper = {
        cell.value.strip()
        for row in load_workbook(C1).worksheets[0].iter_rows(min_row=5)
        if isinstance((cell := row[5]).value, str)
    }
    given = [
        number_for(
            entry, items=items_of(entry.items), captured={"main_business": "餐饮服务经营者"},
            typed="", year=2026,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert not on_paper & set(given)
    path = HERE / "ledgers" / "c9-paper-number-taken-by-generator.xlsx"
    for place, number in enumerate(given):
        licence = food(
            cast, "bureau", number=number, entry=entry, serial=700 + place, name=f"新办面馆{place}"
        )
        assert licence.number == number
    lines, _ = imported(path, entry.name, "2026-11-30")
    assert [(line["row"], line["outcome"]) for line in lines] == [
        (2, "convert"), (3, "convert"), (4, "convert"),
    ]  # fmt: skip
    second = taken_in(cast, entry, path, ON)
    assert (second.rows_convert, second.rows_fault) == (3, 0)


def workbook_of(change):
    """A sound row of a food ledger, changed: by heading its cell, and the sheet itself."""
    book = load_workbook(HERE / "ledgers" / "c9-paper-number-taken-by-generator.xlsx")
    change(book.active)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.article("M.10")
@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"])
def test_error_cell_when_its_column_holds_no_field_then_still_a_fault_at_its_cell(cast, error):
    entry = published("食品经营许可证", cast)

    def spoil(page):
        page.cell(1, 12).value = "内部核算"
        page.cell(2, 12).value = "1"
        page.cell(3, 12).value = error
        page.cell(3, 12).data_type = "e"

    clerk = cast.actor("bureau.clerk")
    batch = checking.take_in(
        actor=clerk, entry=entry, file_name="核算.xlsx", data=workbook_of(spoil)
    )
    batch = checking.check(actor=clerk, batch=batch, on=ON)
    (row,) = batch.rows.filter(outcome="fault")
    assert (row.row_number, row.fault) == (3, "error_cell")
    assert "L 列" in row.reason and error in row.reason
    book = load_workbook(io.BytesIO(export_faults(actor=clerk, batch=batch)))
    (noted,) = [cell for line in book.active.iter_rows(min_row=2) for cell in line if cell.comment]
    assert book.active.cell(1, noted.column).value == "内部核算"


@pytest.mark.article("M.10")
@pytest.mark.parametrize(
    ("text", "kind"), [("面" * 600, "too_long"), ("泽州县途测面馆\ue123", "unreadable_character")]
)
def test_text_when_too_long_or_unreadable_then_its_cell_is_named(cast, text, kind):
    entry = published("食品经营许可证", cast)
    clerk = cast.actor("bureau.clerk")
    data = workbook_of(lambda page: setattr(page.cell(3, 1), "value", text))
    batch = checking.take_in(actor=clerk, entry=entry, file_name="长.xlsx", data=data)
    batch = checking.check(actor=clerk, batch=batch, on=ON)
    (row,) = batch.rows.filter(outcome="fault")
    assert (row.row_number, row.fault) == (3, kind)
    assert row.reason.startswith("第 3 行：") and "（A 列）" in row.reason


@pytest.mark.article("M.10")
def test_columns_when_hidden_then_read_and_told(cast, tmp_path):
    entry = published("食品经营许可证", cast)

    def hide(page):
        page.column_dimensions["D"].hidden = True
        page.column_dimensions["F"].hidden = True

    data = workbook_of(hide)
    path = tmp_path / "隐藏列.xlsx"
    path.write_bytes(data)
    lines, told = imported(path, entry.name, "2026-11-30")
    assert [line["outcome"] for line in lines] == ["convert"] * 3
    for heading in ("“法定代表人证件号码”（D 列）", "“许可内容”（F 列）"):
        assert f"{heading}在表格里是隐藏的" in told
    batch = checking.take_in(
        actor=cast.actor("bureau.clerk"), entry=entry, file_name=path.name, data=data
    )
    page = cast.client("bureau.clerk").get(f"/stock/{batch.uuid}/columns/").content.decode()
    assert "有的列在表格里是隐藏的" in page and "（D 列）、" in page
