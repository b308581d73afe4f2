"""A term in one cell, in many spellings; words that say ended; rows that are no permits."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licences.stock.sheets.cells import Row
from licences.stock.sheets.ended import name_says_ended, says_ended
from licences.stock.sheets.headings import ALL_FIELDS, FIELDS, guess_mapping
from licences.stock.sheets.judging import RowJudge
from licences.stock.sheets.no_data import why_no_data
from licences.stock.sheets.terms import WrittenTerm, read_term
from licences.validity import months_on
from tests.kernel.test_dates import chinese
from tests.licences.stock.sheets.making import HEADINGS, ISSUER, TODAY, fate_of, row, rules

DAYS = st.dates(date(1990, 1, 1), date(2080, 12, 31))
BETWEEN = ("-", "－", "—", "——", "~", "～", "至", " 至 ", "到", "起至", " - ", " ", "\n", "–")
WRITTEN = (
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: day.isoformat(),
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}。{day.month}。{day.day}",
    lambda day: f"{day:%Y%m%d}",
    chinese,
)
AROUND = (("", ""), ("自", "止"), ("有效期：", ""), ("自", ""), ("", "止"), (" ", " "))


@given(DAYS, DAYS, st.sampled_from(BETWEEN), st.sampled_from(WRITTEN), st.sampled_from(AROUND))
def test_term_when_both_days_stand_in_one_cell_then_both_are_read(first, last, mark, write, around):
    text = around[0] + write(first) + mark + write(last) + around[1]
    assert read_term(text) == WrittenTerm(first, last)


@pytest.mark.parametrize(
    ("text", "months"),
    [("四年", 48), ("4年", 48), ("五年", 60), ("两年", 24), ("叁年", 36), ("36个月", 36),
     ("十年", 120), ("有效期四年", 48), ("自发证之日起五年", 60), ("发证之日起5年", 60),
     ("有效期为3年", 36), ("１８个月", 18)],
)  # fmt: skip
def test_term_when_a_length_in_words_then_it_is_so_many_months(text, months):
    assert read_term(text) == WrittenTerm(months=months)
    assert read_term(f"2023.5.1起{text}") in (WrittenTerm(date(2023, 5, 1), months=months), None)


@given(DAYS, st.sampled_from(["长期", "长期有效", "2099-12-31", "9999-12-31"]))
def test_term_when_it_has_no_end_then_it_is_for_good(first, words):
    assert read_term(f"{first}至{words}") == WrittenTerm(first, is_long_term=True)


@pytest.mark.parametrize(
    "text",
    ["", "23.5.1-27.4.30", "2023.5-2027.4", "2023.5.1-4.30", "2023-05-01至", "明年", "零年", "见证",
     "5/1/2023-4/30/2027", "2023年5月1日至五", "2023-05-01-2024-05-01-2025-05-01"],
)  # fmt: skip
def test_term_when_it_cannot_be_read_in_one_way_then_there_is_none(text):
    found = read_term(text)
    assert found is None or (found.first is None and found.last is not None)


@given(st.text(alphabet="0123456789.-年月日至起止自长期四 /~", max_size=30))
def test_anything_like_a_term_when_read_then_a_term_or_none(text):
    term = read_term(text)
    assert term is None or term.is_long_term or term.months or term.last


def with_term(kind, term, **changes):
    headings = [name for name in HEADINGS if name not in ("有效期自", "有效期至")]
    cells = dict(zip(HEADINGS, row(licence_kind=kind.name, **changes), strict=True))
    judge = RowJudge(kind, ISSUER, TODAY, guess_mapping([*headings, "有效期限"]))
    return judge.judge(2, [*(cells[name] for name in headings), term])


def test_term_when_in_one_column_then_the_kind_judges_it_as_two():
    kind = rules()
    for written in ("2024.6.21-2029.6.20", "五年", "自2024年6月21日至2029年6月20日止"):
        fate = with_term(kind, written)
        assert fate.values is not None
        days = (fate.values["valid_from"], fate.values["valid_until"])
        assert days == (date(2024, 6, 21), date(2029, 6, 20))
    for written, fault in (
        ("2024.6.21-2029.6.21", "term_does_not_fit"),
        ("六年", "term_does_not_fit"),
        ("长期", "unlimited_validity"),
        ("24.6.21-29.6.20", "unreadable_date"),
        ("2029.6.20", "unreadable_date"),
        ("2024.6.20-2029.6.19", "begins_too_early"),
        ("", "missing_date"),
    ):
        assert (written, with_term(kind, written).fault) == (written, fault)


@given(st.dates(date(2022, 1, 1), date(2026, 11, 24)), st.integers(-40, 40))
def test_term_when_longer_than_the_kinds_by_any_day_then_it_is_a_fault(first, days):
    usual = months_on(first, 60)
    last = date.fromordinal(usual.toordinal() + days)
    fate = fate_of(decided_on=first, valid_from=first, valid_until=last)
    assert (fate.fault == "term_does_not_fit") is (days > 0)


@pytest.mark.parametrize("shift", [-30, -1, 1, 30])
def test_term_when_counted_from_the_decision_but_begun_otherwise_then_it_is_a_fault(shift):
    decided = date(2024, 6, 21)
    first = date.fromordinal(decided.toordinal() + shift)
    fate = fate_of(decided_on=decided, valid_from=first, valid_until=months_on(decided, 60))
    assert fate.fault == ("begins_too_early" if shift < 0 else "term_does_not_fit")


def test_cells_when_both_name_the_term_then_they_must_agree():
    whole = "2024.6.21-2029.6.20"
    assert fate_of(valid_from=whole, valid_until="").outcome == "convert"
    assert fate_of(valid_from=whole, valid_until="2029-06-20").outcome == "convert"
    assert fate_of(valid_from="2024-06-21", valid_until=whole).outcome == "convert"
    assert fate_of(valid_from="2024-06-21", valid_until="五年").outcome == "convert"
    assert fate_of(valid_from=whole, valid_until="2028-06-20").fault == "contradicting_dates"
    assert fate_of(valid_from="2024-06-22", valid_until=whole).fault == "contradicting_dates"


ENDED = ("注销", "吊销", "撤销", "作废", "废止", "撤回", "缴销")


@pytest.mark.parametrize(
    ("before", "word", "behind"),
    list(
        itertools.product(
            ("", "已", "已被", "2024年3月", "2024.3.1", "企业自行", "依申请"),
            ENDED,
            ("", "。", "了"),
        )
    ),
)
def test_remark_when_it_says_ended_then_the_licence_is_not_converted(before, word, behind):
    text = before + word + behind
    assert says_ended(text) == "ended"
    fate = fate_of(remarks=text, status="")
    assert (fate.outcome, text in fate.reason) == ("not_in_force", True)


@pytest.mark.parametrize(
    "text",
    ["原证注销后换发", "注销原证，重新办理", "已变更", "已换证", "2023年变更法人，旧证作废", "拟注销",
     "申请注销未批"],
)  # fmt: skip
def test_remark_when_an_end_is_mentioned_then_it_is_asked_and_the_status_answers(text):
    assert fate_of(remarks=text, status="").fault == "perhaps_ended"
    assert fate_of(remarks=text, status="1").outcome == "convert"
    assert fate_of(remarks=text, status="2").outcome == "not_in_force"


@pytest.mark.parametrize(
    "text", ["", "未注销", "尚未吊销", "无吊销记录", "变更地址", "2028年到期", "新办", "补办"]
)
def test_remark_when_nothing_ended_then_the_row_converts(text):
    assert fate_of(remarks=text, status="").outcome == "convert"


def test_remark_when_it_contradicts_the_status_then_it_is_asked():
    assert fate_of(remarks="已注销", status="1").fault == "perhaps_ended"
    assert fate_of(status="已注销").outcome == "not_in_force"
    assert fate_of(status="吊销许可证").outcome == "not_in_force"


@pytest.mark.parametrize(
    ("name", "said"),
    [("某店（已注销）", "ended"), ("某店(吊销)", "ended"), ("某店（已变更）", "unclear"),
     ("某店【作废】", "ended"), ("某店已注销", "ended"), ("某商行（个人独资）", ""), ("注销代理有限公司", "")],
)  # fmt: skip
def test_name_when_an_end_is_written_into_it_then_it_is_seen(name, said):
    assert name_says_ended(name) == said


def line(**cells):
    columns = {key: place for place, key in enumerate(ALL_FIELDS)}
    return Row([cells.get(key) for key in ALL_FIELDS], columns)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({}, "没有内容"),
        ({"holder_name": "合计", "number": "20"}, "合计"),
        ({"holder_name": "合 计", "content": "20户"}, "合计"),
        ({"holder_name": "共计：20家"}, "合计"),
        ({"holder_name": "制表人：王丽娟", "credit_code": "审核人：张敏"}, "落款"),
        ({"holder_name": "填报日期：2023年12月31日"}, "落款"),
        ({"holder_name": "单位负责人（签字）：", "number": "填表人："}, "落款"),
        ({"holder_name": "注：本表由各所填报"}, "说明"),
        ({"holder_name": "以下空白"}, "说明"),
        (dict(zip(ALL_FIELDS, ALL_FIELDS.values(), strict=True)), "又一行列名"),
    ],
)
def test_row_when_it_is_no_permit_then_it_is_seen_for_what_it_is(cells, words):
    assert why_no_data(line(**cells)) == words


@pytest.mark.parametrize(
    "cells",
    [
        {"holder_name": "合计网络科技有限公司", "number": "JY11405250000019"},
        {"holder_name": "合计", "credit_code": "91140525MA0000023A"},
        {"holder_name": "合计", "decided_on": "2024-06-21"},
        {"holder_name": "某店", "remarks": "备注：暂存"},
        {"holder_name": "某店"},
        {"number": "JY11405250000019"},
    ],
)
def test_row_when_it_may_be_a_permit_then_it_is_judged(cells):
    assert why_no_data(line(**cells)) == ""


ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("field", FIELDS)
def test_error_value_when_in_any_column_then_it_is_a_fault_of_that_cell(field, error):
    fate = fate_of(**{field: error})
    assert (fate.outcome, fate.fault) == ("fault", "error_cell")
    assert [fault.field for fault in fate.faults if fault.kind == "error_cell"] == [field]
    assert error in fate.reason


LOST = [key for key in FIELDS if key not in ("decided_on", "valid_from", "valid_until")]


@pytest.mark.parametrize("value", [1.405251970010101e17, 140525197001010100, "1.40525E+17"])
@pytest.mark.parametrize("field", LOST)
def test_number_when_too_long_for_a_spreadsheet_then_the_loss_is_told_in_any_column(field, value):
    changes = {field: value}
    if field == "holder_id_number":
        changes |= {"credit_code": "", "licence_kind": "林木采伐许可证", "number": "1"}
        fate = fate_of(rules("林木采伐许可证"), **changes)
    else:
        fate = fate_of(**changes)
    assert fate.outcome == "fault"
    assert any(fault.field == field and "后几位已经丢了" in fault.sentence for fault in fate.faults)
