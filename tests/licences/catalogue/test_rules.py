"""What a catalogue entry may say: each fault of an item and of a number rule, as a sentence (M.6)."""

import pytest

from licences.catalogue.rules import (
    entry_fault,
    item_faults,
    number_rule_fault,
    pattern_fault,
    roles_fault,
    type_code_fault,
)
from licences.data_items import DataItem


def item(**changes: object) -> DataItem:
    """A sound one-line item, changed."""
    return DataItem(**{"key": "holder_name", "name": "名称", "kind": "text", **changes})  # type: ignore[arg-type]


BUSINESS = item(key="main_business", kind="choice", choices=("销售", "餐饮"))
PHOTO = item(key="photo", kind="image")
NOT_PAIRED = "花括号没有配对"
NO_SEQUENCE = "编号里要有顺序号，例如 {sequence:06} 是 6 位顺序号"


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("11100000MB0143028R001", ""),
        ("11100000MB0143028R01", "现在是 20 位，请核对"),
        ("11100000mb0143028r001", "现在是 21 位，请核对"),
        ("11100000MB0143028R00A", "现在是 21 位，请核对"),
    ],
)
def test_type_code_when_of_another_shape_then_its_length_is_told(code: str, fault: str) -> None:
    head = "证照类型代码应为 21 位：定义机构的 18 位代码加 3 位顺序号。"
    assert type_code_fault(code) == (f"{head}{fault}" if fault else "")


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, {}),
        ({"name": "  "}, {"name": "还没有填名称"}),
        ({"key": "9a"}, {"key": "代号用小写英文字母开头，只能有字母、数字和下划线"}),
        ({"key": "a" * 41}, {"key": "代号用小写英文字母开头，只能有字母、数字和下划线"}),
        ({"kind": "colour", "max_length": 0}, {"kind": "请选类型"}),
        ({"max_length": 1}, {}),
        ({"max_length": 0}, {"max_length": "最多字数在 1 到 4000 之间"}),
        ({"max_length": 4000}, {}),
        ({"max_length": 4001}, {"max_length": "最多字数在 1 到 4000 之间"}),
        ({"kind": "choice", "choices": ("甲",)}, {"choices": "至少写两个选项，一行一个"}),
        ({"kind": "choice", "choices": ("甲", "甲")}, {"choices": "有选项写了两遍"}),
        ({"kind": "choice", "choices": ("甲", "乙")}, {}),
        ({"pattern": "["}, {"pattern": "写法规则读不懂。不会写就空着"}),
        ({"pattern": "[0-9]+"}, {}),
        ({"sensitivity": "secret"}, {"sensitivity": "请选敏感类别"}),
        ({"sensitivity": "personal_privacy"}, {}),
        ({"max_length": 2, "default": "甲乙"}, {}),
        (
            {"kind": "number", "default": "十"},
            {"default": "默认值不合这一项的要求：只能填数字，可以有小数点，例如 12.5"},
        ),
    ],
)
def test_item_when_a_field_is_wrong_then_the_sentence_stands_at_it(changes, faults) -> None:
    assert item_faults(item(**changes)) == faults


def test_item_when_something_else_is_wrong_then_the_default_is_not_judged() -> None:
    assert item_faults(item(pattern="[", default="甲")) == {
        "pattern": "写法规则读不懂。不会写就空着"
    }


def test_pattern_when_longer_than_two_hundred_then_refused() -> None:
    assert pattern_fault("a" * 200) == ""
    assert pattern_fault("a" * 201) == "写法规则最多 200 个字"


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({}, {}),
        ({"rule": "typed"}, {}),
        ({"rule": "same_as", "item": "main_business"}, {}),
        ({"rule": "same_as", "item": "photo"}, {"item": "请选编号取自哪一项"}),
        ({"rule": "same_as", "item": "nothing"}, {"item": "请选编号取自哪一项"}),
        ({"rule": "same_as"}, {"item": "请选编号取自哪一项"}),
        ({"rule": "drawn_by_lot"}, {"rule": "请选编号怎么来"}),
        ({"rule": "generated"}, {"pattern": NO_SEQUENCE}),
        ({"rule": "generated", "pattern": "晋{year}"}, {"pattern": NO_SEQUENCE}),
        ({"rule": "generated", "pattern": "{sequence:00}"}, {"pattern": NO_SEQUENCE}),
        ({"rule": "generated", "pattern": "{sequence}号"}, {}),
        ({"rule": "generated", "pattern": "{sequence}}"}, {"pattern": NOT_PAIRED}),
        (
            {
                "rule": "generated",
                "pattern": "JY{main_business:1}{year}{sequence:06}{check:mod11_10}",
            },
            {},
        ),
    ],
)
def test_number_rule_when_it_cannot_give_numbers_then_the_sentence_says_why(rule, fault) -> None:
    assert number_rule_fault(rule, [BUSINESS, PHOTO]) == fault


@pytest.mark.parametrize("place", ["month", "photo:1", "main_business:2", "check:mod97"])
def test_number_rule_when_a_place_is_unknown_then_it_is_named(place: str) -> None:
    rule = {"rule": "generated", "pattern": f"{{sequence}}{{{place}}}"}
    assert number_rule_fault(rule, [BUSINESS, PHOTO]) == {
        "pattern": f"看不懂 {{{place}}}。可以用 {{year}} 年份、{{sequence:06}} 顺序号、"
        "{check:mod11_10} 校验码，或 {选项的代号:1}"
    }


def test_entry_when_several_things_are_wrong_then_the_first_is_told() -> None:
    typed = {"rule": "typed"}
    assert entry_fault([BUSINESS, PHOTO], typed) == ""
    assert entry_fault([BUSINESS, item(max_length=0)], {"rule": "x"}) == (
        "数据项“名称”：最多字数在 1 到 4000 之间。"
    )
    assert entry_fault([item(name="")], typed) == "数据项“holder_name”：还没有填名称。"
    assert entry_fault([BUSINESS], {"rule": "x"}) == "编号规则：请选编号怎么来。"


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"role": "holder_name", "holder": 2}, {}),
        ({"role": "owner"}, {"role": "请选和持证人的关系"}),
        ({"role": "holder_name", "holder": 7}, {"holder": "最多写到第 6 位持证人"}),
        ({"role": "none", "holder": 1}, {"holder": "先选和持证人的关系，再选第几位"}),
        (
            {"role": "holder_number", "kind": "date"},
            {
                "role": "这种关系的数据项，类型只能是：一行文字、统一社会信用代码、公民身份号码、身份证件号码（带类型）"
            },
        ),
        (
            {"role": "representative", "kind": "long_text"},
            {"role": "这种关系的数据项，类型只能是：一行文字"},
        ),
    ],
)
@pytest.mark.article("M.7")
def test_item_when_it_names_a_holder_then_its_kind_can_hold_that(
    changes: dict[str, object], faults: dict[str, str]
) -> None:
    assert item_faults(item(key="item_1", **changes)) == faults


@pytest.mark.article("M.7")
def test_entry_when_the_columns_of_holders_have_a_gap_or_a_twin_then_said() -> None:
    first = item(key="a", role="holder_name", holder=1)
    second = item(key="b", role="holder_name", holder=2)
    third = item(key="c", role="holder_name", holder=3)
    assert roles_fault([first, second], several_holders=True) == ""
    assert roles_fault([item()], several_holders=False) == ""
    for items, several, sentence in (
        ([first, third], True, "写到了第 3 位持证人，却没有第 2 位的数据项。"),
        ([first, second], False, "有第 2 位持证人的数据项，要先选“可以由几人共同持有”。"),
        (
            [first, item(key="d", role="holder_name", holder=1)],
            False,
            "第 1 位持证人有两个数据项写的是同一件事。",
        ),
    ):
        assert roles_fault(items, several_holders=several) == sentence
