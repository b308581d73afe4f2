"""How a number of a kind looks, as an example that anybody reads (M.6)."""

from collections.abc import Mapping, Sequence
from typing import Any

from licences.catalogue import numbering
from licences.catalogue.specimen_values import specimen_values
from licences.data_items import DataItem


def example_number(number_rule: Mapping[str, Any], items: Sequence[DataItem], year: int) -> str:
    """The first number of a kind in a year; empty where people number by hand.

    Of a rule that cannot be filled it is empty too: what is wrong with it is said elsewhere.
    """
    values = {key: str(value) for key, value in specimen_values(items).items()}
    rule = numbering.rule_of(number_rule)
    if rule == "same_as":
        return values.get(str(number_rule.get("item", "")), "")
    if rule != "generated":
        return ""
    first = numbering.behind_reserved(number_rule, numbering.first_of(number_rule))
    try:
        return numbering.make(number_rule, year=year, sequence=first, items=items, values=values)
    except (KeyError, StopIteration, ValueError):
        return ""
