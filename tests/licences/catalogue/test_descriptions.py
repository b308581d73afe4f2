"""A catalogue entry in words anybody reads."""

import pytest

from licences.catalogue.pages.descriptions import number_example, number_words, requirement
from licences.data_items import DataItem

BUSINESS = DataItem("main_business", "主体业态", "choice", choices=("食品销售经营者", "单位食堂"))


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (DataItem("a", "住所", "text", max_length=200), "文字，最多 200 字"),
        (DataItem("b", "经营范围", "long_text", max_length=4000), "文字，可多行，最多 4,000 字"),
        (DataItem("c", "电话", "text", default="12315"), "文字，默认 12315"),
        (DataItem("d", "代码", "credit_code"), "18 位，末位为校验码"),
        (BUSINESS, "二选一：食品销售经营者、单位食堂"),
    ],
)
def test_requirement_of_a_data_item(item: DataItem, words: str) -> None:
    assert requirement(item) == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"rule": "typed"}, "由制发单位编号"),
        ({"rule": "same_as", "item": "main_business"}, "与“主体业态”相同"),
        (
            {
                "rule": "generated",
                "pattern": "JY{main_business:1}140525{sequence:06}{check:mod11_10}",
            },
            "JY ＋ 主体业态（1 食品销售经营者，2 单位食堂） ＋ 140525 ＋ 6 位顺序号 ＋ 1 位校验码",
        ),
        (
            {"rule": "generated", "pattern": "取水〔{year}〕第{sequence:06}号"},
            "取水〔 ＋ 年份 ＋ 〕第 ＋ 6 位顺序号 ＋ 号",
        ),
    ],
)
def test_number_rule_part_by_part(rule: dict[str, str], words: str) -> None:
    assert number_words(rule, [BUSINESS]) == words


@pytest.mark.article("M.6")
@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"rule": "typed"}, "由制发单位编号"),
        ({"rule": "same_as", "item": "main_business"}, "就是主体业态，例如 食品销售经营者"),
        ({"rule": "same_as", "item": "gone"}, "由制发单位编号"),
        (
            {"rule": "generated", "pattern": "泽食证字〔{year}〕第{sequence:04}号"},
            "例如 泽食证字〔2026〕第0001号",
        ),
        (
            {"rule": "generated", "pattern": "甲{sequence:04}", "first": 7, "reserved": [[7, 9]]},
            "例如 甲0010",
        ),
        (
            {
                "rule": "generated",
                "pattern": "JY{main_business:1}140525{sequence:06}{check:mod11_10}",
            },
            "例如 JY11405250000019",
        ),
        ({"rule": "generated", "pattern": "{gone:1}{sequence:04}"}, "由制发单位编号"),
    ],
)
def test_number_rule_as_an_example(rule: dict[str, str], words: str) -> None:
    assert number_example(rule, [BUSINESS], 2026) == words
