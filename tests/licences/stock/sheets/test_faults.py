"""Each fault lands on its row, in every encoding and in a workbook."""

import codecs
from datetime import date, datetime

import pytest

from licences.stock.selectors import FAULT_WORDS
from licences.stock.sheets.cells import RowFaultKind
from licences.stock.sheets.headings import FIELDS, guess_mapping
from licences.stock.sheets.judging import RowJudge
from tests.licences.stock.sheets.making import (
    HEADINGS,
    ISSUER,
    TODAY,
    fate_of,
    judged,
    row,
    rules,
    text_of,
    workbook_of,
)

FAULTS = {
    "missing_number": {"number": "　"},
    "bad_licence_number": {"number": "JY11405250000018"},
    "missing_holder_name": {"holder_name": "\u00a0"},
    "no_holder_identity": {"credit_code": ""},
    "bad_credit_code": {"credit_code": "91140525MA0000023B"},
    "bad_citizen_id": {"representative_id_number": "140525199001011236"},
    "impossible_date": {"valid_until": "2029-02-30"},
    "unreadable_date": {"valid_until": "二〇二九年"},
    "missing_date": {"valid_from": ""},
    "reversed_dates": {"valid_until": "2024/6/20"},
    "future_decision": {"decided_on": "2026/11/25", "valid_from": "2026/11/25"},
    "unlimited_validity": {"valid_until": "长期"},
    "too_long": {"holder_name": "长" * 121},
    "unreadable_character": {"holder_name": "样例\ue123店"},
    "unknown_licence_kind": {"licence_kind": "食品经营许可正"},
    "other_department": {"issuing_department_code": "1114052507049996XN"},
    "unknown_status": {"status": "待定"},
}
ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with a mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "gb18030": lambda text: text.encode("gb18030"),
    "utf-16 little with a mark": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16 big with a mark": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "utf-16 little": lambda text: text.encode("utf-16-le"),
    "utf-16 big": lambda text: text.encode("utf-16-be"),
}
# What a citizen can read aloud, and nothing that gives a check character away.
REASONS = {
    "missing_number": "还没有填许可编号",
    "bad_licence_number": "许可编号的校验码对不上。请对照纸质证照重新填写",
    "missing_holder_name": "还没有填行政相对人名称",
    "no_holder_identity": "还没有填统一社会信用代码。请对照营业执照填写",
    "bad_credit_code": "统一社会信用代码：校验码对不上。请对照原件，从头到尾再核一遍",
    "bad_citizen_id": "法定代表人证件号码：校验码对不上。请对照原件，从头到尾再核一遍",
    "impossible_date": "有效期至的日期不存在，2029年没有2月30日。请对照纸质证照改正",
    "unreadable_date": "有效期至“二〇二九年”读不出是哪一天。写成 2026-11-24 或 2026年11月24日",
    "missing_date": "还没有填有效期自",
    "reversed_dates": "有效期至（2024年6月20日）早于有效期自（2024年6月21日）。请对照纸质证照改正",
    "future_decision": "许可决定日期（2026年11月25日）还没有到。请对照决定文书改正",
    "unlimited_validity": "有效期至写成了长期，食品经营许可证的有效期是 5 年。请对照纸质证照改正",
    "too_long": "持证主体名称（A 列）有 121 个字，最多 120 个字。请对照纸质证照改短",
    "unreadable_character": "持证主体名称（A 列）里第 3 个字（U+E123）显示不出来。请用规范的字重新输入",
    "unknown_licence_kind": "许可证书名称“食品经营许可正”不是“食品经营许可证”。"
    "改正名称，或另选证照种类再传",
    "other_department": "许可机关统一社会信用代码（1114052507049996XN）不是"
    "泽州县行政审批服务管理局的。请改正",
    "unknown_status": "当前状态“待定”看不懂。有效填 1，无效填 2",
}


def faulty_rows():
    return [row(**changes) for changes in FAULTS.values()]


def expected():
    """The first row of a number stands whatever became of it, so those after it repeat it."""
    fates, first = [], None
    for line, (code, changes) in enumerate(FAULTS.items(), start=2):
        if "number" not in changes:
            first = first or line
            earlier = code in {"unknown_licence_kind", "other_department"}
            fates.append((line, code if line == first or earlier else "duplicate_number"))
        else:
            fates.append((line, code))
    return fates


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_fault_when_the_text_is_in_any_encoding_then_it_lands_on_its_row(fault, encoding):
    content = ENCODINGS[encoding](text_of([row(number="JY11405250000027"), row(**FAULTS[fault])]))
    fates = judged(content, "清单.csv")
    assert [(fate.row, fate.outcome, fate.fault) for fate in fates] == [
        (2, "convert", None),
        (3, "fault", fault),
    ]


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_when_in_a_workbook_then_it_lands_on_its_row(fault):
    content = workbook_of([row(number="JY11405250000027"), row(**FAULTS[fault])])
    assert [(fate.row, fate.fault) for fate in judged(content, "清单.xlsx")] == [
        (2, None),
        (3, fault),
    ]


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_when_told_then_row_item_and_remedy_are_named(fault):
    assert fate_of(**FAULTS[fault]).reason == f"第 2 行：{REASONS[fault]}"


def test_numbers_when_repeated_then_the_first_stands_whatever_became_of_it():
    content = text_of(faulty_rows()).encode()
    assert [(fate.row, fate.fault) for fate in judged(content, "清单.csv")] == expected()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_delimiter_when_usual_then_it_is_recognised(delimiter, encoding):
    content = text_of([row()], delimiter).encode(encoding)
    assert [fate.outcome for fate in judged(content, "清单.txt")] == ["convert"]


def test_big5_when_headings_are_traditional_then_it_is_read():
    headings = "行政相對人名稱,統一社會信用代碼,許可編號,許可決定日期,有效期自,有效期至"
    line = "澤州縣樣例商店,91140525MA0000023A,JY11405250000019,2024-06-21,2024-06-21,2029-06-20"
    (fate,) = judged(f"{headings}\r\n{line}\r\n".encode("big5"), "清單.csv")
    assert fate.values is not None
    assert fate.values["holder_name"] == "澤州縣樣例商店"


@pytest.mark.parametrize(
    "written",
    [
        "ＪＹ１１４０５２５０００００１９",
        "jy1 1405250000019",
        " JY11405250000019\u3000",
        "JY1140525\u00a00000019",
    ],
)
def test_number_when_full_width_spaced_or_lower_case_then_it_is_sound(written):
    fate = fate_of(number=written)
    assert fate.values is not None
    assert fate.values["number"] == "JY11405250000019"


@pytest.mark.parametrize(
    "written",
    ["９１１４０５２５ＭＡ０００００２３Ａ", "91140525ma0000023a", "9114 0525 MA00 0002 3A"],
)
def test_credit_code_when_full_width_spaced_or_lower_case_then_it_is_sound(written):
    fate = fate_of(credit_code=written)
    assert fate.values is not None
    assert fate.values["items"]["credit_code"] == "91140525MA0000023A"


@pytest.mark.parametrize(
    "written", ["JY1140525000019", "JY01405250000012", "JC11405250000019", "19"]
)
def test_number_when_of_another_shape_then_it_is_bad(written):
    assert fate_of(number=written).fault == "bad_licence_number"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"valid_until": "2026-11-23"}, "第 2 行：有效期到2026年11月23日，已经届满，不转换"),
        ({"status": "2"}, "第 2 行：当前状态是“2”，已经无效，不转换"),
        ({"valid_from": "2026-11-25"}, "第 2 行：有效期从2026年11月25日开始，还没有到，不转换"),
    ],
)
def test_permit_when_not_in_force_on_the_day_then_it_is_not_converted(changes, reason):
    fate = fate_of(**changes)
    assert (fate.outcome, fate.fault, fate.reason) == ("not_in_force", None, reason)


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_until": TODAY},
        {"valid_from": datetime(2026, 11, 24), "valid_until": "2027/1/1"},
        {"status": 1},
    ],
)
def test_permit_when_in_force_on_its_first_or_last_day_then_it_is_converted(changes):
    assert fate_of(**changes).outcome == "convert"


@pytest.mark.parametrize("value", [9.11405250000023e17, 911405250000000200, "9.11405E+17"])
def test_code_when_the_spreadsheet_kept_it_as_a_number_then_the_loss_is_told(value):
    fate = fate_of(credit_code=value)
    assert fate.fault == "bad_credit_code"
    assert fate.reason == (
        "第 2 行：统一社会信用代码被表格存成了数字，后几位已经丢了。把这一列设为文本，对照原件重新填写"
    )


def test_person_when_the_kind_is_for_anyone_then_the_citizen_id_identifies():
    fate = fate_of(
        rules("林木采伐许可证"),
        licence_kind="林木采伐许可证",
        holder_category="自然人",
        credit_code="",
        holder_id_type="身份证",
        holder_id_number="140525198506150025",
        number="泽林采字〔2026〕12号",
        valid_from="2026-01-01",
        valid_until="2026-12-31",
    )
    assert fate.values is not None
    assert (fate.values["holder_kind"], fate.values["holder_id_type"]) == ("natural_person", "111")
    assert fate.values["holder_id_number"] == "140525198506150025"
    assert "citizen_id" not in fate.values["items"]


def test_kind_when_without_end_then_long_term_and_2099_say_so():
    kind = rules("出版物经营许可证")
    for written in ("长期", "2099/12/31", date(2099, 12, 31)):
        fate = fate_of(kind, licence_kind=kind.name, number="晋泽出字1号", valid_until=written)
        assert fate.values is not None
        assert fate.values["valid_until"] is None


def test_register_when_it_holds_a_number_then_the_row_is_a_fault_and_is_asked_in_chunks():
    numbers = ["JY11405250000019", "JY11405250000027"]
    asked = []

    def already_registered(chunk):
        asked.append(list(chunk))
        return {numbers[1]} & set(chunk)

    judge = RowJudge(rules(), ISSUER, TODAY, guess_mapping(HEADINGS))
    rows = [(2, row(number=numbers[0])), (3, row(number="")), (4, row(number=numbers[1]))]
    fates = list(judge.judge_all(rows, already_registered, chunk=2))
    assert asked == [[numbers[0]], [numbers[1]]]
    assert [fate.fault for fate in fates] == [None, "missing_number", "already_registered"]
    assert fates[2].reason == "第 4 行：这个许可编号已经有电子证照，不再转换。要改内容请办变更"
    assert fates[2].values is None


def test_own_columns_when_named_like_items_then_they_fill_them():
    kind = rules()
    headings = [*HEADINGS, "经营场所", "主体业态"]
    judge = RowJudge(kind, ISSUER, TODAY, guess_mapping(headings, kind.item_names))
    sound = judge.judge(2, [*row(), "金村镇样例路1号", "食品销售经营者"])
    assert sound.values is not None
    assert sound.values["items"]["premises"] == "金村镇样例路1号"
    other = judge.judge(3, [*row(number="JY11405250000027"), "", "单位食堂"])
    assert other.fault == "bad_licence_number"
    unknown = judge.judge(4, [*row(number="JY11405250000035"), "", "夜市"])
    assert unknown.fault == "bad_choice"


def test_row_when_shorter_than_the_headings_then_missing_cells_are_empty():
    judge = RowJudge(rules(), ISSUER, TODAY, guess_mapping(HEADINGS))
    short = row()[: list(FIELDS).index("valid_until")]
    fate = judge.judge(2, short)
    assert fate.reason == (
        "第 2 行：还没有填许可机关。是泽州县行政审批服务管理局发的请填上；还没有填有效期至"
    )
    assert [fault.field for fault in fate.faults] == ["issuing_department", "valid_until"]


def test_department_when_another_is_named_then_it_is_sent_there():
    fate = fate_of(issuing_department="泽州县水务局", issuing_department_code="")
    assert fate.reason == (
        "第 2 行：许可机关（泽州县水务局）不是泽州县行政审批服务管理局。"
        "填错了请改正；是别的单位发的，由那个单位上传"
    )


def test_number_when_its_first_digit_names_no_business_then_it_is_bad():
    fate = fate_of(number="JY91405250000059")
    assert fate.fault == "bad_licence_number"
    assert "主体业态" in fate.reason


def test_number_when_same_as_the_credit_code_then_it_may_be_left_out_but_not_differ():
    kind = rules("营业执照")
    left_out = fate_of(kind, licence_kind=kind.name, number="")
    assert left_out.values is not None
    assert left_out.values["number"] == "91140525MA0000023A"
    assert left_out.values["items"]["business_scope"] == "热食类食品制售"
    other = fate_of(kind, licence_kind=kind.name, number="11140525MB00000196")
    assert other.reason == "第 2 行：许可编号应与统一社会信用代码相同。请对照纸质证照改正"


@pytest.mark.parametrize(
    ("kind", "written", "stored"),
    [
        ("取水许可证", "取水(晋泽)字[2024]第000012号", "取水（晋泽）字〔2024〕第000012号"),
        (
            "不动产权证书",
            "晋(2024)泽州县不动产权第0000007号",
            "晋（2024）泽州县不动产权第0000007号",
        ),
        ("结婚证", "j140525-2024-000003", "J140525-2024-000003"),
    ],
)
def test_number_when_generated_by_a_pattern_then_it_is_stored_as_the_pattern_prints(
    kind, written, stored
):
    fate = fate_of(
        rules(kind),
        licence_kind=kind,
        number=written,
        valid_until="2027-06-20",
        credit_code="" if kind == "结婚证" else "91140525MA0000023A",
        holder_id_number="140525198506150025",
    )
    assert fate.values is not None
    assert fate.values["number"] == stored


def test_number_when_not_like_the_pattern_then_the_shape_is_shown():
    kind = rules("取水许可证")
    fate = fate_of(kind, licence_kind=kind.name, number="晋泽取水12号")
    assert fate.reason == (
        "第 2 行：许可编号的写法不对，应像“取水（晋泽）字〔××××〕第××××××号”。"
        "请对照纸质证照重新填写"
    )


@pytest.mark.parametrize("column", ["licence_kind", "issuing_department"])
def test_cell_when_left_empty_where_the_sheet_has_the_column_then_it_is_a_fault(column):
    fate = fate_of(**{column: "", "issuing_department_code": ""})
    expected = {
        "licence_kind": ("unknown_licence_kind", "第 2 行：还没有填许可证书名称"),
        "issuing_department": (
            "other_department",
            "第 2 行：还没有填许可机关。是泽州县行政审批服务管理局发的请填上",
        ),
    }
    assert (fate.fault, fate.reason) == expected[column]


def test_holder_when_neither_code_nor_id_is_given_then_it_has_no_identity():
    kind = rules("林木采伐许可证")
    fate = fate_of(kind, licence_kind=kind.name, credit_code="", valid_until="2025-06-20")
    assert fate.reason == "第 2 行：统一社会信用代码和证件号码都没有填，要有一个"
    wrong = fate_of(
        kind, licence_kind=kind.name, credit_code="", holder_id_number="14052519850615002X"
    )
    assert wrong.fault == "bad_citizen_id"


def test_mapping_when_it_lacks_a_required_field_then_no_judge_is_made():
    with pytest.raises(ValueError, match="还没有对上这些列"):
        RowJudge(rules(), ISSUER, TODAY, guess_mapping(["许可编号"]))


@pytest.mark.parametrize("encoding", ["utf-32", "hz"])
def test_encoding_when_unusual_then_the_headings_still_decide(encoding):
    content = text_of([row()]).encode(encoding)
    assert [fate.outcome for fate in judged(content, "清单.csv")] == ["convert"]


def test_fault_when_of_any_kind_then_it_has_words_for_the_summary() -> None:
    assert FAULT_WORDS.keys() == {kind.value for kind in RowFaultKind}


@pytest.mark.parametrize(
    ("changed", "fault", "field"),
    [
        ({"number": ""}, "missing_number", "number"),
        ({"holder_name": ""}, "missing_holder_name", "holder_name"),
        ({"valid_from": "昨天"}, "unreadable_date", "valid_from"),
        ({"valid_until": "2028-02-30"}, "impossible_date", "valid_until"),
        ({"decided_on": ""}, "missing_date", "decided_on"),
        ({"status": "不知道"}, "unknown_status", "status"),
    ],
)
def test_fault_when_found_then_it_names_the_column(
    changed: dict[str, str], fault: str, field: str
) -> None:
    fate = fate_of(**changed)
    assert (fate.fault, fate.field) == (fault, field)
