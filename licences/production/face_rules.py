"""Words on a face that follow from values, and the metadata of GB/T 36903."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from licences.data_items import DataItem
from zezhou_portal.parties.identity_numbers import read_identity
from zezhou_portal.parties.models import HEAD_OF_TRADER, HolderKind

# Elements of GB/T 36903 by their names; an element may hold several values.
Metadata = Mapping[str, str | list[str]]

# Names of the identity types as the metadata element 持证主体代码类型 spells them.
_TYPE_NAMES = {"001": "统一社会信用代码", "111": "公民身份号码"}
_LABELS = (
    ("个体", HEAD_OF_TRADER),
    ("个人独资", "投资人"),
    ("合伙", "执行事务合伙人"),
    ("分公司", "负责人"),
    ("分支机构", "负责人"),
    ("合作社", "法定代表人"),
)


def representative_label(values: Mapping[str, str], holder_kinds: Iterable[str] = ()) -> str:
    """法定代表人, 负责人, 经营者 or 投资人: by the kind of holder, then by the entity type."""
    if HolderKind.SOLE_TRADER.value in holder_kinds:
        return HEAD_OF_TRADER
    entity = values.get("entity_type", "")
    return next((label for word, label in _LABELS if word in entity), "法定代表人")


def seal_misfit(layout: Mapping[str, Any], name: str, width: int, height: int) -> str:
    """Why a seal may not be put on a face, as a sentence; empty where it fits.

    A seal is printed at its own size, never scaled: the place's diameter must equal the seal's,
    in millimetres (GB/T 9704; design of faces, 8). A face without a place takes no seal.
    """
    places = [box["diameter"] for box in layout["boxes"] if box["kind"] == "seal"]
    if not places:
        return "照面上没有留印章的位置，不能签章。请目录编制人改照面。"
    for diameter in places:
        if (width, height) != (diameter, diameter):
            return (
                f"照面上印章的位置是直径 {diameter} 毫米，“{name}”是 {width}×{height} 毫米。"
                "印章不能缩放，所以不能签章。请目录编制人改照面，或者换用大小相符的印章。"
            )
    return ""


def metadata(
    frozen: Mapping[str, Any],
    holders: Sequence[Mapping[str, str]],
    identifier: str,
    items: Sequence[DataItem],
    values: Mapping[str, str],
) -> dict[str, str | list[str]]:
    """The metadata elements by their short names; extension elements carry KZ_ (GB/T 36903).

    Days are written YYYYMMDD; no last day is written 99991231 beside an empty KZ element, as
    platforms expect (practice varies, ours). An identity number is two elements, as the standard's
    own holder is: the number alone, and under _TYPE the code of its type.
    """
    basic: dict[str, str | list[str]] = {
        "ZZMC": frozen["kind_name"],
        "ZZLXDM": frozen["type_code"],
        "ZZBH": frozen["number"],
        "ZZBS": identifier,
        "ZZBFJG": frozen["issuer"],
        "ZZBFJGDM": frozen["issuer_code"],
        "ZZBFRQ": _compact(frozen["issued_on"]),
        "CZZT": [holder["name"] for holder in holders],
        "CZZTDM": [holder["number"] for holder in holders],
        "CZZTDMLX": [_TYPE_NAMES.get(holder["type"], holder["type"]) for holder in holders],
        "CZZTDMLXDM": [holder["type"] for holder in holders],
        "ZZYXQQSRQ": _compact(frozen["valid_from"]),
        "ZZYXQJZRQ": _compact(frozen["valid_until"]) or "99991231",
    }
    for item in items:
        text = values.get(item.key, "")
        if item.kind == "image" or not text:
            continue
        name = f"KZ_{item.key.upper()}"
        if item.kind == "identity_number":
            identity = read_identity(text)
            text, basic[f"{name}_TYPE"] = identity.number, identity.type
        basic[name] = text
    return basic


def _compact(day: str | None) -> str:
    return day.replace("-", "") if day else ""
