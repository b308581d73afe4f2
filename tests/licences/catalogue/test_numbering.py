"""Licence numbers by their rules (M.6)."""

import pytest

from licences.catalogue.numbering import make, rule_of, sequence_in, uses_year
from licences.data_items import DataItem

FOOD = {"rule": "generated", "pattern": "JY{main_business:1}140525{sequence:06}{check:mod11_10}"}
WATER = {"rule": "generated", "pattern": "取水（晋泽）字〔{year}〕第{sequence:06}号"}
BUSINESS = DataItem(
    "main_business", "主体业态", "choice", choices=("食品销售经营者", "餐饮服务经营者", "单位食堂")
)


@pytest.mark.parametrize(
    ("sequence", "business", "number"),
    [
        (1, "食品销售经营者", "JY11405250000019"),
        (2, "食品销售经营者", "JY11405250000027"),
        (1, "餐饮服务经营者", "JY21405250000014"),
        (2, "单位食堂", "JY31405250000028"),
    ],
)
def test_food_numbers_are_those_of_the_public_vectors(
    sequence: int, business: str, number: str
) -> None:
    made = make(
        FOOD, year=2026, sequence=sequence, items=[BUSINESS], values={"main_business": business}
    )
    assert made == number
    assert sequence_in(FOOD, number) == sequence


def test_a_yearly_number_carries_its_year() -> None:
    assert uses_year(WATER)
    assert not uses_year(FOOD)
    made = make(WATER, year=2026, sequence=31, items=[], values={})
    assert made == "取水（晋泽）字〔2026〕第000031号"
    assert sequence_in(WATER, made) == 31


def test_a_number_of_another_shape_has_no_sequence() -> None:
    assert sequence_in(FOOD, "JY1140525") is None
    assert sequence_in({"rule": "typed"}, "JY11405250000019") is None
    assert rule_of({}) == "typed"
