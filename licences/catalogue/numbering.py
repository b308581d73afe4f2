"""How a licence number comes about: typed, the same as an item, or made by a pattern (M.6)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from licences.data_items import DataItem
from zezhou_portal.regulation.identifiers import mod11_10

_PLACE = re.compile(r"\{([a-z0-9_]+)(?::([a-z0-9_]+))?\}")


def rule_of(number_rule: Mapping[str, Any]) -> str:
    """`typed`, `same_as` or `generated`."""
    return str(number_rule.get("rule", "typed"))


def uses_year(number_rule: Mapping[str, Any]) -> bool:
    """Whether the sequence starts anew each year."""
    return "{year}" in str(number_rule.get("pattern", ""))


def first_of(number_rule: Mapping[str, Any]) -> int:
    """The first sequence number that the portal gives out for a kind."""
    return int(number_rule.get("first") or 1)


def reserved_in(number_rule: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Ranges of sequence numbers that stand on paper already, first and last, in order."""
    return sorted((int(low), int(high)) for low, high in number_rule.get("reserved", ()))


def behind_reserved(number_rule: Mapping[str, Any], sequence: int) -> int:
    """A sequence number, or the next one behind the reserved range it lies in."""
    for low, high in reserved_in(number_rule):
        if low <= sequence <= high:
            sequence = high + 1
    return sequence


def read_ranges(text: str) -> list[list[int]]:
    """Ranges as people write them: 100-199、300. Raises ValueError with the sentence."""
    found = []
    for part in re.split(r"[、，,;；\s]+", unicodedata.normalize("NFKC", text).strip()):
        if not part:
            continue
        match = re.fullmatch(r"(\d{1,9})(?:[-~—–至到](\d{1,9}))?", part)
        if match is None:
            raise ValueError(f"看不懂“{part}”。写成 100-199，或者一个号，用顿号隔开")
        low, high = int(match[1]), int(match[2] or match[1])
        if low > high:
            raise ValueError(f"“{part}”前面的号比后面的大")
        found.append([low, high])
    return found


def ranges_in_words(ranges: Sequence[Sequence[int]]) -> str:
    """Ranges as a form shows them: 100-199、300."""
    return "、".join(
        str(low) if low == high else f"{low}-{high}" for low, high in map(tuple, ranges)
    )


def make(
    number_rule: Mapping[str, Any],
    *,
    year: int,
    sequence: int,
    items: Sequence[DataItem],
    values: Mapping[str, str],
) -> str:
    """The number that a pattern gives.

    `{year}`, `{sequence:06}`; `{item:1}` is the place of a choice in its list, from 1;
    `{check:mod11_10}` is the check digit over the digits before it (GB/T 17710).
    """
    made = ""
    place = 0
    pattern = str(number_rule["pattern"])
    for match in _PLACE.finditer(pattern):
        made += pattern[place : match.start()]
        made += _fill(match[1], match[2] or "", made, year, sequence, items, values)
        place = match.end()
    return made + pattern[place:]


def _fill(
    name: str,
    form: str,
    made: str,
    year: int,
    sequence: int,
    items: Sequence[DataItem],
    values: Mapping[str, str],
) -> str:
    if name == "year":
        return str(year)
    if name == "sequence":
        return f"{sequence:0{int(form or 1)}}"
    if name == "check":
        return mod11_10("".join(character for character in made if character.isdigit()))
    item = next(item for item in items if item.key == name)
    return str(item.choices.index(values[name]) + 1)


def sequence_in(number_rule: Mapping[str, Any], number: str) -> int | None:
    """The sequence that a number made elsewhere used, so that ours goes on behind it."""
    pattern = str(number_rule.get("pattern", ""))
    expression = ""
    place = 0
    for match in _PLACE.finditer(pattern):
        expression += re.escape(pattern[place : match.start()])
        if match[1] == "sequence":
            expression += rf"(?P<sequence>\d{{{int(match[2] or 1)}}})"
        elif match[1] == "year":
            expression += r"\d{4}"
        else:
            expression += r"\w"
        place = match.end()
    expression += re.escape(pattern[place:])
    found = re.fullmatch(expression, number) if pattern else None
    return int(found["sequence"]) if found else None
