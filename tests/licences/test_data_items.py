"""Values against their data items: what is kept, and the sentence for what is not (M.6, M.7)."""

from typing import Any

import pytest

from licences.data_items import DataItem, ItemFault, clean, items_of, missing, read_date
from zezhou_portal.regulation.errors import Fault, FaultKind


def item(kind: str, **more: object) -> DataItem:
    return DataItem(key="k", name="名称", kind=kind, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  泽州县金村镇  ", "泽州县金村镇"),
        ("long_text", "一\r\n二", "一\n二"),
        ("date", "2028-11-03", "2028-11-03"),
        ("date", "2028年11月3日", "2028-11-03"),
        ("date", "2028/11/3", "2028-11-03"),
        ("date", "20281103", "2028-11-03"),
        ("datetime", "2026-11-24 09:30", "2026-11-24T09:30"),
        ("datetime", "2026年11月24日 9时5分", "2026-11-24T09:05"),
        ("number", "１２.５", "12.5"),
        ("number", "1,286.53", "1286.53"),
        ("credit_code", "９２１４０５２５ＭＡＷＸ７ＹＹ８８Ｅ", "92140525MAWX7YY88E"),
        ("credit_code", "92140525mawx7yy88e", "92140525MAWX7YY88E"),
        ("citizen_id", "11010519491231002x", "11010519491231002X"),
        ("identity_number", "身份证 11010519491231002x", "11010519491231002X"),
        ("identity_number", "护照：e12345678", "普通护照 E12345678"),
        ("identity_number", "军官证 军字第1234567号", "军官证 军字第1234567号"),
    ],
)
def test_a_sound_value_is_kept_in_one_spelling(kind: str, typed: str, kept: str) -> None:
    assert clean(item(kind), typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("text", "上\n下", "名称只能写一行。请去掉换行"),
        ("text", "a\x00b", "里面有看不见的控制字符。请重新输入，不要从别处粘贴"),
        ("date", "2023-02-30", "日期不存在，2023年没有2月30日"),
        ("date", "明天", "看不出是哪一天。请写成 2026-11-24 或 2026年11月24日"),
        ("datetime", "2026-11-24", "要写到几点几分，例如 2026-11-24 09:30"),
        ("datetime", "2026-11-24 25:00", "没有 25 点 0 分。小时写 0 到 23，分钟写 0 到 59"),
        ("number", "十二", "只能填数字，可以有小数点，例如 12.5"),
        ("number", "NaN", "只能填数字，可以有小数点，例如 12.5"),
        ("number", "-1", "不能小于零"),
        ("credit_code", "92140525MAWX7YY88", "统一社会信用代码应为 18 位，现在是 17 位"),
        ("credit_code", "92140525MAWX7YY881", "校验码对不上。请对照原件，从头到尾再核一遍"),
        ("citizen_id", "11010519491331002X", "号码里的出生日期不存在。请对照证件再核一遍"),
        ("datetime", "2026-11-24 23:60", "没有 23 点 60 分。小时写 0 到 23，分钟写 0 到 59"),
        ("long_text", "a\tb", "里面有看不见的控制字符。请重新输入，不要从别处粘贴"),
        ("citizen_id", "1101051949123100", "公民身份号码应为 18 位，现在是 16 位"),
        ("citizen_id", "11010519491231002A", "公民身份号码前 17 位是数字，最后一位是数字或 X"),
        ("citizen_id", "110105194912310021", "校验码对不上。请对照原件，从头到尾再核一遍"),
        ("identity_number", "110105194912310021", "校验码对不上。请对照原件，从头到尾再核一遍"),
        ("identity_number", "公民身份号码 11", "公民身份号码应为 18 位，现在是 2 位"),
        ("identity_number", "E12345678", "还没有选证件类型。也可以写成“护照 E12345678”"),
        ("identity_number", "回乡证", "选了港澳居民来往内地通行证，还没有填号码"),
        (
            "identity_number",
            "回乡证 12345678",
            "港澳居民来往内地通行证号码以 H 或 M 开头，后面 8 位或 10 位数字",
        ),
        (
            "identity_number",
            "统一社会信用代码 92140525MAWX7YY88E",
            "这一项写的是人，不用统一社会信用代码",
        ),
        (
            "credit_code",
            "92140525MAWX7YY8OE",
            "统一社会信用代码里不会有“O”。只用数字和除 I、O、S、V、Z 以外的大写字母",
        ),
        ("image", "x", "照片没有传上来。请重新选择文件"),
    ],
)
def test_a_faulty_value_gets_a_sentence_to_act_on(kind: str, typed: str, sentence: str) -> None:
    with pytest.raises(ItemFault) as fault:
        clean(item(kind), typed)
    assert str(fault.value) == sentence


def test_a_private_use_character_is_named_with_its_code_point() -> None:
    with pytest.raises(ItemFault, match=r"U\+E000"):
        clean(item("text"), "王\ue000")


def test_length_choices_and_patterns_are_held() -> None:
    with pytest.raises(ItemFault, match="最多 3 个字，现在是 4 个"):
        clean(item("text", max_length=3), "一二三四")
    with pytest.raises(ItemFault, match="只能选：男、女"):
        clean(item("choice", choices=("男", "女")), "其他")
    unit = item("text", pattern="^[0-9A-Z]{28}$")
    with pytest.raises(ItemFault, match="28 位数字或大写字母"):
        clean(unit, "123")
    assert clean(unit, "1" * 28) == "1" * 28
    with pytest.raises(ItemFault, match="名称的写法不对。请对照原件核一遍"):
        clean(item("text", pattern="[0-9]+"), "甲")
    assert clean(item("image"), "0a" * 32) == "0a" * 32
    assert clean(item("text", pattern="[0-9]+", max_length=1), "  ") == ""


def test_a_check_digit_is_never_told() -> None:
    with pytest.raises(ItemFault) as fault:
        clean(item("credit_code"), "92140525MAWX7YY88F")
    assert "E" not in str(fault.value)


def test_what_is_missing_is_asked_for_by_the_kind_of_control() -> None:
    for kind, sentence in (
        ("text", "还没有填名称"),
        ("choice", "还没有选名称"),
        ("image", "还没有上传名称"),
    ):
        assert missing(item(kind)) == Fault(item(kind).key, FaultKind.MISSING, sentence)


@pytest.mark.parametrize(
    ("kind", "typed", "bounds", "expected"),
    [
        ("text", "一二三四", {"max_length": 3}, FaultKind.TOO_LONG),
        ("text", "王\ue000", {}, FaultKind.UNREADABLE),
        ("text", "甲", {"pattern": "[0-9]+"}, FaultKind.MALFORMED),
        ("choice", "其他", {"choices": ("男", "女")}, FaultKind.UNKNOWN_CODE),
        ("number", "-1", {}, FaultKind.OUT_OF_RANGE),
        ("datetime", "2026-11-24 25:00", {}, FaultKind.OUT_OF_RANGE),
        ("date", "昨天", {}, FaultKind.MALFORMED),
        ("citizen_id", "1", {}, FaultKind.MALFORMED),
    ],
)
def test_a_faulty_value_says_in_what_way_it_is_wrong(
    kind: str, typed: str, bounds: dict[str, Any], expected: FaultKind
) -> None:
    with pytest.raises(ItemFault) as fault:
        clean(item(kind, **bounds), typed)
    assert fault.value.at("here") == Fault("here", expected, str(fault.value))


def test_items_are_read_from_the_catalogue_with_their_bounds() -> None:
    (one,) = items_of([{"key": "a", "name": "甲", "kind": "citizen_id", "required": False}])
    assert (one.required, one.is_sensitive, one.choices) == (False, True, ())


def test_a_leap_day_is_a_day_in_a_leap_year_only() -> None:
    assert read_date("2024-02-29").isoformat() == "2024-02-29"
    with pytest.raises(ItemFault, match="2023年没有2月29日"):
        read_date("2023-02-29")
