"""Headings: recognised, mapped by hand, reported when twice or missing."""

import pytest

from licences.stock.sheets.headings import (
    FIELDS,
    Mapping,
    find_heading_row,
    guess_mapping,
    map_by_hand,
)
from tests.licences.stock.sheets.making import HEADINGS, rules


def test_headings_of_the_notice_when_mapped_then_each_has_its_field():
    assert guess_mapping(HEADINGS) == Mapping({key: index for index, key in enumerate(FIELDS)})


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("*行政相对人名称", "holder_name"),
        ("行政相对人代码_1 (统一社会信用代码)", "credit_code"),
        ("许可证编号（必填）", "number"),
        ("有 效 期\n至", "valid_until"),
        ("法定代表人（负责人）", "legal_representative"),
        ("發證日期", "decided_on"),
        ("发证机关：", "issuing_department"),
    ],
)
def test_heading_when_written_otherwise_then_it_is_recognised(heading, field):
    assert guess_mapping([heading]).columns == {field: 0}


def test_headings_when_one_is_there_twice_then_it_is_reported_and_the_first_counts():
    mapping = guess_mapping([*HEADINGS, "许可证号"])
    assert mapping.columns["number"] == HEADINGS.index("许可编号")
    assert mapping.duplicates == ("许可证号",)
    assert mapping.complaint() == "“许可证号”出现了不止一列。只留一列，或指明用哪一列"


def test_headings_when_required_ones_lack_then_they_are_named():
    mapping = guess_mapping(["企业名称", "经营面积", "许可证号"])
    assert mapping.unknown == ("经营面积",)
    assert mapping.missing == ("许可决定日期", "有效期自", "有效期至", "统一社会信用代码或证件号码")
    assert mapping.complaint() == (
        "还没有对上这些列：许可决定日期、有效期自、有效期至、统一社会信用代码或证件号码。请逐个指明"
    )


def test_headings_when_named_like_an_item_then_they_map_to_it():
    assert guess_mapping(["经营场所"], rules().item_names).columns == {"item:premises": 0}


def test_columns_when_mapped_by_hand_then_the_mapping_stands():
    chosen = {"holder_name": 4, "number": 0, "decided_on": 1, "valid_from": 2, "valid_until": 3}
    assert map_by_hand(chosen, 5).missing == ("统一社会信用代码或证件号码",)
    assert map_by_hand({**chosen, "credit_code": 5}, 6).complaint() == ""


@pytest.mark.parametrize(
    "chosen", [{"colour": 0}, {"number": 5}, {"number": -1}, {"number": 1, "remarks": 1}]
)
def test_columns_when_mapped_to_nothing_then_it_is_an_error(chosen):
    with pytest.raises(ValueError, match=r"no such|used for two"):
        map_by_hand(chosen, 5)


def test_heading_row_when_titles_stand_above_then_it_is_found():
    assert find_heading_row([["许可信息公示表"], [], HEADINGS, ["某店"]]) == 2
    assert find_heading_row([["许可信息公示表"], ["某店", "许可编号"]]) is None
