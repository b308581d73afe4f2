"""What a catalogue entry asks for, in words anybody reads."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from licences.catalogue.examples import example_number
from licences.data_items import DataItem

_NUMERALS = "零一二三四五六七八九十"
_PLACE = re.compile(r"\{([a-z0-9_]+)(?::([a-z0-9_]+))?\}")
_BY_KIND = {
    "credit_code": "18 位，末位为校验码",
    "citizen_id": "18 位，末位为校验码",
    "identity_number": "证件类型和号码，护照、港澳台通行证、永久居留身份证都可以",
    "date": "日期，年-月-日",
    "datetime": "日期和时间，到分",
    "number": "数字",
    "image": "照片，JPG 或 PNG",
}


def requirement(item: DataItem) -> str:
    """How a data item is filled: 文字，最多 120 字 · 三选一：…"""
    words = _BY_KIND.get(item.kind, "")
    if item.kind == "choice":
        count = len(item.choices)
        number = _NUMERALS[count] if count < len(_NUMERALS) else str(count)
        words = f"{number}选一：{'、'.join(item.choices)}"
    if not words:
        words = "文字，可多行" if item.kind == "long_text" else "文字"
        if item.max_length:
            words += f"，最多 {item.max_length:,} 字"
    return f"{words}，默认 {item.default}" if item.default else words


def number_example(rule: Mapping[str, Any], items: Sequence[DataItem], year: int) -> str:
    """How the licence number looks, as an example: 例如 泽食证字〔2026〕第0001号."""
    example = example_number(rule, items, year)
    if rule.get("rule") == "same_as":
        item = next((one.name for one in items if one.key == rule.get("item")), "")
        return f"就是{item}，例如 {example}" if item and example else "由制发单位编号"
    return f"例如 {example}" if example else "由制发单位编号"


def number_words(rule: Mapping[str, Any], items: Sequence[DataItem]) -> str:
    """How the licence number comes about, part by part."""
    names = {item.key: item for item in items}
    match rule.get("rule", "typed"):
        case "same_as":
            return f"与“{names[rule['item']].name}”相同"
        case "generated":
            return " ＋ ".join(_parts(str(rule["pattern"]), names))
        case _:
            return "由制发单位编号"


def _parts(pattern: str, names: Mapping[str, DataItem]) -> list[str]:
    found: list[str] = []
    place = 0
    for match in _PLACE.finditer(pattern):
        found += [pattern[place : match.start()], _part(match[1], match[2] or "", names)]
        place = match.end()
    return [part for part in (*found, pattern[place:]) if part]


def _part(name: str, form: str, names: Mapping[str, DataItem]) -> str:
    if name == "year":
        return "年份"
    if name == "sequence":
        return f"{int(form or 1)} 位顺序号"
    if name == "check":
        return "1 位校验码"
    item = names[name]
    places = "，".join(f"{place} {word}" for place, word in enumerate(item.choices, 1))
    return f"{item.name}（{places}）" if places else item.name
