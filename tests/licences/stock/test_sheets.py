"""A sheet from upload to sign-off: fates, refusals, two hands, neighbours, giving up."""

import io

import pytest
from openpyxl import load_workbook

from audit.trail.models import Record
from audit.trail.recording import REFUSALS
from licences.models import Licence, StockBatch, StockRow
from licences.stock import checking, converting
from licences.stock.fault_export import export_faults
from tests.factories.parties import PostingFactory
from tests.licences.stock.conftest import LARGE, ON, SMALL, answers, checked, content
from zezhou_portal.kernel import files
from zezhou_portal.parties.models import Role
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

SHEETS = [
    (LARGE, "food-licences-gb18030"),
    (SMALL, "food-licences-utf8"),
    ("food-licences.xlsx", "food-licences-xlsx"),
]


@pytest.mark.article("M.10")
@pytest.mark.parametrize(("name", "stem"), SHEETS)
def test_sheet_when_checked_then_every_row_keeps_its_answer(cast, entry, name, stem):
    batch = checked(cast, entry, name)
    found = batch.rows.order_by("row_number").values_list("row_number", "outcome", "fault")
    wanted = [(one["row"], one["outcome"], one.get("fault", "")) for one in answers(stem)]
    assert list(found) == wanted
    assert batch.rows_total == len(wanted)
    assert batch.rows_convert == sum(outcome == "convert" for _, outcome, _ in wanted)
    assert batch.state == "CHECKED"
    assert batch.judged_on == ON


@pytest.mark.article("M.10")
def test_sheet_when_uploaded_twice_then_the_second_is_refused_and_nothing_changes(cast, entry):
    batch = checked(cast, entry)
    with pytest.raises(RuleBroken, match=r"这个文件 .*已上传过") as refusal:
        checked(cast, entry, "换个名字.csv", content(SMALL))
    assert "file" in refusal.value.fields
    assert StockBatch.objects.get().pk == batch.pk


def test_sheet_when_a_heading_stands_twice_then_a_person_chooses_before_the_check(cast, entry):
    clerk = cast.actor("bureau.clerk")
    text = content(SMALL).decode("utf-8-sig")
    lines = [f"{line},{line.split(',')[0]}" for line in text.splitlines()]
    batch = checking.take_in(
        actor=clerk, entry=entry, file_name="两列.csv", data="\n".join(lines).encode()
    )
    with pytest.raises(RuleBroken, match="“行政相对人名称”出现了不止一列"):
        checking.check(actor=clerk, batch=batch, on=ON)
    batch = checking.map_columns(actor=clerk, batch=batch, columns=batch.mapping["columns"])
    assert checking.check(actor=clerk, batch=batch, on=ON).rows_total == 200


def test_sheet_when_a_column_is_missing_then_the_check_names_it(cast, entry):
    clerk = cast.actor("bureau.clerk")
    batch = checking.take_in(actor=clerk, entry=entry, file_name=SMALL, data=content(SMALL))
    columns = {key: at for key, at in batch.mapping["columns"].items() if key != "number"}
    batch = checking.map_columns(actor=clerk, batch=batch, columns=columns)
    with pytest.raises(RuleBroken, match="还没有对上这些列：许可编号"):
        checking.check(actor=clerk, batch=batch, on=ON)
    with pytest.raises(RuleBroken, match="同一列不能对应两项"):
        checking.map_columns(actor=clerk, batch=batch, columns={"number": 0, "holder_name": 0})


def test_sheet_when_checked_then_faulty_rows_keep_only_what_they_are_looked_up_by(cast, entry):
    batch = checked(cast, entry, LARGE)
    row = batch.rows.get(row_number=11)
    assert (row.fault, row.label) == ("bad_credit_code", "泽州县下村镇下钱涛燕面馆")
    assert set(row.values) == {"number", "valid_from", "valid_until"}
    nameless = batch.rows.filter(fault="missing_holder_name").first()
    assert nameless.label == ""
    assert not batch.rows.exclude(outcome="convert").filter(values__has_key="items").exists()


@pytest.mark.article("M.7")
def test_sheet_when_its_own_submitter_signs_off_then_it_is_refused(cast, entry):
    batch = checked(cast, entry)
    clerk, signatory = cast.actor("bureau.clerk"), cast.actor("bureau.signatory")
    checking.submit(actor=clerk, batch=batch)
    with pytest.raises(NotPermitted, match="签批许可清单"):
        checking.sign_off(actor=clerk, batch=batch)
    both = PostingFactory(account=cast.account("bureau.clerk"), department=cast.bureau,
                          role=Role.SIGNATORY.value)  # fmt: skip
    assert both.role == "signatory"
    with pytest.raises(RuleBroken, match="要由没有经手的人签批"):
        checking.sign_off(actor=cast.actor("bureau.clerk"), batch=batch)
    batch.refresh_from_db()
    assert (batch.state, batch.signed_off_at) == ("SUBMITTED", None)
    assert checking.sign_off(actor=signatory, batch=batch).state == "SIGNED_OFF"


@pytest.mark.article("M.7")
@pytest.mark.article("S.12")
@pytest.mark.parametrize("step", ["take_in", "map_columns", "check", "submit"])
def test_sheet_when_somebody_had_a_hand_in_it_then_that_person_may_not_sign_it_off(
    cast, entry, step
):
    PostingFactory(
        account=cast.account("bureau.signatory"), department=cast.bureau, role="capture_clerk"
    )
    both = cast.actor("bureau.signatory")
    hands = dict.fromkeys(("take_in", "map_columns", "check", "submit"), cast.actor("bureau.clerk"))
    hands[step] = both
    batch = checking.take_in(
        actor=hands["take_in"], entry=entry, file_name=SMALL, data=content(SMALL)
    )
    columns = batch.mapping["columns"]
    checking.map_columns(actor=hands["map_columns"], batch=batch, columns=columns)
    checking.check(actor=hands["check"], batch=batch, on=ON)
    # whatever comes after by another hand does not wash the first one off
    checking.map_columns(actor=cast.actor("bureau.clerk"), batch=batch, columns=columns)
    checking.check(actor=cast.actor("bureau.clerk"), batch=batch, on=ON)
    checking.submit(actor=hands["submit"], batch=batch)
    with pytest.raises(RuleBroken, match="要由没有经手的人签批"):
        checking.sign_off(actor=both, batch=batch)
    batch.refresh_from_db()
    assert (batch.state, batch.signed_off_by_id) == ("SUBMITTED", None)


@pytest.mark.article("M.25")
def test_sheet_when_a_neighbour_acts_then_each_verb_refuses(cast, entry):
    batch = checked(cast, entry)
    clerk, signatory = cast.actor("market.clerk"), cast.actor("market.signatory")
    for verb in (checking.check, checking.submit, checking.drop, export_faults):
        with pytest.raises(NotPermitted, match="这一件属于其他单位"):
            verb(actor=clerk, batch=batch)
    with pytest.raises(NotPermitted, match="这一件属于其他单位"):
        checking.take_in(actor=clerk, entry=entry, file_name="a.csv", data=content(SMALL))
    for verb in (
        checking.sign_off,
        checking.send_back,
        checking.stop_conversion,
        checking.resume_conversion,
    ):
        extra = {checking.send_back: {"remarks": "退"}}
        with pytest.raises(NotPermitted, match="这一件属于其他单位"):
            verb(actor=signatory, batch=batch, **extra.get(verb, {}))
    assert StockBatch.objects.get().state == "CHECKED"
    assert Record.objects.using(REFUSALS).filter(outcome="refused").count() == 9


def test_sheet_when_sent_back_then_the_remarks_stand_and_it_may_be_handed_in_again(cast, entry):
    batch = checked(cast, entry)
    clerk, signatory = cast.actor("bureau.clerk"), cast.actor("bureau.signatory")
    checking.submit(actor=clerk, batch=batch)
    with pytest.raises(RuleBroken, match="还没有写退回意见"):
        checking.send_back(actor=signatory, batch=batch, remarks="  ")
    batch = checking.send_back(actor=signatory, batch=batch, remarks="第 3 行请再核对")
    assert (batch.state, batch.remarks) == ("CHECKED", "第 3 行请再核对")
    assert checking.submit(actor=clerk, batch=batch).state == "SUBMITTED"


@pytest.mark.article("M.26")
def test_sheet_when_given_up_then_rows_and_file_are_erased(cast, entry):
    batch = checked(cast, entry)
    assert files.path_of(batch.file_digest).exists()
    batch = checking.drop(actor=cast.actor("bureau.clerk"), batch=batch)
    assert batch.state == "DROPPED"
    assert not StockRow.objects.exists()
    assert not files.path_of(batch.file_digest).exists()
    assert checked(cast, entry).state == "CHECKED"  # the same file may be taken in again


def test_faulty_rows_when_mended_and_uploaded_again_then_only_those_are_converted(cast, entry):
    batch = checked(cast, entry, LARGE)
    clerk = cast.actor("bureau.clerk")
    data = export_faults(actor=clerk, batch=batch)
    record = Record.objects.get(action="list_exported")
    assert record.facts["rows"] == batch.rows_fault
    book = load_workbook(io.BytesIO(data))
    page = book.active
    assert page.max_row == batch.rows_fault + 1
    headings = [cell.value for cell in page[1]]
    at = {name: place + 1 for place, name in enumerate(headings)}
    mended, repeated = set(), set()
    for line in range(2, page.max_row + 1):
        if "许可证书名称" in page.cell(line, 1).value:
            page.cell(line, at["许可证书名称"]).value = "食品经营许可证"
            mended.add(line)
        if "行相同" in page.cell(line, 1).value:
            repeated.add(line)
    out = io.BytesIO()
    book.save(out)
    checking.submit(actor=clerk, batch=batch)
    checking.sign_off(actor=cast.actor("bureau.signatory"), batch=batch)
    assert converting.convert_waiting() == batch.rows_convert
    again = checked(cast, entry, "改好的.xlsx", out.getvalue())
    assert again.rows_total == batch.rows_fault
    sound = set(again.rows.filter(outcome="convert").values_list("row_number", flat=True))
    assert sound & mended
    # A number that the file held twice may stand alone here, if its first row was not converted.
    assert sound <= mended | repeated
    checking.submit(actor=clerk, batch=again)
    checking.sign_off(actor=cast.actor("bureau.signatory"), batch=again)
    assert converting.convert_waiting() == again.rows_convert
    assert Licence.objects.count() == batch.rows_convert + again.rows_convert


def test_faulty_rows_when_there_are_none_then_the_export_is_refused(cast, entry):
    text = content(SMALL).decode("utf-8-sig").splitlines()
    batch = checked(cast, entry, "两行.csv", "\n".join(text[:2]).encode())
    if batch.rows_fault:
        raise AssertionError("the first row of the sample sheet is sound")
    with pytest.raises(RuleBroken, match="没有有误的行"):
        export_faults(actor=cast.actor("bureau.clerk"), batch=batch)
