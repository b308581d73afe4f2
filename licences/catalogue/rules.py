"""What a catalogue entry may say: its code, its data items, its number pattern (M.6)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from licences.catalogue.numbering import rule_of
from licences.data_items import DataItem, ItemFault, clean
from licences.roles import MOST_HOLDERS, PART_KINDS, Part, role_of
from zezhou_portal.regulation.identifiers import credit_code_fault

MOST_CHARACTERS = 4000
KIND_WORDS = {
    "text": "一行文字",
    "long_text": "多行文字",
    "choice": "从几项里选",
    "date": "日期",
    "datetime": "日期和时间",
    "number": "数字",
    "credit_code": "统一社会信用代码",
    "citizen_id": "公民身份号码",
    "identity_number": "身份证件号码（带类型）",
    "image": "照片",
}
SENSITIVITIES = {"trade_secret": "商业秘密", "personal_privacy": "个人隐私"}
OVERFLOWS = {"annex": "接到附页", "refuse": "请采集人精简"}
_TYPE_CODE = re.compile(r"[0-9A-Z]{18}\d{3}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PLACE = re.compile(r"\{([^{}]*)\}")
_SEQUENCE = re.compile(r"sequence(?::0?[1-9]\d?)?")
_CHOICE = re.compile(r"([a-z][a-z0-9_]*):1")


def type_code_fault(code: str) -> str:
    """What is wrong with a licence type code (GB/T 36904: the definer's code and three digits).

    `code` is half-width (`normalise_code`); the definer's part has a check character of its own.
    """
    if not _TYPE_CODE.fullmatch(code):
        return (
            "证照类型代码应为 21 位：定义机构的 18 位代码加 3 位顺序号。"
            f"现在是 {len(code)} 位，请核对"
        )
    if fault := credit_code_fault(code[:18]):
        return f"前 18 位是定义机构的代码，{fault.removeprefix('统一社会信用代码')}"
    return ""


def item_faults(item: DataItem) -> dict[str, str]:
    """What is wrong with one data item, a sentence a field; empty where it is sound."""
    faults: dict[str, str] = {}
    if not item.name.strip():
        faults["name"] = "还没有填名称"
    if not _KEY.fullmatch(item.key):
        faults["key"] = "代号用小写英文字母开头，只能有字母、数字和下划线"
    if item.kind not in KIND_WORDS:
        faults["kind"] = "请选类型"
        return faults
    if item.max_length is not None and not 1 <= item.max_length <= MOST_CHARACTERS:
        faults["max_length"] = f"最多字数在 1 到 {MOST_CHARACTERS} 之间"
    if item.kind == "choice":
        if len(item.choices) < 2:
            faults["choices"] = "至少写两个选项，一行一个"
        elif len(set(item.choices)) != len(item.choices):
            faults["choices"] = "有选项写了两遍"
    if item.pattern and (fault := pattern_fault(item.pattern)):
        faults["pattern"] = fault
    if item.sensitivity and item.sensitivity not in SENSITIVITIES:
        faults["sensitivity"] = "请选敏感类别"
    if item.overflow and item.overflow not in OVERFLOWS:
        faults["overflow"] = "请选写不下时怎么办"
    elif item.overflow == "annex" and item.kind not in {"text", "long_text"}:
        faults["overflow"] = "只有一行或多行文字能接到附页"
    faults |= _role_faults(item)
    if item.default and not faults:
        try:
            clean(item, item.default)
        except ItemFault as fault:
            faults["default"] = f"默认值不合这一项的要求：{fault}"
    return faults


def _role_faults(item: DataItem) -> dict[str, str]:
    """What is wrong with what an item says of a holder (M.7)."""
    if item.role and item.role not in set(Part):
        return {"role": "请选和持证人的关系"}
    role = role_of(item)
    if not 0 <= role.place <= MOST_HOLDERS:
        return {"holder": f"最多写到第 {MOST_HOLDERS} 位持证人"}
    if role.part is Part.NONE:
        return {"holder": "先选和持证人的关系，再选第几位"} if role.place else {}
    if item.role and item.kind not in PART_KINDS[role.part]:
        kinds = "、".join(KIND_WORDS[one] for one in KIND_WORDS if one in PART_KINDS[role.part])
        return {"role": f"这种关系的数据项，类型只能是：{kinds}"}
    return {}


def roles_fault(items: Sequence[DataItem], *, several_holders: bool) -> str:
    """What keeps the columns of several holders from making sense, or nothing (M.7)."""
    places = {role_of(item).place for item in items} - {0}
    if places and places != set(range(1, max(places) + 1)):
        absent = min(set(range(1, max(places))) - places)
        return f"写到了第 {max(places)} 位持证人，却没有第 {absent} 位的数据项。"
    if max(places, default=0) > 1 and not several_holders:
        return f"有第 {max(places)} 位持证人的数据项，要先选“可以由几人共同持有”。"
    said = [(role_of(item), item.kind) for item in items if role_of(item).place]
    twice = next((one for place, one in enumerate(said) if one in said[:place]), None)
    if twice is not None:
        return f"第 {twice[0].place} 位持证人有两个数据项写的是同一件事。"
    return ""


def pattern_fault(pattern: str) -> str:
    """What keeps a pattern from being matched, or nothing."""
    if len(pattern) > 200:
        return "写法规则最多 200 个字"
    try:
        re.compile(pattern)
    except re.error:
        return "写法规则读不懂。不会写就空着"
    return ""


def number_rule_fault(rule: Mapping[str, Any], items: Sequence[DataItem]) -> dict[str, str]:
    """What is wrong with the rule of numbers, by `item` and `pattern`; empty where it is sound."""
    match rule_of(rule):
        case "typed":
            return {}
        case "same_as":
            by_key = {item.key: item for item in items}
            found = by_key.get(str(rule.get("item", "")))
            if found is None or found.kind == "image":
                return {"item": "请选编号取自哪一项"}
            return {}
        case "generated":
            fault = _number_pattern_fault(str(rule.get("pattern", "")), items)
            return {"pattern": fault} if fault else {}
        case _:
            return {"rule": "请选编号怎么来"}


def _number_pattern_fault(pattern: str, items: Sequence[DataItem]) -> str:
    places = _PLACE.findall(pattern)
    if not any(_SEQUENCE.fullmatch(place) for place in places):
        return "编号里要有顺序号，例如 {sequence:06} 是 6 位顺序号"
    if _PLACE.sub("", pattern).strip("{}") != _PLACE.sub("", pattern):
        return "花括号没有配对"
    choices = {item.key for item in items if item.kind == "choice"}
    for place in places:
        if place in {"year", "check:mod11_10"} or _SEQUENCE.fullmatch(place):
            continue
        named = _CHOICE.fullmatch(place)
        if named is None or named[1] not in choices:
            return (
                f"看不懂 {{{place}}}。可以用 {{year}} 年份、{{sequence:06}} 顺序号、"
                "{check:mod11_10} 校验码，或 {选项的代号:1}"
            )
    return ""


def entry_fault(items: Sequence[DataItem], number_rule: Mapping[str, Any]) -> str:
    """The first thing that is wrong with the items or the number rule, as one sentence."""
    for item in items:
        for sentence in item_faults(item).values():
            return f"数据项“{item.name or item.key}”：{sentence}。"
    for sentence in number_rule_fault(number_rule, items).values():
        return f"编号规则：{sentence}。"
    return ""
